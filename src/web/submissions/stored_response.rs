//! A response that can be sent again.

use axum::{
    body::Body,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use bytes::Bytes;

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
