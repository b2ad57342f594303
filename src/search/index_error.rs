//! Failures of an index.

use crate::error::Error;

/// A failure of the index as ours.
pub(crate) fn index_error(error: impl std::fmt::Display) -> Error {
    Error::internal("search index", error)
}
