//! Whole responses cached in memory in front of everything else. Knows no route and no content: only that a response
//! made under an older site version is stale.

pub(crate) mod answer;
pub(crate) mod bodies;
pub mod cache_result;
pub(crate) mod cached_response;
pub mod cached_router;
pub(crate) mod compressible;
pub mod counters;
pub(crate) mod encoded_body;
pub(crate) mod encoding;
pub(crate) mod key_params;
pub(crate) mod making;
pub(crate) mod range;
pub(crate) mod request_source;
pub mod response_cache;
pub(crate) mod single_flight;
