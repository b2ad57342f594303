//! Brings a database to the form this program knows, the same way as sqlx-cli does, and refuses one that is newer.

use sqlx::migrate::{MigrateError, Migrator};

use super::pool::Db;

static MIGRATOR: Migrator = sqlx::migrate!();

/// Why a database could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// Somebody ran a newer program on it.
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
    /// Anything else.
    #[error("the migration failed: {0}")]
    Failed(MigrateError),
}

impl From<MigrateError> for Fault {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::VersionMissing(version) => Self::Newer(version),
            MigrateError::VersionMismatch(version) => Self::Changed(version),
            other => Self::Failed(other),
        }
    }
}

/// Applies what is missing, each in a transaction of its own; a second run does nothing.
///
/// # Errors
/// See [`Fault`]; nothing is changed then beyond the migrations that had succeeded.
pub async fn run(db: &Db) -> Result<(), Fault> {
    Ok(MIGRATOR.run(db.writer()).await?)
}

/// Version and description of each migration that this program brings.
pub fn known() -> impl Iterator<Item = (i64, &'static str)> {
    MIGRATOR.iter().map(|migration| (migration.version, &*migration.description))
}
