//! The names that a filter of the log may have: the parts of the program that write to it, and the libraries. A misspelt
//! name would filter nothing, and nobody would notice.

/// Parts of libraries are not listed: a filter may name any.
const LIBRARIES: [&str; 13] = [
    "axum",
    "hyper",
    "hyper_util",
    "sqlx",
    "tantivy",
    "tokio",
    "tower",
    "tower_cookies",
    "tower_http",
    "tower_sessions",
    "tower_sessions_core",
    "webauthn_rs",
    "webauthn_rs_core",
];

/// The access log, the security log, and every module that writes to the log. A filter may name a module above them.
const OWN: [&str; 39] = [
    "plinth::access",
    "plinth::admin::audit_log::check",
    "plinth::admin::messages::export",
    "plinth::admin::shared::cut_log",
    "plinth::admin::sign_in::company",
    "plinth::app::background",
    "plinth::app::backup_upload",
    "plinth::app::doctor",
    "plinth::app::drill",
    "plinth::app::due",
    "plinth::app::lock",
    "plinth::app::mailing",
    "plinth::app::scheduled_backup",
    "plinth::app::serve",
    "plinth::app::side_listener",
    "plinth::app::terminal",
    "plinth::app::tls",
    "plinth::app::watching",
    "plinth::app::webhooks",
    "plinth::clock::leap",
    "plinth::db::checkpoint",
    "plinth::db::file_watch",
    "plinth::db::postgres::listener",
    "plinth::db::postgres::transaction",
    "plinth::db::writer",
    "plinth::render::error_page",
    "plinth::search::index_store",
    "plinth::search::indexer",
    "plinth::search::rebuild",
    "plinth::search::reindex",
    "plinth::search::request",
    "plinth::security",
    "plinth::site::readiness",
    "plinth::web::fault_log",
    "plinth::web::proxies",
    "plinth::web::server::connection",
    "plinth::web::server::handshake",
    "plinth::web::server::hyper_path",
    "plinth::web::server::serve",
];

/// How alike two names are that may have been confused, of 1.
const NEAR: f64 = 0.8;
/// How many near names are told.
const TOLD: usize = 3;

/// Checks the name in a filter.
/// Errors: a clause that says what is wrong, with the names that may be meant.
pub(super) fn check(name: &str) -> Result<(), String> {
    let library = name.split("::").next().unwrap_or_default();
    let is_above = |own: &&str| own.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"));
    if LIBRARIES.contains(&library) || OWN.iter().any(is_above) {
        return Ok(());
    }
    let mut near: Vec<_> = LIBRARIES
        .iter()
        .chain(&["plinth"])
        .chain(&OWN)
        .map(|known| (strsim::normalized_damerau_levenshtein(name, known), *known))
        .filter(|(likeness, _)| *likeness >= NEAR)
        .collect();
    near.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    let near: Vec<_> = near.into_iter().take(TOLD).map(|(_, known)| known).collect();
    let meant = if near.is_empty() { String::new() } else { format!(" (did you mean {}?)", near.join(" or ")) };
    Err(format!("nothing named “{name}” writes to the log{meant}"))
}

#[cfg(test)]
mod tests {
    use std::{
        collections::BTreeSet,
        fs,
        path::{Path, PathBuf},
    };

    use super::*;

    fn sources(directory: &Path) -> Vec<PathBuf> {
        let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
        let (directories, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
        files.into_iter().chain(directories.iter().flat_map(|directory| sources(directory))).collect()
    }

    #[test]
    fn every_module_that_writes_to_the_log_is_listed() {
        let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"));
        let mut found = BTreeSet::new();
        for file in sources(root) {
            let text = fs::read_to_string(&file).unwrap();
            for call in ["error", "warn", "info", "debug", "trace"].map(|level| format!("tracing::{level}!(")) {
                for rest in text.split(&call).skip(1) {
                    let named = rest.trim_start().strip_prefix("target: \"").and_then(|rest| rest.split('"').next());
                    let module =
                        file.strip_prefix(root).unwrap().with_extension("").to_string_lossy().replace('/', "::");
                    found.insert(
                        named.map_or_else(|| format!("plinth::{}", module.trim_end_matches("::mod")), str::to_owned),
                    );
                }
            }
        }
        let listed: BTreeSet<_> = OWN.into_iter().map(str::to_owned).collect();
        assert_eq!(found, listed);
    }

    #[test]
    fn names_are_known_or_refused_with_the_near_ones() {
        for known in
            ["plinth", "plinth::access", "plinth::app", "plinth::app::background", "hyper::proto", "tower_http"]
        {
            assert_eq!(check(known), Ok(()), "{known}");
        }
        for (unknown, told) in [
            ("plinth::acess", "(did you mean plinth::access?)"),
            ("plinth::securty", "(did you mean plinth::security?)"),
            ("plinht", "(did you mean plinth?)"),
            ("tower_htp", "(did you mean tower_http?)"),
            ("plinth::ap", "writes to the log"),
            ("plinth::", "writes to the log"),
            ("plinth::app::", "writes to the log"),
            ("", "writes to the log"),
        ] {
            let refused = check(unknown).unwrap_err();
            assert!(refused.contains(told), "{unknown}: {refused}");
        }
    }
}
