//! Why a database cannot be looked at, as a clause that follows its name.

use super::{migration_error::MigrationError, opening::OpenError};

#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    #[error(transparent)]
    Open(#[from] OpenError),
    /// It is not in the form that this program knows.
    #[error(transparent)]
    Form(#[from] MigrationError),
}
