//! What becomes of a response that may be cached.

use std::sync::Arc;

use axum::{http::StatusCode, response::Response};

use super::cached_response::CachedResponse;

pub enum CacheResult {
    /// To be cached; answer from it.
    Cached(Arc<CachedResponse>),
    /// Not to be cached: the answer to a GET.
    Uncacheable(Response),
}

impl CacheResult {
    /// Whether it is the answer also to a request that asks for something of its own: that has a query, a condition, or
    /// takes no body as it is. Where there is nothing to show, nothing of this changes that; a redirect takes the query
    /// along.
    #[must_use]
    pub(crate) fn answers(&self, asks: bool) -> bool {
        match self {
            Self::Cached(_) => true,
            Self::Uncacheable(response) => {
                !asks || !(response.status() == StatusCode::OK || response.status().is_redirection())
            }
        }
    }
}
