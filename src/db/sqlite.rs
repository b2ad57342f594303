//! SQLite: opens the database file with the settings that make an acknowledged write last, and keeps one writer
//! and several readers.

use std::{path::Path, sync::Arc, time::Duration};

use sqlx::{
    Connection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

use super::{
    checkpoint::CheckpointConnection,
    conn::{Conn, Inner},
    file_watch::FileChanges,
    files::DatabaseFiles,
    opening::{self, OpenError},
    readers::ACQUIRE,
    sqlite_readers::{SqliteReaders, pool_options},
    writer::Writer,
};
use crate::error::Result;

/// How long a connection waits for another process.
const BUSY: Duration = Duration::from_secs(10);
/// How long writing back the log may keep others waiting for readers to be done.
const BRIEFLY: Duration = Duration::from_millis(250);

pub(super) struct SqliteDb {
    pub(super) writer: Arc<Writer>,
    pub(super) readers: SqliteReaders,
    pub(super) files: DatabaseFiles,
    checkpoint: CheckpointConnection,
    options: SqliteConnectOptions,
}

impl SqliteDb {
    /// Opens the database in `file`, making it when it is missing.
    /// Fails when the file cannot be opened, is no database, or is another program's.
    pub(super) async fn open(file: &Path) -> Result<Self, OpenError> {
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
        let files = DatabaseFiles::identify(file)?;
        let readers = SqliteReaders::open(options.clone(), files.clone());
        let writer = Arc::new(Writer::new(write, connection, files.clone()));
        Ok(Self { writer, readers, files, checkpoint, options })
    }

    pub(super) fn changes(&self) -> FileChanges {
        FileChanges::of(&self.files.paths())
    }

    pub(super) async fn enlarge_write_cache(&self) -> Result<()> {
        let mut lent = self.writer.lend().await?;
        lent.run("pragma cache_size = -131072").await?;
        lent.give_back();
        Ok(())
    }

    pub(super) async fn sound_reader(&self) -> Result<Option<Conn>> {
        let pool = pool_options().max_connections(1).acquire_timeout(ACQUIRE);
        let pool = pool.connect_lazy_with(self.options.clone().read_only(true));
        match opening::is_sound(&pool).await {
            Ok(true) => Ok(Some(Conn(Inner::Pool(SqliteReaders::only_looking(pool))))),
            Ok(false) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) async fn checkpoint(&self) -> Result<bool> {
        let _one = self.files.hold_write_back().await;
        self.files.must_be_sound().await?;
        let before = self.files.last_write().await;
        let done = self.files.inspect(self.checkpoint.checkpoint().await)?;
        self.files.note_written_back(before).await;
        Ok(done)
    }

    pub(super) async fn write_back(&self) -> Result<()> {
        let _one = self.files.hold_write_back().await;
        self.files.must_be_sound().await?;
        let before = self.files.last_write().await;
        self.files.inspect(self.checkpoint.write_back().await)?;
        self.files.note_written_back(before).await;
        Ok(())
    }

    /// Copies the database into a file that is empty or not there. A connection of its own only reads, so nobody waits for it.
    pub(super) async fn copy_to(&self, file: &Path) -> Result<()> {
        let file = file.to_string_lossy().into_owned();
        let mut connection = opening::connect(&self.options.clone().read_only(true)).await?;
        self.files.must_be_there().await?;
        sqlx::query("vacuum into $1").bind(file).execute(&mut connection).await?;
        Ok(connection.close().await?)
    }

    /// What is wrong with the file, as the engine says it, a few sentences at most.
    pub(super) async fn faults(&self) -> Result<Vec<String>> {
        let mut connection = opening::connect(&self.options.clone().read_only(true)).await?;
        let faults = opening::faults(&mut connection).await?;
        connection.close().await?;
        Ok(faults)
    }

    /// Lets the last statements finish and writes the log back into the file. Damaged files are left as they are.
    pub(super) async fn close(&self) {
        self.readers.pool.close().await;
        self.writer.close().await;
        match self.files.must_be_sound().await {
            Ok(()) => self.checkpoint.close().await,
            Err(_) => self.checkpoint.leave().await,
        }
    }
}
