//! What is looked at: the machine with its settings, and the site in its database. Knows no check.

use std::path::{Path, PathBuf};

use crate::{
    clock::Timestamp,
    config::Config,
    db::{conn::Conn, files::DatabaseFiles},
    search::{index_kind::IndexKind, position_on_disk},
    state::app_state::App,
};

/// Settings and files.
#[derive(Clone)]
pub(crate) struct Machine {
    pub(super) config: Config,
    /// The file of the database; none when a server keeps it.
    pub(super) database: Option<PathBuf>,
    /// What the serving program has seen proxies do wrong.
    pub(super) seen_of_proxies: Vec<&'static str>,
}

impl Machine {
    #[must_use]
    pub(crate) fn new(config: &Config, database: Option<&Path>) -> Self {
        Self { config: config.clone(), database: database.map(Path::to_owned), seen_of_proxies: Vec::new() }
    }

    /// That of the program that serves.
    #[must_use]
    pub(crate) fn serving(app: &App) -> Self {
        let database = app.db.files().map(DatabaseFiles::database);
        Self { seen_of_proxies: app.proxies.seen(), ..Self::new(&app.config, database) }
    }
}

/// What is in the database.
pub(crate) struct Site<'a> {
    pub(super) db: &'a Conn,
    pub(super) config: &'a Config,
    pub(super) now: Timestamp,
    /// Whether a server keeps the database.
    pub(super) is_on_server: bool,
    /// The entry of the audit log up to which the index for visitors is true; none while there is no index.
    pub(super) found_until: Option<i64>,
}

impl<'a> Site<'a> {
    /// As it lies there, whether it is served or not.
    #[must_use]
    pub(crate) fn on_disk(db: &'a Conn, config: &'a Config, now: Timestamp, is_on_server: bool) -> Self {
        let found_until = position_on_disk::find(&config.data.join("search"), IndexKind::Public);
        Self { db, config, now, is_on_server, found_until }
    }

    /// As the program knows it that serves it.
    #[must_use]
    pub(crate) fn serving(app: &'a App) -> Self {
        let found_until = app.search.snapshot(IndexKind::Public).map(|index| index.followed);
        Self { db: app.read(), config: &app.config, now: app.now(), is_on_server: app.db.is_server(), found_until }
    }
}
