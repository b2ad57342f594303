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
    /// Whether it also answers a request that `asks` for something special: with a query, a condition, or without
    /// accepting the identity encoding. Where nothing is found, none of this changes that; a redirect keeps the query.
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
