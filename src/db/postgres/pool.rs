//! The opened database of a server: several connections that read, and one that writes.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use sqlx::{ConnectOptions, Connection, PgPool, postgres::PgPoolOptions};
use tokio::sync::Semaphore;

use super::{
    address::ServerAddress,
    listener::Nodes,
    opening,
    readers::{IDLE, PostgresReaders},
};
use crate::db::{files::MissingDatabase, opening::OpenError, readers::readers};

/// How long a connection is waited for; when the server is away, users wait as long for a sentence.
const ACQUIRE: Duration = Duration::from_secs(5);
/// More than SQLite needs: while the server works, others of ours can wait for it too.
const READERS: u32 = 8;

pub(in crate::db) struct PostgresDb {
    pub(in crate::db) readers: PostgresReaders,
    pub(super) writer: PgPool,
    /// Transactions of this process wait for each other here, and for those of others by the lock.
    pub(super) turn: Arc<Semaphore>,
    pub(in crate::db) address: ServerAddress,
    pub(in crate::db) nodes: Nodes,
    /// Nothing was in it when it was opened.
    pub(in crate::db) is_new: bool,
    /// Another database is in its place; nothing makes that good but another start.
    replaced: AtomicBool,
}

impl PostgresDb {
    /// Opens a database that must be there.
    /// Fails when it cannot be reached, is another program's, or cannot be written.
    pub(in crate::db) async fn open(address: &ServerAddress) -> Result<Self, OpenError> {
        let mut connection = address.direct.connect().await?;
        opening::inspect(&mut connection).await?;
        let is_new = !opening::is_begun(&mut connection).await?;
        connection.close().await?;
        // The other way to it is tried as well, before anything relies on it.
        address.usual.connect().await?.close().await?;
        let readers = pool(readers().max(READERS), address);
        Ok(Self {
            readers: PostgresReaders { pool: readers, keeps_statements: address.keeps_statements },
            writer: pool(1, address),
            turn: Arc::new(Semaphore::new(1)),
            address: address.clone(),
            nodes: Nodes::default(),
            is_new,
            replaced: AtomicBool::new(false),
        })
    }

    /// From now on the database counts as lost.
    pub(in crate::db) fn note_replaced(&self) {
        self.replaced.store(true, Ordering::Relaxed);
    }

    /// Whether it is still the database that was opened, in the form that this program knows.
    /// Errors: that it is not.
    pub(in crate::db) fn check_kept(&self) -> Result<(), MissingDatabase> {
        if self.replaced.load(Ordering::Relaxed) {
            return Err(MissingDatabase::replaced(&self.address));
        }
        if self.nodes.is_outdated.load(Ordering::Relaxed) {
            Err(MissingDatabase::outdated(&self.address))
        } else {
            Ok(())
        }
    }

    /// Lets the last statements finish and closes the connections.
    pub(in crate::db) async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

fn pool(connections: u32, address: &ServerAddress) -> PgPool {
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE)
        .test_before_acquire(false)
        .before_acquire(|connection, metadata| {
            let rested = metadata.idle_for > IDLE;
            Box::pin(async move { Ok(!rested || connection.ping().await.is_ok()) })
        })
        .connect_lazy_with(address.usual.clone())
}
