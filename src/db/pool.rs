//! Opens the database file with the settings that make an acknowledged write last, and keeps one writer
//! and several readers.

use std::{path::PathBuf, str::FromStr, thread::available_parallelism, time::Duration};

use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::conn::{Conn, Inner};
use crate::stamp::{Bell, Stamp};

const BUSY: Duration = Duration::from_secs(10);

/// The file that a database address means.
///
/// # Errors
/// When it is no such address.
pub fn file(url: &str) -> sqlx::Result<PathBuf> {
    Ok(SqliteConnectOptions::from_str(url)?.get_filename().to_owned())
}

/// Two for each core: while what one of them read is waited for, another works.
fn readers() -> u32 {
    available_parallelism().ok().and_then(|cores| u32::try_from(cores.get()).ok()).unwrap_or(2).clamp(2, 8) * 2
}

/// The opened database. Cheap to share behind an `Arc`.
pub struct Db {
    read: Conn,
    writer: SqlitePool,
    readers: SqlitePool,
    stamp: Stamp,
    bell: Bell,
}

impl Db {
    /// Opens the database at `url` (`sqlite:path`), creating the file when it is missing.
    ///
    /// # Errors
    /// When the file cannot be opened or is not a database.
    pub async fn open(url: &str) -> sqlx::Result<Self> {
        let options = SqliteConnectOptions::from_str(url)?.foreign_keys(true).busy_timeout(BUSY);
        let write = options
            .clone()
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            // What was deleted, such as a message after its time, shall not be found in the file's free pages.
            .pragma("secure_delete", "on");
        // The writer goes first: it makes the file and switches it to WAL, which readers cannot.
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(Duration::from_secs(30))
            .test_before_acquire(false)
            .connect_with(write)
            .await?;
        // Asking a file whether it is still there would double the work of every statement.
        let readers = SqlitePoolOptions::new()
            .max_connections(readers())
            .test_before_acquire(false)
            // The machine keeps the file's pages anyway; each reader keeps 1 MiB of them close.
            .connect_lazy_with(options.read_only(true).pragma("cache_size", "-1024"));
        Ok(Self {
            read: Conn(Inner::Pool(readers.clone())),
            writer,
            readers,
            stamp: Stamp::default(),
            bell: Bell::default(),
        })
    }

    /// Where to read from outside a transaction.
    #[must_use]
    pub const fn read(&self) -> &Conn {
        &self.read
    }

    pub(super) const fn writer(&self) -> &SqlitePool {
        &self.writer
    }

    /// Raised by every change of what visitors see, once it is committed.
    #[must_use]
    pub const fn stamp(&self) -> &Stamp {
        &self.stamp
    }

    /// Rings after every commit of a `Write`, public or not.
    #[must_use]
    pub const fn bell(&self) -> &Bell {
        &self.bell
    }

    /// Lets the writer keep many changed pages in memory, for a change of everything at once. Without it, each page would
    /// be written to the log again and again.
    pub async fn expect_much(&self) -> sqlx::Result<()> {
        sqlx::query("pragma cache_size = -131072").execute(&self.writer).await.map(|_| ())
    }

    /// Whether the database answers; for the health check.
    pub async fn ping(&self) -> sqlx::Result<()> {
        self.read.value::<i64>("select 1", ()).await.map(|_| ())
    }

    /// Lets the last statements finish and writes the log back into the file.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}
