//! Opens the database file with the settings that make an acknowledged write last, and keeps one writer
//! and several readers.

use std::{
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
    thread::available_parallelism,
    time::Duration,
};

use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{
    checkpoint::CheckpointConnection,
    conn::{Conn, Inner},
    files::{DatabaseFiles, Lost},
    opening::{self, OpenError},
    writer::Writer,
};
use crate::{
    error::Result,
    site_version::{CommitNotify, SiteVersion},
};

/// How long a connection waits for another process.
const BUSY: Duration = Duration::from_secs(10);
/// How long writing back the log may keep others waiting for readers to be done.
const BRIEFLY: Duration = Duration::from_millis(250);
/// How long a reader waits for a connection.
const ACQUIRE: Duration = Duration::from_secs(10);

/// The file that a database address means.
/// Fails when it is no such address.
pub(crate) fn file(url: &str) -> sqlx::Result<PathBuf> {
    Ok(SqliteConnectOptions::from_str(url)?.get_filename().to_owned())
}

/// Two for each core: while what one of them read is waited for, another works.
fn readers() -> u32 {
    available_parallelism().ok().and_then(|cores| u32::try_from(cores.get()).ok()).unwrap_or(2).clamp(2, 8) * 2
}

/// The opened database. Cheap to share behind an `Arc`.
pub struct Db {
    read: Conn,
    writer: Arc<Writer>,
    readers: SqlitePool,
    checkpoint: CheckpointConnection,
    options: SqliteConnectOptions,
    files: DatabaseFiles,
    site_version: SiteVersion,
    commits: CommitNotify,
}

impl Db {
    /// Opens the database in `file`, making it when it is missing.
    /// Fails when the file cannot be opened, is no database, or is another program's.
    pub(crate) async fn open(file: &Path) -> Result<Self, OpenError> {
        opening::prepare(file).await?;
        let options = SqliteConnectOptions::new().filename(file).foreign_keys(true).busy_timeout(BUSY);
        let write = options
            .clone()
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            // What was deleted, such as a message after its time, must not be found in the file's free pages.
            .pragma("secure_delete", "on");
        // The writer goes first: it switches the file to WAL, which readers cannot.
        let mut connection = opening::connect(&write).await?;
        opening::must_be_ours(&mut connection).await?;
        let checkpoint = CheckpointConnection::open(options.clone().busy_timeout(BRIEFLY)).await?;
        let files = DatabaseFiles::opened(file)?;
        let readers = reader_pool(options.clone(), files.clone());
        Ok(Self {
            read: Conn(Inner::Pool(readers.clone())),
            writer: Arc::new(Writer::new(write, connection, files.clone())),
            readers,
            checkpoint,
            options,
            files,
            site_version: SiteVersion::default(),
            commits: CommitNotify::default(),
        })
    }

    /// Where to read from outside a transaction.
    #[must_use]
    pub const fn read(&self) -> &Conn {
        &self.read
    }

    pub(super) const fn writer(&self) -> &Arc<Writer> {
        &self.writer
    }

    /// Raised by every change of what visitors see, once it is committed.
    #[must_use]
    pub(crate) const fn site_version(&self) -> &SiteVersion {
        &self.site_version
    }

    /// Rings after every commit of a `Write`, public or not.
    #[must_use]
    pub(crate) const fn commits(&self) -> &CommitNotify {
        &self.commits
    }

    /// Lets the writer keep many changed pages in memory, for a change of everything at once. Without it, each page would
    /// be written to the log again and again.
    pub(crate) async fn enlarge_write_cache(&self) -> Result<()> {
        let mut lent = self.writer.lend().await?;
        lent.run("pragma cache_size = -131072").await?;
        lent.give_back();
        Ok(())
    }

    /// Whether the files are still those that were opened.
    /// Errors: the one that is not.
    pub(crate) async fn check_files(&self) -> Result<(), Lost> {
        self.files.check().await
    }

    /// A reader that is opened for the occasion, has nothing in memory, and sees what is in the files now. None: that is no
    /// sound database of ours.
    /// `Storage` when it cannot be found out.
    pub(crate) async fn sound_reader(&self) -> Result<Option<Conn>> {
        let pool = SqlitePoolOptions::new().max_connections(1).acquire_timeout(ACQUIRE);
        let pool = pool.connect_lazy_with(self.options.clone().read_only(true));
        match opening::is_sound(&pool).await {
            Ok(true) => Ok(Some(Conn(Inner::Pool(pool)))),
            Ok(false) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The files, as they were opened.
    #[must_use]
    pub(crate) const fn files(&self) -> &DatabaseFiles {
        &self.files
    }

    /// Writes the log back into the file and cuts it, so that nothing deleted can be read in it; whether nobody was in
    /// the way.
    /// `Storage` when it cannot be done.
    pub(crate) async fn checkpoint(&self) -> Result<bool> {
        let before = self.files.written().await;
        let done = self.checkpoint.checkpoint().await?;
        self.files.note_written_back(before).await;
        Ok(done)
    }

    /// Lets the last statements finish and writes the log back into the file.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
        self.checkpoint.close().await;
    }
}

/// Readers are opened in advance and stay: none has to be opened from a path that leads elsewhere in the meantime. Asking
/// a file whether it is still there would double the work of every statement.
fn reader_pool(options: SqliteConnectOptions, files: DatabaseFiles) -> SqlitePool {
    SqlitePoolOptions::new()
        .min_connections(readers())
        .max_connections(readers())
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(ACQUIRE)
        .test_before_acquire(false)
        .after_connect(move |_, _| {
            let files = files.clone();
            Box::pin(async move { files.check().await.map_err(|lost| sqlx::Error::Io(std::io::Error::other(lost))) })
        })
        // The machine keeps the file's pages anyway; each reader keeps 1 MiB of them close.
        .connect_lazy_with(options.read_only(true).pragma("cache_size", "-1024"))
}
