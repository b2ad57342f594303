//! The write transaction. All of them, on all nodes, come one after the other by a lock that the server keeps: what one
//! reads before it writes is still true when it commits.

use std::time::Duration;

use sqlx::{Connection, PgPool, Postgres, Row as _, pool::PoolConnection, postgres::PgArguments};
use tokio::{
    runtime::Handle,
    sync::OwnedSemaphorePermit,
    time::{Instant, sleep, timeout},
};

use super::{
    error::{breaks, is_gone},
    pool::PostgresDb,
    readers::working,
};
use crate::{
    db::row::Row,
    error::{Error, Result},
};

/// Begins, takes the lock (its number is “Plinth” in ASCII), and asks how the transaction is called. The settings are those
/// of this transaction alone, so that a pooler can give the connection to others. One whose machine is gone ends within
/// half a minute, and one that is forgotten after five.
const BEGIN: &str = "begin isolation level read committed; set local lock_timeout = '30s'; \
    set local idle_in_transaction_session_timeout = '300s'; set local tcp_keepalives_idle = 10; \
    set local tcp_keepalives_interval = 5; set local tcp_keepalives_count = 3; select pg_advisory_xact_lock(88426555536488); \
    select pg_current_xact_id()::text";
/// How long a transaction waits for the one before it.
const WAIT: Duration = Duration::from_secs(30);
/// How often beginning is tried again on another connection.
const AGAIN: u32 = 2;
/// How long it is asked what became of a transaction whose connection was lost while it was committed.
const OUTCOME: Duration = Duration::from_secs(10);

/// Open until `commit`; dropped without it, everything is undone.
pub(in crate::db) struct PostgresTransaction {
    connection: Option<PoolConnection<Postgres>>,
    turn: Option<OwnedSemaphorePermit>,
    keeps_statements: bool,
    pool: PgPool,
    /// What the server calls it.
    id: String,
    /// A statement failed, so the server keeps nothing of it.
    failed: bool,
    broken: bool,
}

impl PostgresTransaction {
    /// Waits for the transactions before it, and begins.
    /// `Storage` when the server cannot be reached, and `Lost` when the database is not the one that was opened.
    pub(in crate::db) async fn begin(db: &PostgresDb) -> Result<Self> {
        db.check_kept().map_err(|lost| Error::Lost(lost.to_string()))?;
        let turn = timeout(WAIT, db.turn.clone().acquire_owned()).await.map_err(|_| sqlx::Error::PoolTimedOut)?;
        let mut turn = Some(turn.map_err(|_| sqlx::Error::PoolClosed)?);
        let mut times = 0;
        loop {
            let mut transaction = Self {
                connection: Some(working(&db.writer, times > 0).await?),
                turn: turn.take(),
                keeps_statements: db.address.keeps_statements,
                pool: db.writer.clone(),
                id: String::new(),
                failed: false,
                broken: false,
            };
            match transaction.open().await {
                Err(error) if is_gone(&error) && times < AGAIN => {
                    turn = transaction.turn.take();
                    times += 1;
                }
                opened => return opened.map(|()| transaction).map_err(Error::from),
            }
        }
    }

    async fn open(&mut self) -> sqlx::Result<()> {
        let rows = sqlx::raw_sql(BEGIN).fetch_all(self.connection()?).await;
        let rows = self.inspect(rows)?;
        self.id = rows.last().ok_or(sqlx::Error::RowNotFound)?.try_get(0)?;
        Ok(())
    }

    fn connection(&mut self) -> sqlx::Result<&mut sqlx::PgConnection> {
        self.connection.as_deref_mut().ok_or(sqlx::Error::PoolClosed)
    }

    fn inspect<T>(&mut self, result: sqlx::Result<T>) -> sqlx::Result<T> {
        self.failed |= result.is_err();
        self.broken |= result.as_ref().is_err_and(breaks);
        result
    }

    pub(in crate::db) async fn all<T: Row>(&mut self, sql: &'static str, args: PgArguments) -> sqlx::Result<Vec<T>> {
        let query = sqlx::query_as_with::<Postgres, T, _>(sql, args).persistent(self.keeps_statements);
        let result = query.fetch_all(self.connection()?).await;
        self.inspect(result)
    }

    pub(in crate::db) async fn execute(&mut self, sql: &'static str, args: PgArguments) -> sqlx::Result<u64> {
        let query = sqlx::query_with::<Postgres, _>(sql, args).persistent(self.keeps_statements);
        let result = query.execute(self.connection()?).await;
        Ok(self.inspect(result)?.rows_affected())
    }

    /// Makes it last. When the connection is lost meanwhile, asks the server on another one what became of it.
    /// Fails when it was not made to last, or that cannot be found out.
    pub(in crate::db) async fn commit(mut self) -> Result<()> {
        // The server would call it a success to end a transaction of which it keeps nothing.
        if self.failed {
            return Err(Error::Internal("a statement failed, so nothing of the change was kept".to_owned()));
        }
        let committed = sqlx::raw_sql("commit").execute(self.connection()?).await;
        match self.inspect(committed) {
            Ok(_) => {
                drop(self.connection.take());
                Ok(())
            }
            Err(error) if is_gone(&error) => {
                let (pool, id) = (self.pool.clone(), std::mem::take(&mut self.id));
                drop(self);
                if outcome(&pool, &id).await { Ok(()) } else { Err(error.into()) }
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// Whether a transaction was committed; false, too, when nobody says so in time.
async fn outcome(pool: &PgPool, id: &str) -> bool {
    let until = Instant::now() + OUTCOME;
    while Instant::now() < until {
        match status(pool, id).await.as_deref() {
            Ok("committed") => return true,
            Ok("aborted") => return false,
            // Not ended yet, or the server is not back.
            _ => sleep(Duration::from_millis(50)).await,
        }
    }
    tracing::error!(id, "it is not known whether a change was kept: the server does not answer");
    false
}

async fn status(pool: &PgPool, id: &str) -> sqlx::Result<String> {
    let mut connection = working(pool, true).await?;
    let mut moment = connection.begin().await?;
    let query = sqlx::query_as::<_, (Option<String>,)>("select pg_xact_status(cast(cast($1 as text) as xid8))");
    let (status,) = query.bind(id).persistent(false).fetch_one(&mut *moment).await?;
    moment.commit().await?;
    Ok(status.unwrap_or_else(|| "aborted".to_owned()))
}

impl Drop for PostgresTransaction {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take() else { return };
        if self.broken {
            connection.close_on_drop();
            return;
        }
        if let Ok(runtime) = Handle::try_current() {
            // The next transaction begins when this one is undone.
            let turn = self.turn.take();
            runtime.spawn(async move {
                let _turn = turn;
                if sqlx::raw_sql("rollback").execute(&mut *connection).await.is_err() {
                    connection.close_on_drop();
                }
            });
        }
    }
}
