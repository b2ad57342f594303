//! Before a database of a server is used: refuses one that is another program's, or that cannot be what ours has to be.

use std::time::Duration;

use sqlx::{ConnectOptions, Connection, PgConnection, postgres::PgPoolOptions};

use super::{address::ServerAddress, readers::PostgresReaders};
use crate::db::{
    migrator::{self, POSTGRES},
    opening::OpenError,
    read_error::ReadError,
};

/// The oldest server that knows all statements, as it gives its number.
const OLDEST: i32 = 130_000;
/// How long a command that only looks waits for its connection.
const ACQUIRE: Duration = Duration::from_secs(10);

/// Refuses a database that cannot be served, without changing anything in it.
pub(super) async fn inspect(connection: &mut PgConnection) -> Result<(), OpenError> {
    is_fit(connection).await?;
    must_be_ours(connection).await?;
    if is_read_only(connection).await? {
        return Err(unfit(
            "it is a copy that can only be read, a standby; give the address of the server that is written to",
        ));
    }
    may_be_written(connection).await
}

fn unfit(why: impl Into<String>) -> OpenError {
    OpenError::Unfit(why.into())
}

async fn is_fit(connection: &mut PgConnection) -> Result<(), OpenError> {
    let (number, version, encoding): (i32, String, String) = sqlx::query_as(
        "select cast(current_setting('server_version_num') as integer), current_setting('server_version'), \
         current_setting('server_encoding')",
    )
    .fetch_one(connection)
    .await?;
    if number < OLDEST {
        return Err(unfit(format!("PostgreSQL {version} is too old; it must be 13 or newer")));
    }
    if encoding != "UTF8" {
        return Err(unfit(format!("its encoding is {encoding}; make it with the encoding UTF8")));
    }
    Ok(())
}

async fn is_read_only(connection: &mut PgConnection) -> sqlx::Result<bool> {
    let (read_only,): (bool,) =
        sqlx::query_as("select pg_is_in_recovery() or current_setting('transaction_read_only') = 'on'")
            .fetch_one(connection)
            .await?;
    Ok(read_only)
}

/// Refuses a database that is neither empty nor ours.
pub(super) async fn must_be_ours(connection: &mut PgConnection) -> Result<(), OpenError> {
    if is_begun(connection).await? {
        return Ok(());
    }
    let table: Option<(String,)> = sqlx::query_as(
        "select cast(tablename as text) from pg_tables where schemaname = current_schema() \
         and tablename <> '_sqlx_migrations' order by tablename limit 1",
    )
    .fetch_optional(connection)
    .await?;
    table.map_or(Ok(()), |(name,)| {
        Err(OpenError::Foreign(format!("it has a table “{name}” and no migrations of Plinth")))
    })
}

/// Whether our migrations began it, be it by sqlx-cli.
pub(super) async fn is_begun(connection: &mut PgConnection) -> sqlx::Result<bool> {
    let (known,): (bool,) =
        sqlx::query_as("select to_regclass('_sqlx_migrations') is not null").fetch_one(&mut *connection).await?;
    if !known {
        return Ok(false);
    }
    let applied: Vec<(i64,)> = sqlx::query_as("select version from _sqlx_migrations").fetch_all(connection).await?;
    Ok(applied.iter().any(|(version,)| POSTGRES.version_exists(*version)))
}

/// Refuses a user who may not do what the program does.
async fn may_be_written(connection: &mut PgConnection) -> Result<(), OpenError> {
    let (user, schema): (String, Option<String>) =
        sqlx::query_as("select cast(current_user as text), cast(current_schema() as text)")
            .fetch_one(&mut *connection)
            .await?;
    let Some(schema) = schema else {
        return Err(unfit(format!("the user {user} may use no schema in it; make {user} its owner")));
    };
    let (tables, creates): (i64, bool) = sqlx::query_as(
        "select (select count(*) from pg_tables where schemaname = current_schema()), \
         has_schema_privilege(current_schema(), 'create')",
    )
    .fetch_one(&mut *connection)
    .await?;
    if tables == 0 && !creates {
        return Err(unfit(format!(
            "the user {user} may not make tables in its schema {schema}; make {user} the owner of the database"
        )));
    }
    let closed: Option<(String,)> = sqlx::query_as(
        "select cast(c.relname as text) from pg_class c join pg_namespace n on n.oid = c.relnamespace \
         where n.nspname = current_schema() and c.relkind = 'r' and not (has_table_privilege(c.oid, 'select') \
         and has_table_privilege(c.oid, 'insert') and has_table_privilege(c.oid, 'update') \
         and has_table_privilege(c.oid, 'delete')) order by c.relname limit 1",
    )
    .fetch_optional(connection)
    .await?;
    closed.map_or(Ok(()), |(table,)| {
        Err(unfit(format!("the user {user} may not read and write its table “{table}”; make {user} the owner")))
    })
}

/// Opens a database to look at it; nothing in it is changed.
pub(in crate::db) async fn read_only(address: &ServerAddress) -> Result<PostgresReaders, ReadError> {
    let mut connection = address.direct.connect().await.map_err(OpenError::from)?;
    is_fit(&mut connection).await?;
    must_be_ours(&mut connection).await?;
    migrator::check(&mut connection, &POSTGRES).await?;
    connection.close().await.map_err(OpenError::from)?;
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(ACQUIRE)
        .after_connect(|connection, _| {
            Box::pin(async move {
                sqlx::raw_sql("set default_transaction_read_only = on").execute(connection).await.map(drop)
            })
        })
        .connect_lazy_with(address.direct.clone());
    Ok(PostgresReaders { pool, keeps_statements: true })
}
