//! Start-up: opens and migrates the database, and makes the state. Every failure is a sentence that says what and where.

use std::sync::Arc;

use axum_extra::routing::TypedPath;
use tokio::sync::Mutex;

use super::{
    data_directory::DataDirectory,
    media_place, other_names,
    rules::{self, Rules},
    terminal::say,
};
use crate::{
    admin::paths::{CompanyCallbackPath, DashboardPath},
    clock::Clock,
    config::Config,
    db::{address::DatabaseAddress, migrations, pool::Db, read_only::ReadOnlyDb},
    histogram::Histogram,
    mail::mailer::Mailer,
    model::{
        app_key, audit_log,
        document::types,
        password::{Cost, Hasher},
        relying_party::RelyingParty,
        schedule, settings, steady_clock,
    },
    next_due::NextDue,
    oidc::provider::CompanyProvider,
    render::site_paths::{HealthPath, MEDIA_BASE, ReadinessPath, SearchPath},
    search::state::Search,
    state::{
        app_state::{App, AppState},
        backup_work::BackupWork,
        comparing::Comparing,
        dead_links::DeadLinkCount,
        glossary_cache::GlossaryCache,
        login_attempts::LoginAttempts,
        nav_cache::NavCache,
        path_counter::PathCounter,
        readiness::Readiness,
        shown_heads::ShownHeads,
        templates::Templates,
    },
    web::{
        cache::response_cache::ResponseCache,
        fault_log::FaultLog,
        network_semaphore::NetworkSemaphore,
        proxies::Proxies,
        request_counts::{RequestClass, RequestCounts},
        security_log::SecurityLog,
        throttle::Throttle,
    },
    webhook::client::WebhookClient,
    work::Limit,
};

/// The memory for lists of pages, as one part in so many of that for finished pages.
const NAV_CACHE: u64 = 2;

/// What requests at and below some paths are for, in the metrics; everything else is for pages.
const REQUEST_CLASSES: [RequestClass; 6] = [
    ("admin", &[DashboardPath::PATH]),
    ("asset", &["/static"]),
    ("media", &[MEDIA_BASE]),
    ("api", &["/api"]),
    ("search", &[SearchPath::PATH]),
    ("health", &[HealthPath::PATH, ReadinessPath::PATH]),
];

/// Large pages that are rendered at one time, and how many more may wait for that.
const RENDERING: (usize, usize) = (4, 256);
/// Files for the media library that are prepared at one time, each in up to half a gigabyte of memory, and how many more may wait.
const PREPARING: (usize, usize) = (1, 64);
/// Forms of users who are signed out that are read at one time: in all, and of one network.
const SIGNED_OUT: (usize, usize) = (16, 4);
/// The same on devices on which they have signed in before: in all, and of one user. No stranger can take these.
const KNOWN_SIGNED_OUT: (usize, usize) = (16, 4);
/// Searches of visitors that are answered or wait at one time, in the same way.
const SEARCHING: (usize, usize) = (64, 16);

/// Opens the database, creating the directories and the file when they are missing, and brings it up to date.
pub async fn open(config: &Config) -> Result<Db, String> {
    let directory = DataDirectory::of(config)?;
    if !config.new_site {
        directory.refuse_missing_mount()?;
    }
    directory.make_directories()?;
    directory.refuse_unfinished_restore()?;
    if !config.new_site {
        directory.refuse_traces(false)?;
    }
    directory.file().map_or(Ok(()), other_names::refuse)?;
    let (name, setting) = (&directory.database, directory.setting);
    let db = Db::open(name).await.map_err(|fault| {
        format!("The database {name} cannot be opened: {fault}. Put that right, or set {setting} to another place.")
    })?;
    if db.is_new() && !config.new_site {
        directory.refuse_traces(true)?;
    }
    migrations::run(&db).await.map_err(|fault| format!("The database {name} cannot be used: {fault}."))?;
    audit_log::head(db.read()).await.map_err(|error| {
        format!(
            "The database {name} cannot be used: the newest entry of its audit log cannot be read, as {}. Keep a copy of it and \
             of what lies beside it, and restore a backup.",
            error.for_terminal()
        )
    })?;
    Ok(db)
}

/// The same for commands that only ask: a missing database is not made.
/// Errors: a sentence for the maintainer.
pub(crate) async fn open_existing(config: &Config) -> Result<Db, String> {
    find_database(config)?;
    open(config).await
}

/// Opens the database of a site as it is, to copy it: it may be one of an older version, and stays one.
/// Errors: a sentence for the maintainer.
pub(super) async fn open_as_it_is(config: &Config) -> Result<Db, String> {
    let name = find_database(config)?;
    Db::open(&name).await.map_err(|fault| format!("The database {name} cannot be opened: {fault}."))
}

