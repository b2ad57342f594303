//! The migrations that this program brings, and how to tell that a database was begun by them.

use sqlx::{SqliteConnection, migrate::Migrator};

/// Where it is kept which migrations were applied, as sqlx-cli has it.
pub(super) const TABLE: &str = "_sqlx_migrations";

pub(super) static MIGRATOR: Migrator = sqlx::migrate!();

/// Whether a database was begun by our migrations, be it by sqlx-cli.
pub(super) async fn are_ours(connection: &mut SqliteConnection) -> sqlx::Result<bool> {
    let (tables,): (i64,) =
        sqlx::query_as("select count(*) from sqlite_master where type = 'table' and name = '_sqlx_migrations'")
            .fetch_one(&mut *connection)
            .await?;
    if tables == 0 {
        return Ok(false);
    }
    let applied: Vec<(i64,)> = sqlx::query_as("select version from _sqlx_migrations").fetch_all(connection).await?;
    Ok(applied.iter().any(|(version,)| MIGRATOR.version_exists(*version)))
}

/// Version and description of each migration that this program brings.
pub fn known() -> impl Iterator<Item = (i64, &'static str)> {
    MIGRATOR.iter().map(|migration| (migration.version, &*migration.description))
}
