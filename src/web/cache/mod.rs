//! Whole responses cached in memory in front of everything else. Knows no route and no content: only that a response
//! made under an older site version is stale.

pub mod answer;
pub mod cache_result;
pub mod cached_response;
pub mod cached_router;
pub mod counters;
pub mod encoded_body;
pub mod encoding;
pub mod making;
pub mod range;
pub mod response_cache;
pub mod single_flight;
