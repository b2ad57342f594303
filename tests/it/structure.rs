//! The structure of the source: who may import whom, where SQL is, what every file and template must have.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use crate::imports::{self, files as sources};

/// Which layers each layer may import; `main` and tests may import all.
const LAYERS: [(&str, &[&str]); 26] = [
    ("clock", &[]),
    ("crypto", &[]),
    ("site_version", &[]),
    ("next_due", &["clock"]),
    ("histogram", &[]),
    ("error", &[]),
    ("text", &["clock", "error"]),
    ("config", &["crypto", "error"]),
    ("tls", &["clock"]),
    ("mail", &["config", "text"]),
    ("oidc", &["clock", "config", "text"]),
    ("webhook", &["config", "crypto", "text"]),
    ("work", &["error"]),
    ("db", &["clock", "error", "histogram", "site_version", "text"]),
    ("media_files", &["crypto", "error", "text"]),
    ("model", &["clock", "crypto", "db", "error", "media_files", "site_version", "text", "work"]),
    ("backup", &["clock", "crypto", "db", "error", "media_files", "model"]),
    ("web", &["clock", "crypto", "error", "histogram", "next_due", "site_version", "text", "work"]),
    ("search", &["db", "error", "model", "site_version", "text", "work"]),
    (
        "state",
        &[
            "clock",
            "config",
            "crypto",
            "db",
            "error",
            "histogram",
            "mail",
            "media_files",
            "model",
            "next_due",
            "oidc",
            "search",
            "site_version",
            "text",
            "web",
            "webhook",
            "work",
        ],
    ),
    (
        "doctor",
        &["backup", "clock", "config", "db", "error", "mail", "media_files", "model", "search", "state", "text", "tls"],
    ),
    ("render", &["clock", "crypto", "error", "model", "search", "state", "text", "web", "work"]),
    (
        "site",
        &[
            "clock",
            "crypto",
            "doctor",
            "error",
            "media_files",
            "model",
            "render",
            "search",
            "state",
            "text",
            "web",
            "work",
        ],
    ),
    (
        "admin",
        &[
            "backup",
            "clock",
            "crypto",
            "doctor",
            "error",
            "media_files",
            "model",
            "oidc",
            "render",
            "search",
            "state",
            "text",
            "web",
            "work",
        ],
    ),
    (
        "app",
        &[
            "admin",
            "backup",
            "clock",
            "config",
            "crypto",
            "db",
            "doctor",
            "error",
            "histogram",
            "mail",
            "media_files",
            "model",
            "next_due",
            "oidc",
            "render",
            "search",
            "site",
            "site_version",
            "state",
            "text",
            "tls",
            "web",
            "webhook",
            "work",
        ],
    ),
    ("lib", &[]),
];

/// What every noun of the admin area may import besides itself.
const SHARED_BY_NOUNS: [&str; 3] = ["admin::shared", "admin::documents", "admin::paths"];

fn layer(module: &str) -> &str {
    module.split("::").next().unwrap()
}

/// `admin::pages` for `admin::pages::index`.
fn noun(module: &str) -> String {
    module.split("::").take(2).collect::<Vec<_>>().join("::")
}

