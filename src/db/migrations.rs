//! Brings a database to the form this program knows, the same way as sqlx-cli does, and refuses one that is newer.

use sqlx::{
    Connection, SqliteConnection,
    migrate::{Migrate, MigrateError},
};

use super::{
    migrator::{MIGRATOR, TABLE},
    pool::Db,
};
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
    #[error("the migration failed: {0}")]
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

/// Applies what is missing, all or nothing; a second run does nothing. When two processes come at once, one waits.
/// Errors: see [`MigrationError`]; nothing is changed then.
pub(crate) async fn run(db: &Db) -> Result<(), MigrationError> {
    let mut lent = db.writer().lend().await.map_err(MigrationError::Failed)?;
    let connection = lent.connection().map_err(MigrateError::from)?;
    if is_complete(connection).await {
        MIGRATOR.run_direct(None, connection, false).await?;
    } else {
        let mut transaction = connection.begin_with("begin immediate").await.map_err(MigrateError::from)?;
        MIGRATOR.run_direct(None, &mut *transaction, false).await?;
        transaction.commit().await.map_err(MigrateError::from)?;
    }
    lent.give_back();
    Ok(())
}

/// Whether a database is in the form that this program knows, without changing it.
pub(super) async fn check(connection: &mut SqliteConnection) -> Result<(), MigrationError> {
    let applied = connection.list_applied_migrations(TABLE).await.map_err(|_| MigrationError::Older)?;
    for one in &applied {
        match MIGRATOR.iter().find(|known| known.version == one.version) {
            None => return Err(MigrationError::Newer(one.version)),
            Some(known) if known.checksum != one.checksum => return Err(MigrationError::Changed(one.version)),
            Some(_) => {}
        }
    }
    if applied.len() < MIGRATOR.iter().count() { Err(MigrationError::Older) } else { Ok(()) }
}

/// Whether nothing is missing, so that nothing need be written.
async fn is_complete(connection: &mut SqliteConnection) -> bool {
    connection.list_applied_migrations(TABLE).await.is_ok_and(|applied| applied.len() >= MIGRATOR.iter().count())
}
