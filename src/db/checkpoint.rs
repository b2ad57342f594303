//! A connection that stays open as long as the database does, so that the log beside the file (`-wal`) is never deleted
//! and made again while others read it, and that writes the log back into the file.

use std::sync::atomic::{AtomicBool, Ordering};

use sqlx::{ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::sync::Mutex;

pub(super) struct CheckpointConnection {
    options: SqliteConnectOptions,
    slot: Mutex<Option<SqliteConnection>>,
    /// Whether the log could not be written back the last time.
    failed: AtomicBool,
}

impl CheckpointConnection {
    pub(super) async fn open(options: SqliteConnectOptions) -> sqlx::Result<Self> {
        let connection = connect(&options).await?;
        Ok(Self { options, slot: Mutex::new(Some(connection)), failed: AtomicBool::default() })
    }

    /// Writes the log back into the file and cuts it to nothing; whether nobody was in the way.
    pub(super) async fn checkpoint(&self) -> sqlx::Result<bool> {
        self.run("pragma wal_checkpoint(truncate)").await
    }

    /// Writes the log back into the file as far as nobody is in the way, and keeps nobody waiting; whether that was all.
    pub(super) async fn write_back(&self) -> sqlx::Result<bool> {
        self.run("pragma wal_checkpoint(passive)").await
    }

    async fn run(&self, sql: &'static str) -> sqlx::Result<bool> {
        let mut slot = self.slot.lock().await;
        let Some(connection) = slot.as_mut() else { return Err(sqlx::Error::PoolClosed) };
        let result = sqlx::query_as::<_, (i64, i64, i64)>(sql).fetch_one(connection).await;
        self.note(result.as_ref().err());
        if result.is_err() {
            // The new one is open before the old one closes: the log is never without anyone.
            let fresh = connect(&self.options).await?;
            if let Some(old) = slot.replace(fresh) {
                old.close().await?;
            }
        }
        result.map(|(busy, in_log, written)| busy == 0 && in_log == written)
    }

    /// Logs the first failure and the first success after it, not each time that it is tried.
    fn note(&self, fault: Option<&sqlx::Error>) {
        let failed = self.failed.swap(fault.is_some(), Ordering::Relaxed);
        match fault {
            Some(error) if !failed => tracing::error!(
                %error,
                "what is written cannot go into the database file; it is kept in the log beside it, which grows"
            ),
            None if failed => tracing::info!("what is written goes into the database file again"),
            _ => {}
        }
    }

    /// Keeps the connection open until the process ends: the last one that closes would write the log back.
    pub(super) async fn leave(&self) {
        std::mem::forget(self.slot.lock().await.take());
    }

    /// Closes the connection. When it is the last one, SQLite writes the log back and deletes it.
    pub(super) async fn close(&self) {
        if let Some(connection) = self.slot.lock().await.take()
            && let Err(error) = connection.close().await
        {
            tracing::warn!(%error, "the database was not closed as it should be");
        }
    }
}

/// SQLite opens the log with the first reading.
async fn connect(options: &SqliteConnectOptions) -> sqlx::Result<SqliteConnection> {
    let mut connection = options.connect().await?;
    sqlx::query("select count(*) from sqlite_master").execute(&mut connection).await?;
    Ok(connection)
}
