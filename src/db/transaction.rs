//! The write transaction: the only place from which a statement can change anything.

use std::{ops::Deref, sync::Arc, time::Instant};

use sqlx::Sqlite;
use tokio::sync::Mutex;

use super::{
    args::{Args, BoundArgs},
    conn::{Conn, Inner},
    pool::{Db, Engine},
    postgres::transaction::PostgresTransaction,
    statement_time::{COMMITS, WRITES},
    writer::{Durability, Writer},
};
use crate::error::{Error, Result};

/// Open until `commit`; dropped without it, everything is undone.
pub struct Transaction {
    conn: Conn,
    /// Who keeps the connection of SQLite.
    writer: Option<Arc<Writer>>,
}

impl Transaction {
    /// Waits for the transactions before it, those of other processes too, and begins.
    /// `Storage` when the database cannot be written, `Lost` when it is not the one that was opened.
    pub async fn begin(db: &Db) -> Result<Self> {
        Self::begin_with(db, Durability::Full).await
    }

    /// The same, but its commit does not wait for the storage, so a loss of power may undo it; and on PostgreSQL it does not
    /// wait for other nodes. For what means nothing then, and does not depend on what it reads.
    pub(crate) async fn begin_relaxed(db: &Db) -> Result<Self> {
        Self::begin_with(db, Durability::Relaxed).await
    }

    async fn begin_with(db: &Db, durability: Durability) -> Result<Self> {
        let (inner, writer) = match db.engine() {
            Engine::Sqlite(db) => {
                (Inner::Transaction(Mutex::new(db.writer.begin(durability).await?)), Some(db.writer.clone()))
            }
            Engine::Postgres(db) => {
                let transaction = PostgresTransaction::begin(db, durability).await?;
                (Inner::PostgresTransaction(Mutex::new(transaction)), None)
            }
        };
        Ok(Self { conn: Conn(inner), writer })
    }

    pub async fn execute(&self, sql: &'static str, args: impl Args) -> sqlx::Result<u64> {
        let begun = Instant::now();
        let result = self.execute_bound(sql, self.conn.bind(args)?).await;
        WRITES.add_since(begun);
        result
    }

    async fn execute_bound(&self, sql: &'static str, args: BoundArgs) -> sqlx::Result<u64> {
        match (&self.conn.0, args) {
            (Inner::Transaction(lent), BoundArgs::Sqlite(args)) => {
                let query = sqlx::query_with::<Sqlite, _>(sql, args);
                let mut lent = lent.lock().await;
                let result = query.execute(lent.connection()?).await;
                Ok(lent.inspect(result)?.rows_affected())
            }
            (Inner::PostgresTransaction(transaction), BoundArgs::Postgres(args)) => {
                transaction.lock().await.execute(sql, args).await
            }
            _ => Err(sqlx::Error::PoolClosed),
        }
    }

    /// Makes it last. When this returns, the change survives a loss of power, unless it was begun by `begin_relaxed`.
    /// `Storage` when it cannot be made to last; then nothing was acknowledged, and the connection is not used again.
    pub async fn commit(self) -> Result<()> {
        let begun = Instant::now();
        let result = self.commit_now().await;
        COMMITS.add_since(begun);
        result
    }

    async fn commit_now(self) -> Result<()> {
        match (self.conn.0, self.writer) {
            (Inner::Transaction(lent), Some(writer)) => writer.commit(lent.into_inner()).await,
            (Inner::PostgresTransaction(transaction), _) => transaction.into_inner().commit().await,
            _ => Err(sqlx::Error::PoolClosed.into()),
        }
    }
}

impl Deref for Transaction {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        &self.conn
    }
}

/// Writes one row that means nothing, to see whether writing works.
/// `Storage` when it does not.
pub(crate) async fn check_writing(db: &Db) -> Result<()> {
    let transaction = Transaction::begin(db).await?;
    let rows = transaction.execute("update write_check set count = count + 1 where id = 1", ()).await?;
    transaction.commit().await?;
    if rows == 1 { Ok(()) } else { Err(Error::Storage("the row of the write check is missing".to_owned())) }
}
