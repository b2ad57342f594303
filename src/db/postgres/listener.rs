//! The connection of a node to the others: it hears of their commits, counts the nodes, and holds the lock of the one that
//! does the background work. The server gives the lock to another node when this connection ends.

use std::{
    sync::atomic::{AtomicBool, AtomicU32, Ordering},
    time::Duration,
};

use sqlx::{
    PgPool,
    postgres::{PgListener, PgPoolOptions},
};
use tokio::{
    sync::{Notify, watch},
    time::{MissedTickBehavior, interval, sleep, timeout},
};

use super::address::ServerAddress;
use crate::{db::migrator, site_version::SiteVersion};

/// What the trigger of the audit log notifies.
const CHANNEL: &str = "plinth_commit";
/// How often the server is asked whether it is there, who does the background work, and how many nodes there are.
const TICK: Duration = Duration::from_secs(1);
/// How long the server may take to answer.
const ANSWER: Duration = Duration::from_secs(3);
/// The server notices within seven seconds that a node's machine is gone, or that it is cut off: it asks each second.
/// PostgreSQL 13 cannot tell the latter where something between the two keeps the connection.
const GONE: &str = "set tcp_keepalives_idle = 3; set tcp_keepalives_interval = 2; set tcp_keepalives_count = 2; \
    set tcp_user_timeout = '7s'; \
    select set_config(name, '7s', false) from pg_settings where name = 'idle_session_timeout'";
/// By this the connections of nodes are told from all others.
const NAME: &str = "plinth node";

/// What is known of the other nodes.
pub(in crate::db) struct Nodes {
    /// Something was committed, perhaps.
    pub(in crate::db) heard: Notify,
    /// Whether this node does the background work.
    pub(in crate::db) leads: watch::Sender<bool>,
    count: AtomicU32,
    /// A newer program has brought the database up to date.
    pub(super) is_outdated: AtomicBool,
}

impl Default for Nodes {
    fn default() -> Self {
        Self {
            heard: Notify::new(),
            leads: watch::Sender::new(true),
            count: AtomicU32::new(1),
            is_outdated: AtomicBool::new(false),
        }
    }
}

impl Nodes {
    /// How many there are, this one included.
    pub(in crate::db) fn count(&self) -> u32 {
        self.count.load(Ordering::Relaxed)
    }

    /// Keeps the connection for as long as it is asked to. One that ends is made again.
    pub(in crate::db) async fn keep(&self, address: &ServerAddress, site_version: &SiteVersion) {
        let options = address.direct.clone().application_name(NAME);
        let mut told = false;
        loop {
            // A new one each time: what is left of the last connection may hang.
            let pool =
                PgPoolOptions::new().max_connections(1).acquire_timeout(ANSWER).connect_lazy_with(options.clone());
            let Err(error) = self.listen(&pool, &mut told, site_version).await;
            self.leads.send_if_modified(std::mem::take);
            if !told {
                tracing::warn!(%error, "nothing is heard of other nodes for now; the database is asked instead");
                told = true;
            }
            sleep(TICK).await;
        }
    }

    async fn listen(
        &self,
        pool: &PgPool,
        told: &mut bool,
        site_version: &SiteVersion,
    ) -> sqlx::Result<std::convert::Infallible> {
        let mut listener = PgListener::connect_with(pool).await?;
        listener.eager_reconnect(false);
        let begun = async {
            sqlx::raw_sql(GONE).execute(&mut listener).await?;
            listener.listen(CHANNEL).await
        };
        timeout(ANSWER, begun).await.map_err(|_| sqlx::Error::PoolTimedOut)??;
        if std::mem::take(told) {
            tracing::info!("other nodes are heard again");
        }
        // What was committed before this moment was not heard.
        self.heard.notify_one();
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                heard = listener.try_recv() => {
                    // Only a hint to look, for everyone who may connect can send it.
                    heard?.ok_or_else(|| sqlx::Error::Io(std::io::ErrorKind::ConnectionReset.into()))?;
                    self.heard.notify_one();
                }
                _ = ticks.tick() => {
                    let asked = timeout(ANSWER, self.ask(&mut listener, site_version)).await;
                    asked.map_err(|_| sqlx::Error::PoolTimedOut)??;
                }
            }
        }
    }

    /// From now on nothing is written.
    pub(super) fn note_outdated(&self) {
        if !self.is_outdated.swap(true, Ordering::Relaxed) {
            tracing::error!("a newer Plinth has changed the database: this node writes nothing any more");
        }
    }

    /// Takes the lock unless it is held here or elsewhere, counts, and reads the site version. A node that has not asked for a
    /// while is gone, though the server may not have noticed yet. The number of the lock is “Leader” in ASCII.
    async fn ask(&self, listener: &mut PgListener, site_version: &SiteVersion) -> sqlx::Result<()> {
        let leads = *self.leads.borrow();
        let (leads, nodes, applied, version): (bool, i64, String, i64) = sqlx::query_as(
            "select $1 or pg_try_advisory_lock(83998309377394), (select count(*) from pg_stat_activity \
             where datname = current_database() and application_name = $2 \
             and coalesce(query_start, backend_start) > clock_timestamp() - interval '5 seconds'), \
             (select coalesce(string_agg(cast(m.version as text), ','), '') from _sqlx_migrations m), \
             (select s.version from site s where s.id = 1)",
        )
        .bind(leads)
        .bind(NAME)
        .fetch_one(listener)
        .await?;
        site_version.raise(version);
        if !migrator::knows_all(&applied) {
            self.note_outdated();
        }
        self.count.store(u32::try_from(nodes).unwrap_or(u32::MAX).max(1), Ordering::Relaxed);
        self.leads.send_if_modified(|before| std::mem::replace(before, leads) != leads);
        Ok(())
    }
}
