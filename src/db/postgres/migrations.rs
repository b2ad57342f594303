//! Brings a database of a server up to date.

use std::time::Duration;

use sqlx::{
    ConnectOptions, Connection, PgConnection,
    migrate::{Migrate, MigrateError},
};
use tokio::time::timeout;

use super::address::ServerAddress;
use crate::db::{
    migration_error::MigrationError,
    migrator::{self, POSTGRES, is_complete},
};

/// How long another process may be at it.
const LOCK: Duration = Duration::from_mins(1);

/// Waits for the write transactions of other nodes, and never long for a table that is being read, since whatever reads it
/// afterwards would wait behind. The number is that of the lock of write transactions.
const ALONE: &str = "set local lock_timeout = '5s'; select pg_advisory_xact_lock(88426555536488)";

/// Applies what is missing, all or nothing, on a connection of its own.
/// Errors: see [`MigrationError`]; nothing is changed then.
pub(in crate::db) async fn run(address: &ServerAddress) -> Result<(), MigrationError> {
    let mut connection = address.direct.connect().await.map_err(MigrateError::from)?;
    if !is_complete(&mut connection, &POSTGRES).await {
        // The lock that sqlx-cli takes, too. It is given back with the connection, however this ends.
        timeout(LOCK, connection.lock()).await.map_err(|_| MigrationError::Locked)??;
        apply(&mut connection).await?;
        connection.unlock().await?;
    }
    migrator::check(&mut connection, &POSTGRES).await?;
    connection.close().await.map_err(MigrateError::from)?;
    Ok(())
}

async fn apply(connection: &mut PgConnection) -> Result<(), MigrationError> {
    let mut transaction = connection.begin().await.map_err(MigrateError::from)?;
    sqlx::raw_sql(ALONE).execute(&mut *transaction).await.map_err(MigrateError::from)?;
    POSTGRES.run_direct(None, &mut *transaction, false).await?;
    transaction.commit().await.map_err(MigrateError::from)?;
    Ok(())
}