/// The same for commands that only read: nothing in the database or beside it is changed.
/// Errors: a sentence for the maintainer.
pub(crate) async fn open_read_only(config: &Config) -> Result<ReadOnlyDb, String> {
    let name = find_database(config)?;
    ReadOnlyDb::open(&name).await.map_err(|fault| format!("The database {name} cannot be read: {fault}."))
}

/// Where the database is, if there is a file that has no other name; a server says itself what it does not have.
fn find_database(config: &Config) -> Result<DatabaseAddress, String> {
    let directory = DataDirectory::of(config)?;
    directory.refuse_unfinished_restore()?;
    match directory.file() {
        Some(file) if !file.exists() => {
            Err(format!("There is no database at {}. Set PLINTH_DATA or DATABASE_URL.", file.display()))
        }
        file => {
            file.map_or(Ok(()), other_names::refuse)?;
            Ok(directory.database)
        }
    }
}

/// Lets a server prepare for what was written to it all at once; says so when that failed.
pub(super) async fn renew_statistics(db: &Db) {
    if let Err(error) = db.renew_statistics().await {
        say(&format!("The server has not counted the rows yet, so it may be slow for some minutes: {error}"));
    }
}

/// Makes the state that handlers share; `cost` is `Cost::Usual` except in tests.
/// Errors: a sentence for the maintainer.
pub async fn state(config: Config, db: Db, clock: Clock, cost: Cost) -> Result<App, String> {
    state_with_rules(config, db, clock, cost, Rules::default()).await
}

/// The same by these rules.
pub async fn state_with_rules(
    config: Config,
    db: Db,
    clock: Clock,
    cost: Cost,
    Rules { fields, policy }: Rules,
) -> Result<App, String> {
    let rules = rules::of(fields, config.origin());
    types::refresh(&rules.fields, db.read()).await.map_err(|error| error.for_terminal())?;
    db.site_version().raise(settings::site_version(db.read()).await.map_err(|error| error.for_terminal())?);
    steady_clock::resume(db.read(), &clock).await.map_err(|error| error.for_terminal())?;
    let signing_key = app_key::get(&db, "form").await.map_err(|error| error.for_terminal())?;
    let next_due = NextDue::new(clock.clone());
    next_due.set(schedule::next_due(db.read()).await.map_err(|error| error.for_terminal())?);
    let memory = config.page_cache.saturating_mul(1024 * 1024);
    Ok(Arc::new(AppState {
        contact_throttle: Throttle::default(),
        pages: Arc::new(ResponseCache::new(memory, db.site_version().clone(), next_due.clone(), clock.clone())),
        request_counts: Arc::new(RequestCounts::new(&REQUEST_CLASSES, "page")),
        render_time: Histogram::new(),
        next_due,
        carrying_out: Mutex::default(),
        glossary: GlossaryCache::new(db.site_version().clone()),
        nav_cache: NavCache::new(memory / NAV_CACHE, db.site_version().clone(), rules.fields.clone()),
        dead_links: DeadLinkCount::new(db.site_version().clone()),
        submissions: Arc::default(),
        rendering: Limit::new(RENDERING.0, RENDERING.1),
        comparing: Comparing::default(),
        preparing: Limit::new(PREPARING.0, PREPARING.1),
        media: media_place::open(&config)?,
        mailer: Mailer::of(&config.mail)?,
        company: CompanyProvider::of(&config.oidc, config.origin() + CompanyCallbackPath::PATH)?,
        webhooks: WebhookClient::of(config.webhooks)?,
        searching: NetworkSemaphore::new(SEARCHING.0, SEARCHING.1),
        signed_out: NetworkSemaphore::new(SIGNED_OUT.0, SIGNED_OUT.1),
        known_signed_out: NetworkSemaphore::new(KNOWN_SIGNED_OUT.0, KNOWN_SIGNED_OUT.1),
        proxies: Arc::new(Proxies::new(&config.trusted_proxies, config.needs_proxy())),
        path_counter: PathCounter::default(),
        shown_heads: ShownHeads::default(),
        backup_work: BackupWork::default(),
        login_attempts: LoginAttempts::new(config.login_limit),
        security_log: Arc::new(SecurityLog::new(clock.clone())),
        fault_log: FaultLog::new(clock.clone()),
        readiness: Readiness::default(),
        relying_party: RelyingParty::of(config.public_url.as_ref(), &signing_key),
        hasher: Hasher::new(cost),
        search: Search::new(config.data.join("search"), rules.fields.clone()),
        rules,
        policy,
        db,
        config,
        clock,
        templates: Templates::default(),
        signing_key,
    }))
}
