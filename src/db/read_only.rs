//! A database that is only looked at: opened for reading, refused when it is not in the form that this program knows, and
//! left as it was, with nothing beside it.

use std::{path::Path, time::Duration};

use sqlx::sqlite::SqliteConnectOptions;

use super::{
    address::DatabaseAddress,
    conn::{Conn, Inner},
    migrator::{self, MIGRATOR},
    opening::{self, OpenError},
    postgres,
    read_error::ReadError,
    sqlite_readers::{SqliteReaders, pool_options},
};

/// How long a read waits for another process.
const BUSY: Duration = Duration::from_secs(10);

pub(crate) struct ReadOnlyDb(Conn);

impl ReadOnlyDb {
    /// Opens the database at `address`, which must be there.
    /// Fails when it cannot be read, is another program's, or is older or newer than this program.
    pub(crate) async fn open(address: &DatabaseAddress) -> Result<Self, ReadError> {
        match address {
            DatabaseAddress::File(file) => Self::open_file(file).await,
            DatabaseAddress::Server(server) => {
                Ok(Self(Conn(Inner::Postgres(postgres::opening::read_only(server).await?))))
            }
        }
    }

    async fn open_file(file: &Path) -> Result<Self, ReadError> {
        opening::inspect(file).await?;
        let mut log = file.as_os_str().to_owned();
        log.push("-wal");
        // A program that has it open keeps a log beside it. Without one, SQLite need make none for reading.
        let immutable = !Path::new(&log).exists();
        let options =
            SqliteConnectOptions::new().filename(file).read_only(true).immutable(immutable).busy_timeout(BUSY);
        let pool = pool_options().max_connections(1).connect_with(options).await.map_err(OpenError::from)?;
        let mut connection = pool.acquire().await.map_err(OpenError::from)?;
        opening::must_be_ours(&mut connection).await?;
        migrator::check(&mut *connection, &MIGRATOR).await?;
        drop(connection);
        Ok(Self(Conn(Inner::Pool(SqliteReaders::only_looking(pool)))))
    }

    #[must_use]
    pub(crate) const fn read(&self) -> &Conn {
        &self.0
    }

    pub(crate) async fn close(&self) {
        match &self.0.0 {
            Inner::Pool(readers) => readers.pool.close().await,
            Inner::Postgres(readers) => readers.close().await,
            Inner::Transaction(_) | Inner::PostgresTransaction(_) => {}
        }
    }
}
