//! Brings a database to the form this program knows, the same way as sqlx-cli does, and refuses one that is newer.

use sqlx::{Connection, migrate::MigrateError};

use super::{
    migration_error::MigrationError,
    migrator::{MIGRATOR, is_complete},
    pool::{Db, Engine},
    postgres,
    sqlite::SqliteDb,
};

/// Applies what is missing, all or nothing; a second run does nothing. When two processes come at once, one waits.
/// Errors: see [`MigrationError`]; nothing is changed then.
pub(crate) async fn run(db: &Db) -> Result<(), MigrationError> {
    match db.engine() {
        Engine::Sqlite(db) => run_on_file(db).await,
        Engine::Postgres(db) => postgres::migrations::run(&db.address).await,
    }
}

async fn run_on_file(db: &SqliteDb) -> Result<(), MigrationError> {
    let mut lent = db.writer.lend().await.map_err(MigrationError::Failed)?;
    let connection = lent.connection().map_err(MigrateError::from)?;
    if is_complete(connection, &MIGRATOR).await {
        MIGRATOR.run_direct(None, connection, false).await?;
    } else {
        let mut transaction = connection.begin_with("begin immediate").await.map_err(MigrateError::from)?;
        MIGRATOR.run_direct(None, &mut *transaction, false).await?;
        transaction.commit().await.map_err(MigrateError::from)?;
    }
    lent.give_back();
    Ok(())
}
