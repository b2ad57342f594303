//! What every handler is given: the opened database, the configuration, the clock, the templates, the limits.

use std::sync::Arc;

use tokio::sync::Mutex;

use super::{
    backup_work::BackupWork, comparing::Comparing, dead_links::DeadLinkCount, glossary_cache::GlossaryCache,
    login_attempts::LoginAttempts, nav_cache::NavCache, path_counter::PathCounter, readiness::Readiness,
    shown_heads::ShownHeads, templates::Templates,
};
use crate::{
    clock::{Clock, Timestamp},
    config::Config,
    db::{conn::Conn, pool::Db, transaction},
    error::Result,
    histogram::Histogram,
    mail::mailer::Mailer,
    media_files::store::MediaStore,
    model::{
        actor::Actor, document::rules::DocumentRules, password::Hasher, policy::Policy, relying_party::RelyingParty,
        schedule, write::Write,
    },
    next_due::NextDue,
    oidc::provider::CompanyProvider,
    search::state::Search,
    web::{
        cache::response_cache::ResponseCache, fault_log::FaultLog, network_semaphore::NetworkSemaphore,
        proxies::Proxies, request_counts::RequestCounts, security_log::SecurityLog, submissions::Submissions,
        throttle::Throttle,
    },
    webhook::client::WebhookClient,
    work::Limit,
};

pub type App = Arc<AppState>;

pub struct AppState {
    pub db: Db,
    pub config: Config,
    pub clock: Clock,
    pub templates: Templates,
    pub rules: DocumentRules,
    pub(crate) policy: Policy,
    pub pages: Arc<ResponseCache>,
    pub(crate) request_counts: Arc<RequestCounts>,
    /// How long the HTML of public pages takes.
    pub(crate) render_time: Histogram,
    pub nav_cache: NavCache,
    pub(crate) glossary: GlossaryCache,
    pub(crate) dead_links: DeadLinkCount,
    /// When visitors must see something else by a schedule.
    pub next_due: NextDue,
    /// Held while schedules are carried out.
    pub(crate) carrying_out: Mutex<()>,
    pub search: Search,
    /// Who is believed about the address of a client.
    pub(crate) proxies: Arc<Proxies>,
    /// Redirects that were followed, and paths at which there is nothing.
    pub(crate) path_counter: PathCounter,
    pub signing_key: String,
    pub contact_throttle: Throttle,
    /// Wrong passwords per network, account and device.
    pub login_attempts: LoginAttempts,
    /// Forms that were sent a moment ago.
    pub submissions: Arc<Submissions>,
    pub rendering: Limit,
    pub(crate) comparing: Comparing,
    /// Pictures that are decoded and written again.
    pub(crate) preparing: Limit,
    /// The files of the media library.
    pub(crate) media: MediaStore,
    /// The mail server; none when no e-mail is sent.
    pub(crate) mailer: Option<Mailer>,
    /// The provider of the company sign-in; none when there is none.
    pub(crate) company: Option<CompanyProvider>,
    /// What sends webhooks; none when they are off.
    pub(crate) webhooks: Option<WebhookClient>,
    /// Of visitors; editors have an index of their own.
    pub searching: Arc<NetworkSemaphore>,
    /// Forms of users whose session has ended, while they are read.
    pub signed_out: Arc<NetworkSemaphore>,
    /// The same from devices on which they have signed in before.
    pub(crate) known_signed_out: Arc<NetworkSemaphore>,
    pub shown_heads: ShownHeads,
    /// The backup that is being made, or that an administrator has asked for.
    pub(crate) backup_work: BackupWork,
    /// The lines about refusals and sign-ins.
    pub security_log: Arc<SecurityLog>,
    /// The lines about what many requests meet while something is broken.
    pub(crate) fault_log: FaultLog,
    /// Whether the site can read and write.
    pub readiness: Readiness,
    /// The site as passkeys know it; a sentence when it can have none.
    pub(crate) relying_party: Result<RelyingParty, &'static str>,
    /// Makes and checks the hashes of passwords.
    pub hasher: Hasher,
}

impl AppState {
    #[must_use]
    pub const fn read(&self) -> &Conn {
        self.db.read()
    }

    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The clock of limits and sessions, which nobody can set.
    #[must_use]
    pub fn steady(&self) -> Timestamp {
        self.clock.steady()
    }

    /// Whether the company sign-in is the only way in.
    #[must_use]
    pub(crate) fn has_only_company_sign_in(&self) -> bool {
        self.company.as_ref().is_some_and(CompanyProvider::is_only)
    }

    /// Begins a change in the name of `actor`.
    pub async fn write(&self, actor: Actor) -> Result<Write> {
        let write = Write::begin(&self.db, &self.clock, actor, self.rules.clone()).await?;
        Ok(write.with_mail(self.mailer.is_some()))
    }

    /// Asks the database when the next schedule is due.
    pub(crate) async fn find_next_due(&self) -> Result<()> {
        self.next_due.set(schedule::next_due(self.read()).await?);
        Ok(())
    }

    /// Makes a change in the name of `actor`: commits what `change` records, and rolls back when it fails or records
    /// nothing. Either way others can write again before the caller goes on.
    /// Errors: those of `change`; when the database fails.
    pub(crate) async fn change<T>(&self, actor: Actor, change: impl AsyncFnOnce(&mut Write) -> Result<T>) -> Result<T> {
        let mut write = self.write(actor).await?;
        let result = change(&mut write).await;
        write.finish(result).await
    }

    /// Writes one row without meaning, to see whether writing works.
    /// `Storage` when it does not.
    pub(crate) async fn check_writing(&self) -> Result<()> {
        transaction::check_writing(&self.db).await
    }
}
