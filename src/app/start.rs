//! Start-up: opens and migrates the database, and makes the state. Every failure is a sentence that says what and where.

use std::{path::Path, sync::Arc};

use crate::{
    config::Config,
    db::{migrations, pool::Db},
    face::{state::App, state::State, templates::Templates, wrong_passwords::WrongPasswords},
    model::{
        password::{Cost, Hasher},
        secret, settings,
    },
    search::state::Search,
    text::time::Clock,
    web::{cache::store::Store, throttle::Throttle},
};

/// Opens the database, creating the data directory and the file when they are missing, and brings it up to date.
///
/// # Errors
/// A sentence for the maintainer.
pub async fn open(config: &Config) -> Result<Db, String> {
    let url = config.database();
    let place =
        url.trim_start_matches("sqlite:").trim_start_matches("//").split('?').next().unwrap_or_default().to_owned();
    let parent = Path::new(&place).parent().filter(|parent| !parent.as_os_str().is_empty());
    make_directory(parent.unwrap_or(Path::new(".")))?;
    let db = Db::open(&url).await.map_err(|error| format!("The database {place} cannot be opened: {error}"))?;
    migrations::run(&db).await.map_err(|fault| format!("The database {place} cannot be used: {fault}."))?;
    Ok(db)
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
    Ok(Arc::new(State {
        contact_throttle: Throttle::per_hour(config.contact_limit),
        login_throttle: Throttle::per_hour(config.login_limit),
        pages: Arc::new(Store::new(config.page_cache.saturating_mul(1024 * 1024), db.stamp().clone())),
        wrong_passwords: WrongPasswords::default(),
        hasher: Hasher::new(cost),
        search: Search::new(config.data.join("search")),
        db,
        config,
        clock,
        templates: Templates::default(),
        signing_key,
    }))
}
