//! Why a database cannot be looked at, as a clause that follows its name.

use super::{migration_error::MigrationError, opening::OpenError};

/// See the file's head.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    /// It cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// It is not in the form that this program knows.
    #[error(transparent)]
    Form(#[from] MigrationError),
}
