//! Brings a database of a server up to date.

use std::time::Duration;

use sqlx::{
    Connection, PgConnection,
    migrate::{Migrate, MigrateError},
};
use tokio::time::timeout;

use super::{address::ServerAddress, answer, error::is_gone, opening};
use crate::db::{
    migration_error::MigrationError,
    migrator::{self, POSTGRES, is_complete},
};

/// How long another process may be at it.
const LOCK: Duration = Duration::from_mins(1);

/// Waits for the write transactions of other nodes, and never long for a table that is being read, since whatever reads it
/// afterwards would wait behind. The number is that of the lock of write transactions.
const ALONE: &str = "set local lock_timeout = '5s'; select pg_advisory_xact_lock(88426555536488)";

/// Applies what is missing, all or nothing, on a connection of its own, for as long as the server is there.
/// Errors: see [`MigrationError`]; nothing is changed then.
pub(in crate::db) async fn run(address: &ServerAddress) -> Result<(), MigrationError> {
    let mut connection = answer::connect(&address.direct).await.map_err(MigrateError::from)?;
    let done = answer::while_there(&address.direct, Duration::MAX, bring_up_to_date(&mut connection)).await;
    done.unwrap_or(Err(MigrationError::Lost))?;
    connection.close().await.map_err(MigrateError::from)?;
    Ok(())
}

async fn bring_up_to_date(connection: &mut PgConnection) -> Result<(), MigrationError> {
    let is_begun = opening::is_begun(connection).await.map_err(MigrateError::from)?;
    if !is_begun || !is_complete(connection, &POSTGRES).await {
        // The lock that sqlx-cli takes, too. It is given back with the connection, however this ends.
        timeout(LOCK, connection.lock()).await.map_err(|_| MigrationError::Locked)?.map_err(fault)?;
        apply(connection).await.map_err(fault)?;
        connection.unlock().await.map_err(fault)?;
    }
    migrator::check(connection, &POSTGRES).await
}

async fn apply(connection: &mut PgConnection) -> Result<(), MigrateError> {
    let mut transaction = connection.begin().await?;
    sqlx::raw_sql(ALONE).execute(&mut *transaction).await?;
    POSTGRES.run_direct(None, &mut *transaction, false).await?;
    Ok(transaction.commit().await?)
}

fn fault(error: MigrateError) -> MigrationError {
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) if is_gone(&error) => {
            MigrationError::Lost
        }
        other => other.into(),
    }
}
