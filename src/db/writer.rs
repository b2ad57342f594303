//! The one connection that writes. It is lent to one transaction after the other; one that failed in any way other than
//! a broken rule is closed, and the next transaction opens a new one.

use std::{sync::Arc, time::Duration};

use sqlx::{
    ConnectOptions, Connection, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteQueryResult},
};
use tokio::{
    runtime::Handle,
    sync::{Mutex, OwnedMutexGuard},
    time::timeout,
};

use super::files::DatabaseFiles;
use crate::error::Result;

/// How long a transaction waits for the one before it.
const WAIT: Duration = Duration::from_secs(30);
/// How long closing a connection may take before it is left to itself.
const CLOSE: Duration = Duration::from_secs(5);

/// What a commit waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Durability {
    /// Until the storage has it: it survives a loss of power.
    Full,
    /// Not for the storage: a loss of power in the moment after may undo it, if no other commit follows.
    Relaxed,
}

type Slot = Mutex<Option<(SqliteConnection, Durability)>>;

pub(super) struct Writer {
    options: SqliteConnectOptions,
    slot: Arc<Slot>,
    files: DatabaseFiles,
}

impl Writer {
    /// Takes over an open connection; `options` open the next one.
    pub(super) fn new(options: SqliteConnectOptions, connection: SqliteConnection, files: DatabaseFiles) -> Self {
        Self { options, slot: Arc::new(Mutex::new(Some((connection, Durability::Full)))), files }
    }

    /// The connection, as soon as nobody else has it.
    pub(super) async fn lend(&self) -> Result<WriterConnection> {
        let slot = self.slot.clone().lock_owned();
        let mut slot = timeout(WAIT, slot).await.map_err(|_| sqlx::Error::PoolTimedOut)?;
        self.files.must_be_there().await?;
        let (connection, durability) = match slot.take() {
            Some(kept) => kept,
            None => (self.options.connect().await?, Durability::Full),
        };
        Ok(WriterConnection {
            parts: Some(Parts { connection, durability, slot }),
            files: self.files.clone(),
            broken: false,
        })
    }

    /// Begins a transaction. The lock is taken at once, so that it never fails halfway because someone else writes.
    pub(super) async fn begin(&self, durability: Durability) -> Result<WriterConnection> {
        let mut lent = self.lend().await?;
        lent.set(durability).await?;
        lent.run("begin immediate").await?;
        Ok(lent)
    }

    /// Makes a transaction last. Only when the files are still the ones that were opened is there anything to tell of.
    pub(super) async fn commit(&self, mut lent: WriterConnection) -> Result<()> {
        lent.run("commit").await?;
        lent.give_back();
        self.files.must_be_there().await
    }

    /// Waits for the last transaction and closes the connection.
    pub(super) async fn close(&self) {
        if let Ok(mut slot) = timeout(WAIT, self.slot.lock()).await
            && let Some((connection, _)) = slot.take()
        {
            close(connection).await;
        }
    }
}

/// The connection in the hands of one transaction. Dropped, the transaction is undone.
pub(super) struct WriterConnection {
    parts: Option<Parts>,
    files: DatabaseFiles,
    broken: bool,
}

struct Parts {
    connection: SqliteConnection,
    durability: Durability,
    slot: OwnedMutexGuard<Option<(SqliteConnection, Durability)>>,
}

impl WriterConnection {
    pub(super) fn connection(&mut self) -> sqlx::Result<&mut SqliteConnection> {
        self.parts.as_mut().map(|parts| &mut parts.connection).ok_or(sqlx::Error::PoolClosed)
    }

    /// Looks for a failure of the connection in the result of a statement, and passes it on.
    pub(super) fn inspect<T>(&mut self, result: sqlx::Result<T>) -> sqlx::Result<T> {
        self.broken |= result.as_ref().is_err_and(breaks);
        self.files.inspect(result)
    }

    pub(super) async fn run(&mut self, sql: &'static str) -> sqlx::Result<SqliteQueryResult> {
        let result = sqlx::query(sql).execute(self.connection()?).await;
        self.inspect(result)
    }

    async fn set(&mut self, durability: Durability) -> sqlx::Result<()> {
        if self.parts.as_ref().is_some_and(|parts| parts.durability == durability) {
            return Ok(());
        }
        let sql = match durability {
            Durability::Full => "pragma synchronous = full",
            Durability::Relaxed => "pragma synchronous = normal",
        };
        self.run(sql).await?;
        if let Some(parts) = &mut self.parts {
            parts.durability = durability;
        }
        Ok(())
    }

    /// Puts the connection back with no transaction open on it.
    pub(super) fn give_back(mut self) {
        if let Some(Parts { connection, durability, mut slot }) = self.parts.take().filter(|_| !self.broken) {
            *slot = Some((connection, durability));
        }
    }
}

impl Drop for WriterConnection {
    fn drop(&mut self) {
        let Some(parts) = self.parts.take() else { return };
        // Without a runtime the connection is closed by its own thread, which undoes the transaction too.
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(undo(parts, self.broken));
        }
    }
}

/// Undoes a transaction. A connection that cannot even do that, or has no transaction any more because SQLite undid it,
/// is closed; the next one to get the writer opens another.
async fn undo(Parts { mut connection, durability, mut slot }: Parts, broken: bool) {
    if !broken && sqlx::query("rollback").execute(&mut connection).await.is_ok() {
        *slot = Some((connection, durability));
        return;
    }
    close(connection).await;
}

async fn close(connection: SqliteConnection) {
    if timeout(CLOSE, connection.close()).await.is_err() {
        tracing::warn!("a connection to the database does not close");
    }
}

/// Whether an error says that the connection may not be what it was. A broken rule or a row that is not there does not.
pub(super) fn breaks(error: &sqlx::Error) -> bool {
    const CONSTRAINT: i32 = 19;
    match error {
        sqlx::Error::Database(error) => {
            error.code().and_then(|code| code.parse::<i32>().ok()).is_none_or(|code| code & 0xff != CONSTRAINT)
        }
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_broken_rule_leaves_the_connection_as_it_is() {
        let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        sqlx::query("create table one (id integer primary key)").execute(&mut connection).await.unwrap();
        for (sql, broken) in [
            ("insert into one values (1), (1)", false),
            ("insert into one values ('a word')", true),
            ("insert into none values (1)", true),
        ] {
            let error = sqlx::query(sql).execute(&mut connection).await.unwrap_err();
            assert_eq!(breaks(&error), broken, "{sql}: {error}");
        }
        assert!(!breaks(&sqlx::Error::RowNotFound) && breaks(&sqlx::Error::WorkerCrashed));
    }
}
