//! Start-up: opens and migrates the database, and makes the state. Every failure is a sentence that says what and where.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::{
    config::Config,
    db::{
        migrations,
        pool::{self, Db},
    },
    face::{
        audit_check::AuditChecks, lists::Lists, state::App, state::State, templates::Templates,
        wrong_passwords::WrongPasswords,
    },
    model::{
        password::{Cost, Hasher},
        secret, settings,
    },
    search::state::Search,
    text::time::Clock,
    web::{cache::store::Store, security_log::SecurityLog, share::Shares, throttle::Throttle},
    work::Limit,
};

/// The lists that pages show of others may take one part in so many of what finished pages may.
const LISTS: u64 = 2;

/// Large pages that are rendered at one time, and how many more may wait for that.
const RENDERING: (usize, usize) = (4, 256);
/// Forms of people who are signed out that are read at one time: in all, and of one network.
const SIGNED_OUT: (usize, usize) = (16, 4);

/// Opens the database, creating the data directory and the file when they are missing, and brings it up to date.
///
/// # Errors
/// A sentence for the maintainer.
pub async fn open(config: &Config) -> Result<Db, String> {
    let (url, file) = place(config)?;
    let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty());
    make_directory(parent.unwrap_or(Path::new(".")))?;
    let place = file.display();
    let db = Db::open(&url).await.map_err(|error| format!("The database {place} cannot be opened: {error}"))?;
    migrations::run(&db).await.map_err(|fault| format!("The database {place} cannot be used: {fault}."))?;
    Ok(db)
}

/// The same for commands that only ask: one that is not there is not made.
///
/// # Errors
/// A sentence for the maintainer.
pub async fn open_existing(config: &Config) -> Result<Db, String> {
    let (_, file) = place(config)?;
    if !file.exists() {
        return Err(format!("There is no database at {}. Set PLINTH_DATA or DATABASE_URL.", file.display()));
    }
    open(config).await
}

/// The database's address and its file.
fn place(config: &Config) -> Result<(String, PathBuf), String> {
    let url = config.database();
    if !url.starts_with("sqlite:") {
        return Err("DATABASE_URL must begin with sqlite: as in sqlite:data/plinth.db".to_owned());
    }
    let file = pool::file(&url).map_err(|error| format!("DATABASE_URL cannot be understood: {error}"))?;
    Ok((url, file))
}

fn make_directory(path: &Path) -> Result<(), String> {
    std::fs::create_dir_all(path)
        .map_err(|error| format!("The data directory {} cannot be created: {error}", path.display()))?;
    // SQLite needs to write beside the file too, so the directory itself must be writable.
    let probe = path.join(".plinth-write-test");
    std::fs::write(&probe, b"")
        .and_then(|()| std::fs::remove_file(&probe))
        .map_err(|error| format!("The data directory {} cannot be written to: {error}", path.display()))
}

/// Makes the state that handlers share; `cost` is `Cost::Usual` but for tests.
///
/// # Errors
/// A sentence for the maintainer.
pub async fn state(config: Config, db: Db, clock: Clock, cost: Cost) -> Result<App, String> {
    let version = settings::site_version(db.read()).await.map_err(|error| error.to_string())?;
    db.stamp().raise(version);
    let signing_key = secret::get(&db, "form").await.map_err(|error| error.to_string())?;
    let memory = config.page_cache.saturating_mul(1024 * 1024);
    Ok(Arc::new(State {
        contact_throttle: Throttle::default(),
        pages: Arc::new(Store::new(memory, db.stamp().clone())),
        lists: Lists::new(memory / LISTS, db.stamp().clone()),
        submissions: Arc::default(),
        rendering: Limit::new(RENDERING.0, RENDERING.1),
        signed_out: Shares::new(SIGNED_OUT.0, SIGNED_OUT.1),
        audit_checks: AuditChecks::default(),
        wrong_passwords: WrongPasswords::new(config.login_limit),
        security_log: Arc::new(SecurityLog::new(clock.clone())),
        hasher: Hasher::new(cost),
        search: Search::new(config.data.join("search")),
        db,
        config,
        clock,
        templates: Templates::default(),
        signing_key,
    }))
}
