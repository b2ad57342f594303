//! What this process knows of others that serve the same database.

use std::{future::pending, time::Duration};

use tokio::time::timeout;

use super::{
    file_watch::FileChanges,
    pool::{Db, Engine},
};

/// How soon a change by another node is noticed when nothing is heard of it.
const SERVER: Duration = Duration::from_millis(500);

impl Db {
    /// Keeps the connection to the other nodes, if there can be any, until it is dropped.
    pub(crate) async fn keep_contact(&self) {
        match &self.engine() {
            Engine::Sqlite(_) => pending().await,
            Engine::Postgres(db) => db.nodes.keep(&db.address, self.site_version()).await,
        }
    }

    /// Changes of the files of the database; where it has none here, a second passes for each.
    pub(crate) fn file_changes(&self) -> FileChanges {
        match &self.engine() {
            Engine::Sqlite(db) => db.changes(),
            Engine::Postgres(_) => FileChanges::polling(),
        }
    }

    /// Waits until another process may have committed something; the database itself says whether it has.
    pub(crate) async fn may_have_changed(&self, files: &mut FileChanges) {
        match &self.engine() {
            Engine::Sqlite(_) => files.next().await,
            Engine::Postgres(db) => {
                if timeout(SERVER, db.nodes.heard.notified()).await.is_ok() {
                    self.commits().notify();
                }
            }
        }
    }

    /// From now on this process is one of several, and waits until the background work is given to it.
    pub fn join_nodes(&self) {
        if let Engine::Postgres(db) = &self.engine() {
            db.nodes.leads.send_replace(false);
        }
    }

    /// Whether this process does the background work. One does at a time.
    #[must_use]
    pub fn leads(&self) -> bool {
        match &self.engine() {
            Engine::Sqlite(_) => true,
            Engine::Postgres(db) => *db.nodes.leads.borrow(),
        }
    }

    /// Waits until [`Self::leads`] says something else than `led`.
    pub(crate) async fn leader_changed(&self, led: bool) {
        match &self.engine() {
            Engine::Sqlite(_) => pending().await,
            // The sender is kept beside, so there is no error to wait for.
            Engine::Postgres(db) => drop(db.nodes.leads.subscribe().wait_for(|leads| *leads != led).await),
        }
    }

    /// Whether nodes serve the database of a server, as far as it says; who serves a file holds its lock.
    pub(crate) async fn is_served(&self) -> bool {
        match &self.engine() {
            Engine::Sqlite(_) => false,
            Engine::Postgres(db) => db.is_served().await.unwrap_or(false),
        }
    }

    #[must_use]
    pub fn nodes(&self) -> u32 {
        match &self.engine() {
            Engine::Sqlite(_) => 1,
            Engine::Postgres(db) => db.nodes.count(),
        }
    }
}
