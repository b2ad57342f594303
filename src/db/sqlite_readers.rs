//! The connections that read a file of SQLite.

use std::io;

use sqlx::{
    Sqlite, SqlitePool,
    pool::PoolConnection,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};

use super::{
    files::DatabaseFiles,
    readers::{ACQUIRE, readers},
    writer::breaks,
};
use crate::error::storage::is_damage;

/// Cheap to clone.
#[derive(Clone)]
pub(super) struct SqliteReaders {
    pub(super) pool: SqlitePool,
    /// What is told when a reader finds damage; none for files that nothing is written to.
    files: Option<DatabaseFiles>,
}

impl SqliteReaders {
    /// Readers are opened in advance and stay: none has to be opened from a path that leads elsewhere in the meantime. Asking
    /// a file whether it is still there would double the work of every statement.
    pub(super) fn open(options: SqliteConnectOptions, files: DatabaseFiles) -> Self {
        let checked = files.clone();
        let pool = pool_options()
            .min_connections(readers())
            .max_connections(readers())
            .acquire_timeout(ACQUIRE)
            .test_before_acquire(false)
            .after_connect(move |_, _| {
                let files = checked.clone();
                Box::pin(
                    async move { files.may_be_opened().await.map_err(|lost| sqlx::Error::Io(io::Error::other(lost))) },
                )
            })
            // The machine keeps the file's pages anyway; each reader keeps 1 MiB of them close.
            .connect_lazy_with(options.read_only(true).pragma("cache_size", "-1024"));
        Self { pool, files: Some(files) }
    }

    /// For a file that is only looked at.
    pub(super) const fn only_looking(pool: SqlitePool) -> Self {
        Self { pool, files: None }
    }

    /// Gives a reader back, unless what it came to says that it may not be what it was: then the pool opens another one.
    /// That would find the same damage, so with damaged files this one goes on with what it can read.
    pub(super) fn give_back(&self, mut reader: PoolConnection<Sqlite>, trouble: Option<&sqlx::Error>) {
        let Some(trouble) = trouble.filter(|error| breaks(error)) else { return };
        if let Some(files) = &self.files {
            files.note_trouble(trouble);
        }
        if !is_damage(trouble) {
            reader.close_on_drop();
        }
    }
}

/// A pool that never looks for old connections, which a file has no use for: sqlx's task for that can count to 2^64 when a
/// connection comes back at the same moment.
pub(super) fn pool_options() -> SqlitePoolOptions {
    SqlitePoolOptions::new().idle_timeout(None).max_lifetime(None)
}
