//! The opened database of a server: several connections that read, and one that writes.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicBool, Ordering},
};

use sqlx::{
    Connection, FromRow,
    postgres::{PgArguments, PgRow},
};
use tokio::sync::Semaphore;

use super::{
    address::ServerAddress, answer, connections::Connections, listener::Nodes, opening, readers::PostgresReaders,
};
use crate::{
    db::{missing_database::MissingDatabase, opening::OpenError, readers::readers},
    error::{Error, Result},
};

/// The tables of our schema, and the first one that this user may not read and write.
const TABLES: &str = "select count(*), min(case when not (has_table_privilege(c.oid, 'select') \
    and has_table_privilege(c.oid, 'insert') and has_table_privilege(c.oid, 'update') \
    and has_table_privilege(c.oid, 'delete')) then cast(c.relname as text) end) \
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = current_schema() and c.relkind = 'r'";
/// By the name that the listener of a node has.
const SERVED: &str = "select exists (select 1 from pg_stat_activity where datname = current_database() \
    and application_name = 'plinth node')";
const SIZE: &str = "select pg_database_size(current_database())";
/// More than SQLite needs: while the server works, others of ours can wait for it too.
const READERS: u32 = 8;

pub(in crate::db) struct PostgresDb {
    pub(in crate::db) readers: PostgresReaders,
    pub(super) writer: Connections,
    /// Transactions of this process wait for each other here, and for those of others by the lock.
    pub(super) turn: Arc<Semaphore>,
    pub(in crate::db) address: ServerAddress,
    pub(in crate::db) nodes: Nodes,
    /// Nothing was in it when it was opened.
    pub(in crate::db) is_new: bool,
    /// Another database is in its place; nothing makes that good but another start.
    replaced: AtomicBool,
    /// How many tables there were when that was asked first.
    tables: OnceLock<i64>,
}

impl PostgresDb {
    /// Opens a database that must be there.
    /// Fails when it cannot be reached, is another program's, or cannot be written.
    pub(in crate::db) async fn open(address: &ServerAddress) -> Result<Self, OpenError> {
        let is_new = opening::is_blank(address).await?;
        // The other way to it is tried as well, before anything relies on it.
        if address.has_two_ways {
            opening::must_lead_to_one(address).await?;
        }
        Ok(Self {
            readers: PostgresReaders {
                connections: Connections::new(readers().max(READERS), address.usual.clone()),
                keeps_statements: address.keeps_statements,
            },
            writer: Connections::new(1, address.usual.clone()),
            turn: Arc::new(Semaphore::new(1)),
            address: address.clone(),
            nodes: Nodes::default(),
            is_new,
            replaced: AtomicBool::new(false),
            tables: OnceLock::new(),
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

    /// Whether all tables are still there, and may be read and written.
    /// `Storage` with a clause that says what is wrong.
    pub(in crate::db) async fn check_tables(&self) -> Result<()> {
        let (tables, closed): (i64, Option<String>) = self.ask(TABLES).await?;
        if tables < *self.tables.get_or_init(|| tables) {
            return Err(Error::Storage("tables of the database are gone, or its schema is".to_owned()));
        }
        closed.map_or(Ok(()), |table| {
            Err(Error::Storage(format!("the user may not read and write the table {table} any more")))
        })
    }

    /// How many bytes the database takes.
    pub(in crate::db) async fn size(&self) -> Result<u64> {
        let (bytes,): (i64,) = self.ask(SIZE).await?;
        Ok(u64::try_from(bytes).unwrap_or_default())
    }

    /// Whether any node serves the database.
    pub(in crate::db) async fn is_served(&self) -> Result<bool> {
        Ok(self.ask::<(bool,)>(SERVED).await?.0)
    }

    async fn ask<T: for<'r> FromRow<'r, PgRow>>(&self, sql: &'static str) -> sqlx::Result<T> {
        let rows = self.readers.all(sql, PgArguments::default()).await?;
        T::from_row(rows.first().ok_or(sqlx::Error::RowNotFound)?)
    }

    /// Has the server count what is in the tables and tidy them, which it would do by itself a minute later. Until then it
    /// reads whole tables where an index would do.
    pub(in crate::db) async fn renew_statistics(&self) -> Result<()> {
        // As long as it takes, so on a connection of its own, and not through a pooler.
        let mut connection = answer::connect(&self.address.direct).await?;
        sqlx::raw_sql("vacuum (analyze)").execute(&mut connection).await?;
        Ok(connection.close().await?)
    }

    /// Lets the last statements finish and closes the connections.
    pub(in crate::db) async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}
