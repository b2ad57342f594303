//! What every handler is given: the opened database, the configuration, the clock, the templates, the limits.

use std::sync::Arc;

use super::{
    audit_check::AuditChecks, login_attempts::LoginAttempts, nav_cache::NavCache, readiness::Readiness,
    templates::Templates,
};
use crate::{
    config::Config,
    db::{conn::Conn, pool::Db, transaction},
    error::Result,
    model::{actor::Actor, document::rules::DocumentRules, password::Hasher, write::Write},
    search::state::Search,
    text::time::{Clock, Timestamp},
    web::{
        cache::response_cache::ResponseCache, security_log::SecurityLog, share::Shares, submissions::Submissions,
        throttle::Throttle,
    },
    work::Limit,
};

/// Cheap to clone.
pub type App = Arc<AppState>;

/// See the file's head.
pub struct AppState {
    /// The database.
    pub db: Db,
    /// The maintainer's settings.
    pub config: Config,
    /// The one clock.
    pub clock: Clock,
    /// The templates.
    pub templates: Templates,
    /// What documents may be.
    pub rules: DocumentRules,
    /// The finished pages.
    pub pages: Arc<ResponseCache>,
    /// What pages list of one another.
    pub nav_cache: NavCache,
    /// Full-text search.
    pub search: Search,
    /// Signs what travels through forms.
    pub signing_key: String,
    /// Messages per network and hour.
    pub contact_throttle: Throttle,
    /// Wrong passwords per network, account and device.
    pub login_attempts: LoginAttempts,
    /// Forms that were sent a moment ago.
    pub submissions: Arc<Submissions>,
    /// Rendering of what is large.
    pub rendering: Limit,
    /// Forms of users whose session has ended, while they are read.
    pub signed_out: Arc<Shares>,
    /// The check of the audit log.
    pub audit_checks: AuditChecks,
    /// What is written of refusals and sign-ins.
    pub security_log: Arc<SecurityLog>,
    /// Whether the site can read and write.
    pub readiness: Readiness,
    /// Makes and checks the hashes of passwords.
    pub hasher: Hasher,
}

impl AppState {
    /// Where to read from.
    #[must_use]
    pub const fn read(&self) -> &Conn {
        self.db.read()
    }

    /// The present.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The time that limits and sessions are measured in; nobody can set it.
    #[must_use]
    pub fn steady(&self) -> Timestamp {
        self.clock.steady()
    }

    /// Begins a change in the name of `actor`.
    pub async fn write(&self, actor: Actor) -> Result<Write> {
        Write::begin(&self.db, &self.clock, actor, self.rules.clone()).await
    }

    /// Writes one row that means nothing, to see whether writing works.
    ///
    /// # Errors
    /// `Storage` when it does not.
    pub async fn check_writing(&self) -> Result<()> {
        transaction::check_writing(&self.db).await
    }
}
