//! The read-only API for programs, `/api/v1/`: what visitors may read, as JSON. Kept by the page cache like pages. What it
//! offers is said once more in `openapi.rs`; knows no HTML.

pub(crate) mod document;
pub(crate) mod documents;
mod fields;
mod listed;
pub(crate) mod openapi;
pub(crate) mod search;
pub(crate) mod version;

use axum::{
    Extension,
    http::header,
    response::{IntoResponse, Response},
};
use serde_json::Value;

use crate::web::{cache::key_params::CacheKeyParams, cache_policy::CachePolicy};

/// An answer that the names of a query in `params` change.
fn answer(value: &Value, params: &'static [&'static str]) -> Response {
    let headers = [(header::CONTENT_TYPE, "application/json")];
    (CachePolicy::Page, Extension(CacheKeyParams(params)), headers, value.to_string()).into_response()
}
