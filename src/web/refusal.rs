//! What is said where no page can be drawn: the status in words, and the reference of the request in the access log.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{access_log, cache_policy::CachePolicy, security_headers::Security};
use crate::crypto;

pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Refusal {
    #[must_use]
    pub(crate) fn new(status: StatusCode, security: Security) -> Self {
        let reference = crypto::reference();
        access_log::write_refusal(status, &reference);
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        CachePolicy::NoStore.add_to(&mut headers);
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        security.add_to(&mut headers);
        let reason = status.canonical_reason().unwrap_or_default();
        Self { status, headers, text: format!("{reason}\nReference of the request: {reference}\n") }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.text));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }
}
