//! Paths: whether one is below another, and the parameters of a route, by a type of its own or without. A parameter that does
//! not fit means a path that does not exist: 404, never 400.

use axum::{
    extract::{FromRequestParts, Path as Raw, rejection::PathRejection},
    http::request::Parts,
};
use serde::de::DeserializeOwned;

use crate::error::Error;

/// The type of a route: its path, and what a handler gets of it.
macro_rules! typed_path {
    ($path:literal $name:ident) => {
        #[derive(Debug, Clone, ::serde::Deserialize, ::axum_extra::routing::TypedPath)]
        #[typed_path($path)]
        pub(crate) struct $name;
    };
    ($path:literal $name:ident { $($field:ident: $type:ty),+ }) => {
        #[derive(Debug, Clone, ::serde::Deserialize, ::axum_extra::routing::TypedPath)]
        #[typed_path($path, rejection($crate::error::Error))]
        pub(crate) struct $name {
            $(pub(crate) $field: $type),+
        }
    };
}
pub(crate) use typed_path;

/// The parameters of the route, for example `Path(id): Path<i64>`.
#[derive(Debug)]
pub(crate) struct Path<T>(pub(crate) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let Raw(value) = Raw::from_request_parts(parts, state).await?;
        Ok(Self(value))
    }
}

impl From<PathRejection> for Error {
    fn from(_: PathRejection) -> Self {
        Self::NotFound
    }
}

/// Whether a path is `base` or below it: `/admin/pages` below `/admin`, but not `/administration`.
#[must_use]
pub(crate) fn is_at_or_below(path: &str, base: &str) -> bool {
    path.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
