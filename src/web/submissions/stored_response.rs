//! A response that can be sent again.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::{seal, sent::Hash};

/// A response that can be sent again, or what is known of one that was too large to be kept.
#[derive(Debug)]
pub(crate) struct StoredResponse {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    /// None when it was too large.
    pub(super) body: Option<Bytes>,
    pub(crate) note: String,
}

impl StoredResponse {
    /// Whether it can be sent again. If not, it has to be made again, without repeating the change.
    #[must_use]
    pub(crate) const fn is_whole(&self) -> bool {
        self.body.is_some()
    }

    #[must_use]
    pub(crate) fn is_redirect(&self) -> bool {
        self.status.is_redirection()
    }
}

impl IntoResponse for &StoredResponse {
    fn into_response(self) -> Response {
        let mut response = Response::new(self.body.clone().map_or_else(Body::empty, Body::from));
        *response.status_mut() = self.status;
        response.headers_mut().clone_from(&self.headers);
        response
    }
}

/// A response in the form in which it is given to other nodes.
#[derive(Serialize, Deserialize)]
struct Sent {
    status: u16,
    headers: Vec<(String, String)>,
    body: Option<String>,
    note: String,
}

impl StoredResponse {
    /// For other nodes, encrypted: it may hold what is shown once. A body that is no text is left out.
    #[must_use]
    pub(crate) fn seal(&self, secret: &Hash) -> String {
        let text = |value: &HeaderValue| value.to_str().ok().map(str::to_owned);
        let headers = self.headers.iter().filter_map(|(name, value)| Some((name.to_string(), text(value)?)));
        let body = self.body.as_ref().and_then(|body| String::from_utf8(body.to_vec()).ok());
        let sent = Sent { status: self.status.as_u16(), headers: headers.collect(), body, note: self.note.clone() };
        seal::seal(secret, serde_json::to_vec(&sent).unwrap_or_default()).unwrap_or_default()
    }

    /// What another node has stored; none when it cannot be understood.
    #[must_use]
    pub(crate) fn open(sealed: &str, secret: &Hash) -> Option<Self> {
        let sent: Sent = serde_json::from_slice(&seal::open(secret, sealed)?).ok()?;
        let mut headers = HeaderMap::new();
        for (name, value) in sent.headers {
            headers.append(HeaderName::try_from(name).ok()?, HeaderValue::try_from(value).ok()?);
        }
        let status = StatusCode::from_u16(sent.status).ok()?;
        Some(Self { status, headers, body: sent.body.map(Bytes::from), note: sent.note })
    }
}
