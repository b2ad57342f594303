//! The migrations that this program brings, and how to tell that a database was begun by them.

use sqlx::{
    SqliteConnection,
    migrate::{Migrate, Migrator},
};

use super::migration_error::MigrationError;

/// Where it is kept which migrations were applied, as sqlx-cli has it.
pub(super) const TABLE: &str = "_sqlx_migrations";

pub(super) static MIGRATOR: Migrator = sqlx::migrate!();

/// For PostgreSQL: the same under the same numbers.
pub(super) static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// Whether nothing is missing, so that nothing need be written.
pub(super) async fn is_complete(connection: &mut impl Migrate, migrator: &Migrator) -> bool {
    connection.list_applied_migrations(TABLE).await.is_ok_and(|applied| applied.len() >= migrator.iter().count())
}

/// Whether a database is in the form that this program knows, without changing it.
pub(super) async fn check(connection: &mut impl Migrate, migrator: &Migrator) -> Result<(), MigrationError> {
    let applied = connection.list_applied_migrations(TABLE).await.map_err(|_| MigrationError::Older)?;
    for one in &applied {
        match migrator.iter().find(|known| known.version == one.version) {
            None => return Err(MigrationError::Newer(one.version)),
            Some(known) if known.checksum != one.checksum => return Err(MigrationError::Changed(one.version)),
            Some(_) => {}
        }
    }
    if applied.len() < migrator.iter().count() { Err(MigrationError::Older) } else { Ok(()) }
}

/// The numbers of the migrations that were applied, ours or those of another program.
pub(super) async fn list_applied(connection: &mut SqliteConnection) -> sqlx::Result<Vec<i64>> {
    let (tables,): (i64,) =
        sqlx::query_as("select count(*) from sqlite_master where type = 'table' and name = '_sqlx_migrations'")
            .fetch_one(&mut *connection)
            .await?;
    if tables == 0 {
        return Ok(Vec::new());
    }
    let applied: Vec<(i64,)> = sqlx::query_as("select version from _sqlx_migrations").fetch_all(connection).await?;
    Ok(applied.into_iter().map(|(version,)| version).collect())
}

/// Whether these migrations began a database of ours, be it by sqlx-cli.
pub(super) fn are_ours(applied: &[i64]) -> bool {
    applied.iter().any(|version| MIGRATOR.version_exists(*version))
}

/// Version and description of each migration that this program brings.
pub fn list() -> impl Iterator<Item = (i64, &'static str)> {
    MIGRATOR.iter().map(|migration| (migration.version, &*migration.description))
}

/// The version of the newest migration that this program brings.
pub(crate) fn newest() -> i64 {
    MIGRATOR.iter().map(|migration| migration.version).max().unwrap_or_default()
}

/// Whether this program brings all these migrations, whose numbers have commas between. One that it does not know may have an older number: it was begun
/// before ours and released after.
pub(super) fn knows_all(applied: &str) -> bool {
    let known = |number: &str| number.parse().is_ok_and(|version| POSTGRES.version_exists(version));
    applied.split(',').filter(|number| !number.is_empty()).all(known)
}
