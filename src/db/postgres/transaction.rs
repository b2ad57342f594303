//! The write transaction. All of them, on all nodes, come one after the other by a lock that the server keeps: what one
//! reads before it writes is still true when it commits.

use std::time::Duration;

use sqlx::{
    Connection, PgPool, Postgres, Row as _,
    pool::PoolConnection,
    postgres::{PgArguments, PgRow},
};
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
    db::{files::MissingDatabase, migrator::newest},
    error::{Error, Result},
};

/// Begins, takes the lock (its number is “Plinth” in ASCII), and asks how the transaction is called and in which form the
/// database is. The settings are those of this transaction alone, so that a pooler can give the connection to others. One
/// whose machine is gone ends within half a minute, by the keepalives or because it takes no answer, and one that is
/// forgotten after two minutes.
const BEGIN: &str = "begin isolation level read committed; set local lock_timeout = '30s'; \
    set local idle_in_transaction_session_timeout = '120s'; set local tcp_keepalives_idle = 10; \
    set local tcp_keepalives_interval = 5; set local tcp_keepalives_count = 3; set local tcp_user_timeout = '20s'; \
    select pg_advisory_xact_lock(88426555536488); \
    select pg_current_xact_id()::text, (select coalesce(max(version), 0) from _sqlx_migrations)";
/// How long a transaction waits for the one before it.
const WAIT: Duration = Duration::from_secs(30);
/// How long a statement may take, the wait for the lock included.
const STATEMENT: Duration = Duration::from_secs(40);
/// How long undoing may take.
const ROLLBACK: Duration = Duration::from_secs(5);
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
                Ok(version) if version > newest() => {
                    db.nodes.note_outdated();
                    return Err(Error::Lost(MissingDatabase::outdated(&db.address).to_string()));
                }
                opened => return opened.map(|_| transaction).map_err(Error::from),
            }
        }
    }

    /// Begins; gives the version of the newest migration of the database.
    async fn open(&mut self) -> sqlx::Result<i64> {
        let rows = in_time(sqlx::raw_sql(BEGIN).fetch_all(self.connection()?)).await;
        let rows = self.inspect(rows)?;
        let row = rows.last().ok_or(sqlx::Error::RowNotFound)?;
        self.id = row.try_get(0)?;
        row.try_get(1)
    }

    fn connection(&mut self) -> sqlx::Result<&mut sqlx::PgConnection> {
        self.connection.as_deref_mut().ok_or(sqlx::Error::PoolClosed)
    }

    fn inspect<T>(&mut self, result: sqlx::Result<T>) -> sqlx::Result<T> {
        self.failed |= result.is_err();
        self.broken |= result.as_ref().is_err_and(breaks);
        result
    }

    pub(in crate::db) async fn all(&mut self, sql: &'static str, args: PgArguments) -> sqlx::Result<Vec<PgRow>> {
        let query = sqlx::query_with::<Postgres, _>(sql, args).persistent(self.keeps_statements);
        let result = in_time(query.fetch_all(self.connection()?)).await;
        self.inspect(result)
    }

    pub(in crate::db) async fn execute(&mut self, sql: &'static str, args: PgArguments) -> sqlx::Result<u64> {
        let query = sqlx::query_with::<Postgres, _>(sql, args).persistent(self.keeps_statements);
        let result = in_time(query.execute(self.connection()?)).await;
        Ok(self.inspect(result)?.rows_affected())
    }

    /// Makes it last. When the connection is lost meanwhile, asks the server on another one what became of it.
    /// Fails when it was not made to last, or that cannot be found out.
    pub(in crate::db) async fn commit(mut self) -> Result<()> {
        // The server would call it a success to end a transaction of which it keeps nothing.
        if self.failed {
            return Err(Error::Internal("a statement failed, so nothing of the change was kept".to_owned()));
        }
        let committed = in_time(sqlx::raw_sql("commit").execute(self.connection()?)).await;
        match self.inspect(committed) {
            Ok(_) => {
                drop(self.connection.take());
                Ok(())
            }
            Err(error) if is_gone(&error) => {
                // The next transaction waits, so that the connection is free for the question.
                let (pool, id, _turn) = (self.pool.clone(), std::mem::take(&mut self.id), self.turn.take());
                drop(self);
                match outcome(&pool, &id).await {
                    Some(true) => Ok(()),
                    Some(false) => Err(error.into()),
                    None => Err(Error::Internal("it is not known whether the change was kept".to_owned())),
                }
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// What is asked of the server, which may not answer any more.
async fn in_time<T>(asked: impl Future<Output = sqlx::Result<T>>) -> sqlx::Result<T> {
    timeout(STATEMENT, asked).await.unwrap_or_else(|_| Err(sqlx::Error::Io(std::io::ErrorKind::TimedOut.into())))
}

/// Whether a transaction was committed; none when nobody says so in time.
async fn outcome(pool: &PgPool, id: &str) -> Option<bool> {
    let until = Instant::now() + OUTCOME;
    while Instant::now() < until {
        match timeout(OUTCOME, status(pool, id)).await {
            Ok(Ok(status)) if status == "committed" => return Some(true),
            Ok(Ok(status)) if status == "aborted" => return Some(false),
            // Not ended yet, or the server is not back.
            _ => sleep(Duration::from_millis(50)).await,
        }
    }
    tracing::error!(id, "it is not known whether a change was kept: the server does not answer");
    None
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
                let undone = timeout(ROLLBACK, sqlx::raw_sql("rollback").execute(&mut *connection)).await;
                if !matches!(undone, Ok(Ok(_))) {
                    connection.close_on_drop();
                }
            });
        }
    }
}
