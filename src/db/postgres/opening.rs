//! Before a database of a server is used: refuses one that is another program's, or that cannot be what ours has to be.

use std::time::Duration;

use sqlx::{Connection, PgConnection, postgres::PgConnectOptions};

use super::{address::ServerAddress, answer, connections::Connections, readers::PostgresReaders};
use crate::db::{
    migration_error::MigrationError,
    migrator::{self, POSTGRES},
    opening::{OTHERS_MIGRATIONS, OpenError},
    read_error::ReadError,
};

/// How long looking at a database may take.
pub(super) const LOOK: Duration = Duration::from_secs(20);
/// The oldest server that knows all statements, as it gives its number.
const OLDEST: i32 = 130_000;

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
    let applied = list_applied(connection).await?;
    must_be_alone(connection).await?;
    if are_ours(&applied) {
        return Ok(());
    }
    let table: Option<(String,)> = sqlx::query_as(
        "select cast(tablename as text) from pg_tables where schemaname = current_schema() \
         and tablename <> '_sqlx_migrations' order by tablename limit 1",
    )
    .fetch_optional(connection)
    .await?;
    if let Some((name,)) = table {
        return Err(OpenError::Foreign(format!("it has a table “{name}” and no migrations of Plinth")));
    }
    if applied.is_empty() { Ok(()) } else { Err(OpenError::Foreign(OTHERS_MIGRATIONS.to_owned())) }
}

/// Refuses a schema beside that of another site, which is told by some of its tables: their nodes would take each other's lock, and count each other.
async fn must_be_alone(connection: &mut PgConnection) -> Result<(), OpenError> {
    let other: Option<(String,)> = sqlx::query_as(
        "select cast(t.schemaname as text) from pg_tables t where t.schemaname <> current_schema() \
         and t.tablename in ('_sqlx_migrations', 'audit_log', 'publication', 'revision', 'write_check') \
         group by t.schemaname having count(*) = 5 order by t.schemaname limit 1",
    )
    .fetch_optional(connection)
    .await?;
    other.map_or(Ok(()), |(schema,)| {
        Err(unfit(format!("another site is in its schema {schema}; give each site a database of its own")))
    })
}

/// Whether our migrations began it, be it by sqlx-cli.
pub(super) async fn is_begun(connection: &mut PgConnection) -> sqlx::Result<bool> {
    Ok(are_ours(&list_applied(connection).await?))
}

fn are_ours(applied: &[i64]) -> bool {
    applied.iter().any(|version| POSTGRES.version_exists(*version))
}

/// The numbers of the migrations that were applied in our schema, ours or those of another program. What else is on the search
/// path may be another program's.
async fn list_applied(connection: &mut PgConnection) -> sqlx::Result<Vec<i64>> {
    let (known,): (bool,) =
        sqlx::query_as("select to_regclass(quote_ident(current_schema()) || '._sqlx_migrations') is not null")
            .fetch_one(&mut *connection)
            .await?;
    if !known {
        return Ok(Vec::new());
    }
    let applied: Vec<(i64,)> = sqlx::query_as("select version from _sqlx_migrations").fetch_all(connection).await?;
    Ok(applied.into_iter().map(|(version,)| version).collect())
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
    let mut connection = answer::connect(&address.direct).await.map_err(OpenError::from)?;
    let looked = async {
        is_fit(&mut connection).await?;
        must_be_ours(&mut connection).await?;
        if !is_begun(&mut connection).await.map_err(OpenError::from)? {
            return Err(MigrationError::Older.into());
        }
        migrator::check(&mut connection, &POSTGRES).await?;
        connection.close().await.map_err(OpenError::from)?;
        Ok::<_, ReadError>(())
    };
    answer::while_there(&address.direct, LOOK, looked).await.map_err(OpenError::from)??;
    // In transactions that only read.
    Ok(PostgresReaders { connections: Connections::new(1, address.direct.clone()), keeps_statements: false })
}

/// Whether nothing is in a database yet that can be served.
pub(in crate::db) async fn is_blank(address: &ServerAddress) -> Result<bool, OpenError> {
    let looked = async {
        let mut connection = answer::connect(&address.direct).await?;
        inspect(&mut connection).await?;
        let is_blank = !is_begun(&mut connection).await?;
        connection.close().await?;
        Ok(is_blank)
    };
    answer::within(LOOK, looked).await?
}

/// Whether two addresses are of one database.
pub(in crate::db) async fn is_same(one: &ServerAddress, other: &ServerAddress) -> sqlx::Result<bool> {
    lead_to_one(&one.direct, &other.direct).await
}

/// Refuses a direct address that leads elsewhere than the usual one.
pub(super) async fn must_lead_to_one(address: &ServerAddress) -> Result<(), OpenError> {
    if lead_to_one(&address.direct, &address.usual).await? {
        return Ok(());
    }
    Err(unfit("PLINTH_DATABASE_DIRECT_URL leads to another database; it must be another way to the same one"))
}

/// What is locked on one connection is locked for the other if both are to one database. The other one may go through a pooler.
async fn lead_to_one(one: &PgConnectOptions, other: &PgConnectOptions) -> sqlx::Result<bool> {
    let looked = async {
        let (mut one, mut other) = (answer::connect(one).await?, answer::connect(other).await?);
        let (lock,): (i64,) =
            sqlx::query_as("select cast(random() * 4611686018427387904 as bigint)").fetch_one(&mut one).await?;
        let (held,): (bool,) = sqlx::query_as("select pg_try_advisory_lock($1)").bind(lock).fetch_one(&mut one).await?;
        let asked = sqlx::query_as("select pg_try_advisory_xact_lock($1)").bind(lock).persistent(false);
        let (is_free,): (bool,) = asked.fetch_one(&mut other).await?;
        one.close().await?;
        other.close().await?;
        Ok(held && !is_free)
    };
    answer::within(LOOK, looked).await.flatten()
}
