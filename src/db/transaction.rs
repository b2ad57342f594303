//! The write transaction: the only place from which a statement can change anything. It takes the single
//! writer connection with `begin immediate`, so that it never fails halfway because somebody else writes.

use std::ops::Deref;

use sqlx::Sqlite;
use tokio::sync::Mutex;

use super::{
    args::Args,
    conn::{Conn, Inner},
    pool::Db,
};

/// Open until `commit`; dropped without it, everything is undone.
pub struct Transaction(Conn);

impl Transaction {
    /// Waits for the writer connection and begins.
    pub async fn begin(db: &Db) -> sqlx::Result<Self> {
        let tx = db.writer().begin_with("begin immediate").await?;
        Ok(Self(Conn(Inner::Transaction(Mutex::new(tx)))))
    }

    /// Changes rows; says how many.
    pub async fn execute(&self, sql: &'static str, args: impl Args) -> sqlx::Result<u64> {
        let query = sqlx::query_with::<Sqlite, _>(sql, args.encode()?);
        let Inner::Transaction(tx) = &self.0.0 else { return Err(sqlx::Error::PoolClosed) };
        Ok(query.execute(&mut **tx.lock().await).await?.rows_affected())
    }

    /// Makes it last. When this returns, the change survives a loss of power.
    pub async fn commit(self) -> sqlx::Result<()> {
        match self.0.0 {
            Inner::Transaction(tx) => tx.into_inner().commit().await,
            Inner::Pool(_) => Err(sqlx::Error::PoolClosed),
        }
    }
}

impl Deref for Transaction {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        &self.0
    }
}
