//! The write transaction. All of them, on all nodes, come one after the other by a lock that the server keeps: what one
//! reads before it writes is still true when it commits.

use std::time::Duration;

use sqlx::{
    Connection, Postgres, Row as _,
    postgres::{PgArguments, PgRow},
};
use tokio::{
    runtime::Handle,
    sync::OwnedSemaphorePermit,
    time::{sleep, timeout},
};

use super::{
    answer::{SOON, while_there, within},
    connections::{Connections, LentConnection},
    error::is_gone,
    pool::PostgresDb,
};
use crate::{
    db::{migrator::knows_all, missing_database::MissingDatabase, writer::Durability},
    error::{Error, Result},
};

/// Begins; the server answers at once. The settings are those of this transaction alone, so that a pooler can give the
/// connection to others. One that says nothing for 15 seconds ends, so that the others of all nodes, which wait a little
/// longer, go on: its node is cut off, and nothing here waits between two statements. One that is not idle ends as soon by
/// the keepalives, or because it takes no answer.
const BEGIN: &str = "begin isolation level read committed; set local lock_timeout = '16s'; \
    set local idle_in_transaction_session_timeout = '15s'; set local tcp_keepalives_idle = 6; \
    set local tcp_keepalives_interval = 3; set local tcp_keepalives_count = 3; set local tcp_user_timeout = '15s'";
/// Waits for the lock (its number is “Plinth” in ASCII), and asks how the transaction is called and in which form the
/// database is.
const LOCK: &str = "select pg_advisory_xact_lock(88426555536488); \
    select pg_current_xact_id()::text, (select coalesce(string_agg(version::text, ','), '') from _sqlx_migrations)";
/// The same for what does not have to come in order: without the lock, and its commit does not wait for the disk.
const BEGIN_RELAXED: &str = "set local synchronous_commit = off; \
    select pg_current_xact_id()::text, (select coalesce(string_agg(version::text, ','), '') from _sqlx_migrations)";
/// How long a transaction waits for those of this process before it. With the wait for the lock it is less than a request may
/// take, so that its user reads why nothing was saved.
const WAIT: Duration = Duration::from_secs(12);
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
    lent: Option<LentConnection>,
    turn: Option<OwnedSemaphorePermit>,
    keeps_statements: bool,
    connections: Connections,
    /// What the server calls it.
    id: String,
    /// A statement failed, so the server keeps nothing of it.
    failed: bool,
}

impl PostgresTransaction {
    /// Waits for the transactions before it, and begins.
    /// `Storage` when the server cannot be reached, and `Lost` when the database is not the one that was opened.
    pub(in crate::db) async fn begin(db: &PostgresDb, durability: Durability) -> Result<Self> {
        db.check_kept().map_err(|lost| Error::Lost(lost.to_string()))?;
        let turn = timeout(WAIT, db.turn.clone().acquire_owned()).await.map_err(|_| sqlx::Error::PoolTimedOut)?;
        let mut turn = Some(turn.map_err(|_| sqlx::Error::PoolClosed)?);
        let mut times = 0;
        loop {
            let mut transaction = Self {
                lent: Some(db.writer.lend(times > 0).await?),
                turn: turn.take(),
                keeps_statements: db.address.keeps_statements,
                connections: db.writer.clone(),
                id: String::new(),
                failed: false,
            };
            match transaction.open(durability).await {
                Err(error) if is_gone(&error) && times < AGAIN => {
                    turn = transaction.turn.take();
                    times += 1;
                }
                Ok(applied) if !knows_all(&applied) => {
                    db.nodes.note_outdated();
                    return Err(Error::Lost(MissingDatabase::outdated(&db.address).to_string()));
                }
                opened => return opened.map(|_| transaction).map_err(Error::from),
            }
        }
    }

    /// Begins; gives the numbers of the migrations of the database.
    async fn open(&mut self, durability: Durability) -> sqlx::Result<String> {
        let lent = self.lent_connection()?;
        let begun = within(SOON, sqlx::raw_sql(BEGIN).execute(lent.connection()?)).await.flatten();
        self.inspect(begun)?;
        let lent = self.lent_connection()?;
        let options = lent.options();
        let ask = if durability == Durability::Relaxed { BEGIN_RELAXED } else { LOCK };
        let asked = sqlx::raw_sql(ask).fetch_all(lent.connection()?);
        let rows = while_there(&options, STATEMENT, asked).await.flatten();
        let rows = self.inspect(rows)?;
        let row = rows.last().ok_or(sqlx::Error::RowNotFound)?;
        self.id = row.try_get(0)?;
        row.try_get(1)
    }

