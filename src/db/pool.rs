//! The opened database: one handle, whichever of the two engines is behind it.

use std::path::Path;

use super::{
    address::DatabaseAddress,
    conn::{Conn, Inner},
    files::{DatabaseFiles, DatabaseSize},
    missing_database::MissingDatabase,
    opening::OpenError,
    postgres::pool::PostgresDb,
    sqlite::SqliteDb,
};
use crate::{
    error::{Error, Result},
    site_version::{CommitNotify, SiteVersion},
};

/// The opened database. Cheap to share behind an `Arc`.
pub struct Db {
    read: Conn,
    engine: Engine,
    site_version: SiteVersion,
    commits: CommitNotify,
}

pub(super) enum Engine {
    Sqlite(Box<SqliteDb>),
    Postgres(Box<PostgresDb>),
}

impl Db {
    /// Opens the database at `address`. A file is made when it is missing; a database of a server must be there.
    /// Fails when it cannot be opened, is no database, or is another program's.
    pub(crate) async fn open(address: &DatabaseAddress) -> Result<Self, OpenError> {
        let (engine, inner) = match address {
            DatabaseAddress::File(file) => {
                let db = SqliteDb::open(file).await?;
                let inner = Inner::Pool(db.readers.clone());
                (Engine::Sqlite(Box::new(db)), inner)
            }
            DatabaseAddress::Server(server) => {
                let db = PostgresDb::open(server).await?;
                let inner = Inner::Postgres(db.readers.clone());
                (Engine::Postgres(Box::new(db)), inner)
            }
        };
        Ok(Self { read: Conn(inner), engine, site_version: SiteVersion::default(), commits: CommitNotify::default() })
    }

    /// Whether a server keeps the database, not a file.
    #[must_use]
    pub(crate) const fn is_server(&self) -> bool {
        matches!(&self.engine, Engine::Postgres(_))
    }

    /// Whether a server keeps the database and nothing is in it yet.
    #[must_use]
    pub(crate) fn is_new(&self) -> bool {
        matches!(&self.engine, Engine::Postgres(db) if db.is_new)
    }

    /// Where to read from outside a transaction.
    #[must_use]
    pub const fn read(&self) -> &Conn {
        &self.read
    }

    pub(super) const fn engine(&self) -> &Engine {
        &self.engine
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
        match &self.engine {
            Engine::Sqlite(db) => db.enlarge_write_cache().await,
            Engine::Postgres(_) => Ok(()),
        }
    }

    /// Has a server count what is in its tables, after much was written at once: until it has, it plans poorly.
    /// `Storage` when that fails; nothing is lost then, and the server does it by itself later.
    pub(crate) async fn renew_statistics(&self) -> Result<()> {
        match &self.engine {
            Engine::Sqlite(_) => Ok(()),
            Engine::Postgres(db) => db.renew_statistics().await,
        }
    }

    /// Whether the database is still the one that was opened.
    /// Errors: what is not.
    pub(crate) async fn check_files(&self) -> Result<(), MissingDatabase> {
        match &self.engine {
            Engine::Sqlite(db) => db.files.check().await,
            Engine::Postgres(db) => db.check_kept(),
        }
    }

    /// Whether all tables of a server are there and may be written; a file has them or is damaged.
    /// `Storage` with a clause that says what is wrong.
    pub(crate) async fn check_tables(&self) -> Result<()> {
        match &self.engine {
            Engine::Sqlite(_) => Ok(()),
            Engine::Postgres(db) => db.check_tables().await,
        }
    }

    /// Waits until it is noticed that the files hold something else than what was written to them.
    pub(crate) async fn spoils(&self) {
        match &self.engine {
            Engine::Sqlite(db) => db.files.spoils().await,
            Engine::Postgres(_) => std::future::pending().await,
        }
    }

    /// From now on the database counts as lost: what is in it is not what was written to it.
    pub(crate) fn note_overwritten(&self) {
        match &self.engine {
            Engine::Sqlite(db) => db.files.note_overwritten(),
            Engine::Postgres(db) => db.note_replaced(),
        }
    }

    /// A reader that has nothing in memory and sees what is in the database now. None: that is no sound database of ours.
    /// `Storage` when it cannot be found out.
    pub(crate) async fn sound_reader(&self) -> Result<Option<Conn>> {
        match &self.engine {
            Engine::Sqlite(db) => db.sound_reader().await,
            Engine::Postgres(db) => Ok(Some(Conn(Inner::Postgres(db.readers.clone())))),
        }
    }

    /// The files, as they were opened; none when a server keeps the database.
    #[must_use]
    pub(crate) fn files(&self) -> Option<&DatabaseFiles> {
        match &self.engine {
            Engine::Sqlite(db) => Some(&db.files),
            Engine::Postgres(_) => None,
        }
    }

    /// Writes the log back into the file and cuts it, so that nothing deleted can be read in it; whether nobody was in
    /// the way. A server looks after its own log.
    /// `Storage` when it cannot be done.
    pub(crate) async fn checkpoint(&self) -> Result<bool> {
        match &self.engine {
            Engine::Sqlite(db) => db.checkpoint().await,
            Engine::Postgres(_) => Ok(true),
        }
    }

    /// Writes what the log holds into the file, as far as nobody is in the way: a storage that takes the log may not take
    /// the file. A server looks after its own.
    /// `Storage` when it cannot be done.
    pub(crate) async fn write_back(&self) -> Result<()> {
        match &self.engine {
            Engine::Sqlite(db) => db.write_back().await,
            Engine::Postgres(_) => Ok(()),
        }
    }

    /// Copies the database, as it is at one moment, into a file that is empty or not there, while others go on reading and
    /// writing.
    /// Fails when the file cannot be written, the database not be read, or a server keeps it.
    pub(crate) async fn copy_to(&self, file: &Path) -> Result<()> {
        match &self.engine {
            Engine::Sqlite(db) => db.copy_to(file).await,
            Engine::Postgres(_) => Err(Error::Internal(
                "this database is kept by PostgreSQL, which has programs of its own for that, such as pg_dump"
                    .to_owned(),
            )),
        }
    }

    /// What is wrong with the whole file, a few sentences at most; a server looks after its own.
    /// `Storage` when it cannot be read.
    pub(crate) async fn faults(&self) -> Result<Vec<String>> {
        match &self.engine {
            Engine::Sqlite(db) => db.faults().await,
            Engine::Postgres(_) => Ok(Vec::new()),
        }
    }

    /// How large it is.
    /// `Storage` when it cannot be found out.
    pub(crate) async fn size(&self) -> Result<DatabaseSize> {
        match &self.engine {
            Engine::Sqlite(db) => db.files.size().await,
            Engine::Postgres(db) => Ok(DatabaseSize { bytes: db.size().await?, log_bytes: None }),
        }
    }

    /// Lets the last statements finish and closes the connections.
    pub async fn close(&self) {
        match &self.engine {
            Engine::Sqlite(db) => db.close().await,
            Engine::Postgres(db) => db.close().await,
        }
    }
}
