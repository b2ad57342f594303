//! The handle that every reading function of the model takes: the pool of readers, or the inside of a
//! write transaction. Only this folder names the engines.

use sqlx::{Sqlite, SqlitePool, pool::PoolConnection};
use tokio::sync::Mutex;

use super::{
    args::Args,
    postgres::{readers::PostgresReaders, transaction::PostgresTransaction},
    row::Row,
    writer::{WriterConnection, breaks},
};

/// A place to read from. Statements are static texts with `$1` parameters.
pub struct Conn(pub(super) Inner);

pub(super) enum Inner {
    Pool(SqlitePool),
    // One statement at a time: the lock is never contended, it only lends the connection out.
    Transaction(Mutex<WriterConnection>),
    Postgres(PostgresReaders),
    PostgresTransaction(Mutex<PostgresTransaction>),
}

impl Conn {
    pub(crate) async fn all<T: Row>(&self, sql: &'static str, args: impl Args) -> sqlx::Result<Vec<T>> {
        match &self.0 {
            Inner::Pool(pool) => {
                let query = sqlx::query_as_with::<Sqlite, T, _>(sql, args.for_sqlite()?);
                let mut reader = pool.acquire().await?;
                let result = query.fetch_all(&mut *reader).await;
                return_reader(reader, result.as_ref().err());
                result
            }
            Inner::Transaction(lent) => {
                let query = sqlx::query_as_with::<Sqlite, T, _>(sql, args.for_sqlite()?);
                let mut lent = lent.lock().await;
                let result = query.fetch_all(lent.connection()?).await;
                lent.inspect(result)
            }
            Inner::Postgres(readers) => readers.all(sql, args.for_postgres()?).await,
            Inner::PostgresTransaction(transaction) => transaction.lock().await.all(sql, args.for_postgres()?).await,
        }
    }

    pub(crate) async fn optional<T: Row>(&self, sql: &'static str, args: impl Args) -> sqlx::Result<Option<T>> {
        match &self.0 {
            Inner::Pool(pool) => {
                let query = sqlx::query_as_with::<Sqlite, T, _>(sql, args.for_sqlite()?);
                let mut reader = pool.acquire().await?;
                let result = query.fetch_optional(&mut *reader).await;
                return_reader(reader, result.as_ref().err());
                result
            }
            Inner::Transaction(lent) => {
                let query = sqlx::query_as_with::<Sqlite, T, _>(sql, args.for_sqlite()?);
                let mut lent = lent.lock().await;
                let result = query.fetch_optional(lent.connection()?).await;
                lent.inspect(result)
            }
            // PostgreSQL sends all rows in any case.
            Inner::Postgres(_) | Inner::PostgresTransaction(_) => Ok(self.all(sql, args).await?.into_iter().next()),
        }
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
}

/// Gives a reader back, unless what it came to says that it may not be what it was: then the pool opens another one.
fn return_reader(mut reader: PoolConnection<Sqlite>, trouble: Option<&sqlx::Error>) {
    if trouble.is_some_and(breaks) {
        reader.close_on_drop();
    }
}