    fn lent_connection(&mut self) -> sqlx::Result<&mut LentConnection> {
        self.lent.as_mut().ok_or(sqlx::Error::PoolClosed)
    }

    fn inspect<T>(&mut self, result: sqlx::Result<T>) -> sqlx::Result<T> {
        self.failed |= result.is_err();
        self.lent_connection()?.inspect(result)
    }

    pub(in crate::db) async fn all(&mut self, sql: &'static str, args: PgArguments) -> sqlx::Result<Vec<PgRow>> {
        let query = sqlx::query_with::<Postgres, _>(sql, args).persistent(self.keeps_statements);
        let lent = self.lent_connection()?;
        let options = lent.options();
        let result = while_there(&options, STATEMENT, query.fetch_all(lent.connection()?)).await.flatten();
        self.inspect(result)
    }

    pub(in crate::db) async fn execute(&mut self, sql: &'static str, args: PgArguments) -> sqlx::Result<u64> {
        let query = sqlx::query_with::<Postgres, _>(sql, args).persistent(self.keeps_statements);
        let lent = self.lent_connection()?;
        let options = lent.options();
        let result = while_there(&options, STATEMENT, query.execute(lent.connection()?)).await.flatten();
        Ok(self.inspect(result)?.rows_affected())
    }

    /// Makes it last. When the connection is lost meanwhile, asks the server on another one what became of it.
    /// Fails when it was not made to last, or that cannot be found out.
    pub(in crate::db) async fn commit(mut self) -> Result<()> {
        // The server would call it a success to end a transaction of which it keeps nothing.
        if self.failed {
            return Err(Error::Internal("a statement failed, so nothing of the change was kept".to_owned()));
        }
        let lent = self.lent_connection()?;
        let options = lent.options();
        let asked = sqlx::raw_sql("commit").execute(lent.connection()?);
        let committed = while_there(&options, STATEMENT, asked).await.flatten();
        match self.inspect(committed) {
            Ok(_) => {
                drop(self.lent.take());
                Ok(())
            }
            Err(error) if is_gone(&error) => {
                // The next transaction waits, so that the connection is free for the question.
                let (connections, id, _turn) =
                    (self.connections.clone(), std::mem::take(&mut self.id), self.turn.take());
                drop(self);
                match within(OUTCOME, Box::pin(outcome(&connections, &id))).await.ok() {
                    Some(true) => Ok(()),
                    Some(false) => Err(error.into()),
                    None => {
                        tracing::error!(id, "it is not known whether a change was kept: the server does not answer");
                        Err(Error::Uncertain)
                    }
                }
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// Whether a transaction was committed.
async fn outcome(connections: &Connections, id: &str) -> bool {
    loop {
        match status(connections, id).await {
            Ok(status) if status == "committed" => return true,
            Ok(status) if status == "aborted" => return false,
            // Not ended yet, or the server is not back.
            _ => sleep(Duration::from_millis(50)).await,
        }
    }
}

async fn status(connections: &Connections, id: &str) -> sqlx::Result<String> {
    let mut lent = connections.lend(true).await?;
    let connection = lent.connection()?;
    let asked = async {
        let mut moment = connection.begin().await?;
        let query = sqlx::query_as::<_, (Option<String>,)>("select pg_xact_status(cast(cast($1 as text) as xid8))");
        let (status,) = query.bind(id).persistent(false).fetch_one(&mut *moment).await?;
        moment.commit().await?;
        Ok(status.unwrap_or_else(|| "aborted".to_owned()))
    };
    let status = within(SOON, asked).await.flatten();
    lent.inspect(status)
}

impl Drop for PostgresTransaction {
    fn drop(&mut self) {
        let Some(mut lent) = self.lent.take().filter(LentConnection::is_sound) else { return };
        let Ok(runtime) = Handle::try_current() else { return };
        // The next transaction begins when this one is undone.
        let turn = self.turn.take();
        runtime.spawn(async move {
            let _turn = turn;
            if let Ok(connection) = lent.connection() {
                // One that does not answer is not used again.
                let undone = timeout(ROLLBACK, sqlx::raw_sql("rollback").execute(connection)).await;
                if let Ok(undone) = undone {
                    let _ = lent.inspect(undone);
                }
            }
        });
    }
}
