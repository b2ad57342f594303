//! The write transaction: the only place from which a statement can change anything.

use std::{ops::Deref, sync::Arc};

use sqlx::Sqlite;
use tokio::sync::Mutex;

use super::{
    args::Args,
    conn::{Conn, Inner},
    pool::Db,
    writer::Writer,
};
use crate::error::{Error, Result};

/// Open until `commit`; dropped without it, everything is undone.
pub struct Transaction {
    conn: Conn,
    writer: Arc<Writer>,
}

impl Transaction {
    /// Waits for the writer connection and begins.
    /// `Storage` when it cannot be had, or the file is not the one that was opened.
    pub async fn begin(db: &Db) -> Result<Self> {
        let writer = db.writer().clone();
        let lent = writer.begin().await?;
        Ok(Self { conn: Conn(Inner::Transaction(Mutex::new(lent))), writer })
    }

    /// Changes rows; says how many.
    pub async fn execute(&self, sql: &'static str, args: impl Args) -> sqlx::Result<u64> {
        let query = sqlx::query_with::<Sqlite, _>(sql, args.encode()?);
        let Inner::Transaction(lent) = &self.conn.0 else { return Err(sqlx::Error::PoolClosed) };
        let mut lent = lent.lock().await;
        let result = query.execute(lent.connection()?).await;
        Ok(lent.noted(result)?.rows_affected())
    }

    /// Makes it last. When this returns, the change survives a loss of power.
    /// `Storage` when it cannot be made to last; then nothing was acknowledged, and the connection is not used again.
    pub async fn commit(self) -> Result<()> {
        match self.conn.0 {
            Inner::Transaction(lent) => self.writer.commit(lent.into_inner()).await,
            Inner::Pool(_) => Err(sqlx::Error::PoolClosed.into()),
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
