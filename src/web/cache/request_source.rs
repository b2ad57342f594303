//! Where a request comes from whose response may be cached. Limits count it, and nothing else sees it.

use std::net::SocketAddr;

use axum::http::HeaderValue;

#[derive(Debug, Default)]
pub struct RequestSource {
    pub(crate) peer: Option<SocketAddr>,
    /// The fields that say for whom a proxy forwards.
    pub(crate) forwarded_for: Vec<HeaderValue>,
}
