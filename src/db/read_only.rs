//! A database that is only looked at: opened for reading, refused when it is not in the form that this program knows, and
//! left as it was, with nothing beside it.

use std::{path::Path, time::Duration};

use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};

use super::{
    conn::{Conn, Inner},
    migrations::{self, MigrationError},
    opening::{self, OpenError},
};

/// How long a read waits for another process.
const BUSY: Duration = Duration::from_secs(10);

/// Why a database cannot be looked at; a clause that follows the name of the file.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    #[error(transparent)]
    Open(#[from] OpenError),
    /// It is not in the form that this program knows.
    #[error(transparent)]
    Form(#[from] MigrationError),
}

pub(crate) struct ReadOnlyDb {
    pool: SqlitePool,
    conn: Conn,
}

impl ReadOnlyDb {
    /// Opens the database in `file`, which must be there.
    /// Fails when it cannot be read, is another program's, or is older or newer than this program.
    pub(crate) async fn open(file: &Path) -> Result<Self, ReadError> {
        opening::inspect(file).await?;
        let mut log = file.as_os_str().to_owned();
        log.push("-wal");
        // A program that has it open keeps a log beside it. Without one, SQLite need make none for reading.
        let immutable = !Path::new(&log).exists();
        let options =
            SqliteConnectOptions::new().filename(file).read_only(true).immutable(immutable).busy_timeout(BUSY);
        let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.map_err(OpenError::from)?;
        let mut connection = pool.acquire().await.map_err(OpenError::from)?;
        opening::must_be_ours(&mut connection).await?;
        migrations::check(&mut connection).await?;
        drop(connection);
        let conn = Conn(Inner::Pool(pool.clone()));
        Ok(Self { pool, conn })
    }

    #[must_use]
    pub(crate) const fn read(&self) -> &Conn {
        &self.conn
    }

    pub(crate) async fn close(&self) {
        self.pool.close().await;
    }
}
