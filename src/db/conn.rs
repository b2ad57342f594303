//! The handle that every reading function of the model takes: the pool of readers, or the inside of a
//! write transaction. Only this folder names the engines.

use std::time::Instant;

use sqlx::{
    Sqlite, SqliteConnection,
    sqlite::{SqliteArguments, SqliteRow},
};
use tokio::sync::Mutex;

use super::{
    args::{Args, BoundArgs},
    postgres::{readers::PostgresReaders, transaction::PostgresTransaction},
    row::{Row, Rows},
    sqlite_readers::SqliteReaders,
    statement_time::READS,
    writer::WriterConnection,
};

/// A place to read from. Statements are static texts with `$1` parameters.
pub struct Conn(pub(super) Inner);

pub(super) enum Inner {
    Pool(SqliteReaders),
    // One statement at a time: the lock is never contended, it only lends the connection out.
    Transaction(Mutex<WriterConnection>),
    Postgres(PostgresReaders),
    PostgresTransaction(Mutex<PostgresTransaction>),
}

/// How many rows are asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    All,
    /// The first one; SQLite need not look for more.
    First,
}

impl Conn {
    pub(crate) async fn all<T: Row>(&self, sql: &'static str, args: impl Args) -> sqlx::Result<Vec<T>> {
        Box::pin(self.fetch(sql, self.bind(args)?, Wanted::All)).await?.decode()
    }

    pub(crate) async fn optional<T: Row>(&self, sql: &'static str, args: impl Args) -> sqlx::Result<Option<T>> {
        Box::pin(self.fetch(sql, self.bind(args)?, Wanted::First)).await?.decode_first()
    }

    /// The one row that must be there.
    pub(crate) async fn one<T: Row>(&self, sql: &'static str, args: impl Args) -> sqlx::Result<T> {
        self.optional(sql, args).await?.ok_or(sqlx::Error::RowNotFound)
    }

    /// The first column of the one row that must be there: a count, an id.
    pub async fn value<T>(&self, sql: &'static str, args: impl Args) -> sqlx::Result<T>
    where
        (T,): Row,
    {
        Ok(self.one::<(T,)>(sql, args).await?.0)
    }

    /// The arguments as the engine takes them.
    pub(super) fn bind(&self, args: impl Args) -> sqlx::Result<BoundArgs> {
        Ok(match self.0 {
            Inner::Pool(_) | Inner::Transaction(_) => BoundArgs::Sqlite(args.for_sqlite()?),
            Inner::Postgres(_) | Inner::PostgresTransaction(_) => BoundArgs::Postgres(args.for_postgres()?),
        })
    }

    /// Knows no type of row, so that the program has it once and not once for each statement. Callers box it, since each of
    /// their own futures would be as large as this one.
    async fn fetch(&self, sql: &'static str, args: BoundArgs, wanted: Wanted) -> sqlx::Result<Rows> {
        let begun = Instant::now();
        let rows = self.fetch_rows(sql, args, wanted).await;
        READS.add_since(begun);
        rows
    }

    async fn fetch_rows(&self, sql: &'static str, args: BoundArgs, wanted: Wanted) -> sqlx::Result<Rows> {
        Ok(match (&self.0, args) {
            (Inner::Pool(readers), BoundArgs::Sqlite(args)) => {
                let mut reader = readers.pool.acquire().await?;
                let result = fetch_sqlite(&mut reader, sql, args, wanted).await;
                readers.give_back(reader, result.as_ref().err());
                Rows::Sqlite(result?)
            }
            (Inner::Transaction(lent), BoundArgs::Sqlite(args)) => {
                let mut lent = lent.lock().await;
                let result = fetch_sqlite(lent.connection()?, sql, args, wanted).await;
                Rows::Sqlite(lent.inspect(result)?)
            }
            // PostgreSQL sends all rows in any case.
            (Inner::Postgres(readers), BoundArgs::Postgres(args)) => Rows::Postgres(readers.all(sql, args).await?),
            (Inner::PostgresTransaction(transaction), BoundArgs::Postgres(args)) => {
                Rows::Postgres(transaction.lock().await.all(sql, args).await?)
            }
            _ => return Err(sqlx::Error::PoolClosed),
        })
    }
}

async fn fetch_sqlite(
    connection: &mut SqliteConnection,
    sql: &'static str,
    args: SqliteArguments,
    wanted: Wanted,
) -> sqlx::Result<Vec<SqliteRow>> {
    let query = sqlx::query_with::<Sqlite, _>(sql, args);
    match wanted {
        Wanted::All => query.fetch_all(connection).await,
        Wanted::First => Ok(query.fetch_optional(connection).await?.into_iter().collect()),
    }
}
