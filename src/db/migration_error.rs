//! Why a database could not be brought up to date, in sentences.

use sqlx::migrate::MigrateError;

use crate::error::Error;

/// Why a database could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MigrationError {
    /// Someone ran a newer program on it.
    #[error(
        "the database is newer than this program: it has migration {0}, which this version does not know. \
         Start the newer version, or restore a backup made before the upgrade"
    )]
    Newer(i64),
    /// A migration file that was applied has been edited since.
    #[error(
        "migration {0} was changed after it was applied to this database; restore the migration file as it was released"
    )]
    Changed(i64),
    /// It has not been brought up to date, and was opened for reading only.
    #[error("it was made by an older version of this program; nothing in it was changed. Run `plinth migrate` first")]
    Older,
    /// Someone else is at it.
    #[error(
        "another process has been bringing it up to date for a minute and is not done; nothing in it was changed. Wait for \
         that process, or end it, and start again"
    )]
    Locked,
    /// The server went away in the middle.
    #[error(
        "the connection to the database server was lost while it was being brought up to date. Either all of that was done \
         or nothing; start again when the server is back"
    )]
    Lost,
    #[error("the migration failed: {}", .0.for_terminal())]
    Failed(Error),
}

impl From<MigrateError> for MigrationError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::VersionMissing(version) => Self::Newer(version),
            MigrateError::VersionMismatch(version) => Self::Changed(version),
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => Self::Failed(error.into()),
            other => Self::Failed(Error::Internal(other.to_string())),
        }
    }
}