#[test]
fn imports_go_down_only() {
    let mut faults = Vec::new();
    for (module, imports) in imports::read() {
        let own = layer(&module);
        let (_, allowed) =
            LAYERS.iter().find(|(name, _)| *name == own).unwrap_or_else(|| panic!("unknown layer {own}"));
        for import in imports {
            let used = layer(&import);
            if used != own && !allowed.contains(&used) {
                faults.push(format!("{module} must not import {import}"));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn no_file_imports_itself_by_way_of_others() {
    let cycles = imports::cycles(&imports::read());
    assert!(cycles.is_empty(), "{cycles:#?}");
}

#[test]
fn a_noun_of_the_admin_area_is_no_library_for_another() {
    let mut faults = Vec::new();
    for (module, imports) in imports::read() {
        let own = noun(&module);
        if layer(&module) != "admin" || own == "admin" {
            continue;
        }
        for import in imports.iter().filter(|import| layer(import) == "admin" && noun(import) != own) {
            let used = noun(import);
            let upwards = own == "admin::shared" && used != "admin::paths";
            if !SHARED_BY_NOUNS.contains(&used.as_str()) || upwards {
                faults.push(format!("{module} must not import {import}"));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn paths_of_the_admin_area_are_written_once() {
    let mut faults = Vec::new();
    for (path, text) in sources("src") {
        let module = imports::module(&path);
        if layer(&module) != "admin" || ["admin::paths", "admin::shared::document_kinds"].contains(&module.as_str()) {
            continue;
        }
        let code = text.split("#[cfg(test)]\nmod ").next().unwrap();
        for line in code.lines().filter(|line| !line.trim_start().starts_with("//") && line.contains("\"/admin")) {
            faults.push(format!("{module}: {}", line.trim()));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn paths_of_the_site_are_written_once() {
    let mut faults = Vec::new();
    for (path, text) in sources("src") {
        let module = imports::module(&path);
        let code = text.split("#[cfg(test)]\nmod ").next().unwrap();
        let code = code.lines().filter(|line| !line.trim_start().starts_with("//") && module != "render::site_paths");
        for line in code {
            let paths = ["\"/healthz", "\"/readyz", "\"/robots", "\"/search", "\"/sitemap", "}/sitemap"];
            if paths.iter().any(|path| line.contains(path)) {
                faults.push(format!("{module}: {}", line.trim()));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn sql_is_in_the_model_and_the_database_only() {
    let words = ["select ", "insert into ", "update ", "delete from "];
    let mut faults = Vec::new();
    for (path, text) in sources("src") {
        if matches!(layer(&imports::module(&path)), "model" | "db") {
            assert!(!text.contains("AssertSqlSafe"), "{}: SQL is static text", path.display());
            continue;
        }
        for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
            if words.iter().any(|word| line.contains(&format!("\"{word}"))) || line.contains("sqlx::query") {
                faults.push(format!("{}: {line}", path.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn text_knows_no_clock_no_keys_and_no_database() {
    for (path, text) in sources("src/text") {
        let code = text.split("#[cfg(test)]\nmod ").next().unwrap();
        for bad in ["sqlx", "hmac", "sha2", "SystemTime", "Instant", "getrandom", "Timestamp"] {
            assert!(!code.contains(bad), "{} has {bad}", path.display());
        }
    }
}

#[test]
fn every_file_says_what_it_owns() {
    for (path, text) in sources("src").into_iter().chain(sources("tests")) {
        assert!(text.starts_with("//! "), "{} has no head", path.display());
        let lines = text.lines().count();
        let most = if path.starts_with(concat!(env!("CARGO_MANIFEST_DIR"), "/src")) { 300 } else { 400 };
        assert!(lines <= most, "{} has {lines} lines; split it", path.display());
    }
}

#[test]
fn no_two_public_types_have_one_name() {
    let mut known: BTreeMap<String, PathBuf> = BTreeMap::new();
    let mut faults = Vec::new();
    for (path, text) in sources("src") {
        // It is there in place of another.
        for name in text.lines().filter_map(public_type).filter(|_| !path.ends_with("no_file_events.rs")) {
            if let Some(other) = known.insert(name.to_owned(), path.clone()) {
                faults.push(format!("{name} is in {} and in {}", other.display(), path.display()));
            }
        }
    }
    assert!(known.len() > 200 && faults.is_empty(), "{faults:#?}");
}

/// The name of the type that a line begins, if other files can use it.
fn public_type(line: &str) -> Option<&str> {
    let rest = line.trim_start().strip_prefix("pub")?;
    let rest = if rest.starts_with('(') { rest.split_once(") ")?.1 } else { rest.strip_prefix(' ')? };
    let (keyword, rest) = rest.split_once(' ')?;
    let is_type = ["struct", "enum", "trait", "type"].contains(&keyword);
    rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().filter(|name| is_type && !name.is_empty())
}

#[test]
fn templates_have_no_script_and_no_style_of_their_own() {
    let mut waiting = vec![PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("templates")];
    let mut seen = 0;
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        seen += 1;
        let text = fs::read_to_string(&path).unwrap();
        for bad in
            ["<style", " style=", "javascript:", " onclick", " onsubmit", " onchange", " onload", "http://", "//cdn"]
        {
            assert!(!text.contains(bad), "{} has {bad}", path.display());
        }
        // A data block is not executed, and what is in it cannot end it: see `render/structured_data/data_block.rs`.
        let text = text.replace("<script type=\"application/ld+json\">{{ page.machines.data|safe }}</script>", "");
        for part in text.split("<script").skip(1) {
            assert!(
                part.contains("src=\"{{ asset(") && part.contains("></script>"),
                "{}: inline script",
                path.display()
            );
        }
    }
    assert!(seen > 20);
}

#[test]
fn the_example_environment_names_every_variable() {
    let example = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(".env.example")).unwrap();
    let mut source = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/config.rs")).unwrap();
    source.extend(files("src/config", "rs").into_iter().map(|(_, text)| text));
    let known: BTreeSet<&str> = source.split("env = \"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let listed: BTreeSet<&str> = example
        .lines()
        .filter_map(|line| line.trim_start_matches(['#', ' ']).split_once('='))
        .map(|(name, _)| name)
        .filter(|name| name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'))
        .collect();
    assert_eq!(known, listed);
    assert!(known.len() >= 8);
}

/// Every file below a directory of this repository that ends like this.
pub fn files(directory: &str, end: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut waiting = vec![PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(directory)];
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|found| found == end) {
            let text = fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
    assert!(!found.is_empty());
    found
}

#[test]
fn every_form_of_the_admin_area_can_be_told_from_the_same_one_drawn_again() {
    let mut seen = 0;
    for (path, text) in files("templates/admin", "html") {
        for part in text.split("method=\"post\"").skip(1) {
            seen += 1;
            let marked = part.find("{{ submission() }}").is_some_and(|at| part[..at].matches('>').count() == 1);
            assert!(marked, "{}: put {{{{ submission() }}}} behind the tag of each form that posts", path.display());
        }
    }
    assert!(seen > 20);
}

#[test]
fn nothing_that_is_typed_or_pasted_is_cut() {
    for (path, text) in files("templates", "html") {
        assert!(!text.contains("maxlength"), "{}: say limit=, which counts; maxlength cuts", path.display());
    }
}

#[test]
fn one_layer_writes_how_long_a_response_is_kept() {
    for (path, text) in sources("src") {
        let inside = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap();
        if inside.ends_with("web/cache_policy.rs") {
            continue;
        }
        for bad in ["\"no-store\"", "\"no-cache", "s-maxage", "\"public, max-age"] {
            assert!(!text.contains(bad), "{} has {bad}: name a CachePolicy", path.display());
        }
        let is_cache = inside.starts_with("src/web/cache");
        assert!(is_cache || !text.contains("CACHE_CONTROL"), "{}: name a CachePolicy", path.display());
    }
}

#[test]
fn web_knows_no_route() {
    for (path, text) in sources("src/web").into_iter().filter(|(path, _)| !path.ends_with("tests.rs")) {
        let code = text.split("#[cfg(test)]").next().unwrap();
        let code: Vec<_> = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        for route in ["\"/admin", "\"/healthz", "\"/readyz", "\"/contact", "\"/search"] {
            assert!(!code.iter().any(|line| line.contains(route)), "{} has {route}", path.display());
        }
    }
}
