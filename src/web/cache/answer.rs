//! Answers from a cached response off the fast path: with conditions and ranges.

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, header};
use bytes::Bytes;
use http_body_util::Full;

use super::{
    cached_response::CachedResponse,
    encoded_body::EncodedBody,
    encoding::{Encoding, accept_encoding},
    range::{self, RequestedRange},
};
use crate::web::{
    cache_policy::CachePolicy,
    conditions::{self, Verdict},
};

impl CachedResponse {
    /// Answers a GET or HEAD with these headers; none when the client accepts no encoding that we have.
    #[must_use]
    pub(crate) fn answer(&self, method: &Method, asked: &HeaderMap) -> Option<Response<Full<Bytes>>> {
        let accepted = accept_encoding(asked);
        // A range is of the identity body; a client that does not accept that gets the whole body.
        let takes_identity = accepted.as_deref().is_none_or(Encoding::takes_identity);
        let range = asked.get(header::RANGE).filter(|_| method == Method::GET && takes_identity);
        let variant = if range.is_some() { &self.bodies.identity } else { self.bodies.prepare(accepted.as_deref())? };
        Some(match (conditions::judge(method, asked, Some(&variant.tag)), range) {
            (Verdict::Failed, _) => self.failed(),
            (Verdict::Unchanged, _) => self.not_modified(variant),
            (Verdict::Go, Some(range)) => self.part(asked, range),
            (Verdict::Go, None) => self.ok(variant, method == Method::HEAD),
        })
    }

    /// 412: the client has another version.
    fn failed(&self) -> Response<Full<Bytes>> {
        let mut headers = self.bodies.common.clone();
        headers.remove(header::ACCEPT_RANGES);
        CachePolicy::NoStore.add_to(&mut headers);
        put(&mut headers, header::CONTENT_TYPE, "text/plain; charset=utf-8");
        respond(StatusCode::PRECONDITION_FAILED, headers, Bytes::from_static(b"Precondition Failed\n"))
    }

    fn ok(&self, variant: &EncodedBody, is_head: bool) -> Response<Full<Bytes>> {
        let mut headers = variant.headers(&self.bodies.common);
        if is_head {
            headers.insert(header::CONTENT_LENGTH, variant.body.len().into());
            return respond(StatusCode::OK, headers, Bytes::new());
        }
        respond(StatusCode::OK, headers, variant.body.clone())
    }

    /// A range of the identity body, if the client has a part of the same version.
    fn part(&self, asked: &HeaderMap, range: &HeaderValue) -> Response<Full<Bytes>> {
        let identity = &self.bodies.identity;
        let mut headers = identity.headers(&self.bodies.common);
        let still = asked.get(header::IF_RANGE).is_none_or(|tag| *tag == identity.tag);
        let wanted = if still {
            range::parse(range.to_str().unwrap_or_default(), identity.body.len())
        } else {
            RequestedRange::Whole
        };
        let length = identity.body.len();
        match wanted {
            RequestedRange::Whole => respond(StatusCode::OK, headers, identity.body.clone()),
            RequestedRange::Part(range) => {
                let told = format!("bytes {}-{}/{length}", range.start, range.end - 1);
                put(&mut headers, header::CONTENT_RANGE, &told);
                respond(StatusCode::PARTIAL_CONTENT, headers, identity.body.slice(range))
            }
            RequestedRange::Unsatisfiable => {
                put(&mut headers, header::CONTENT_RANGE, &format!("bytes */{length}"));
                respond(StatusCode::RANGE_NOT_SATISFIABLE, headers, Bytes::new())
            }
        }
    }

    fn not_modified(&self, variant: &EncodedBody) -> Response<Full<Bytes>> {
        respond(StatusCode::NOT_MODIFIED, variant.not_modified_headers(&self.bodies.common), Bytes::new())
    }
}

/// Replaces a header; the values are our own and always fit.
fn put(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

fn respond(status: StatusCode, headers: HeaderMap, body: Bytes) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}
