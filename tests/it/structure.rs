//! The house itself: who may import whom, where SQL stands, that every template renders, that the books are true.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Which layers each layer may import; `main` and tests may import all.
const STOREYS: [(&str, &[&str]); 15] = [
    ("site_version", &[]),
    ("error", &[]),
    ("text", &["error"]),
    ("config", &["error"]),
    ("work", &["error"]),
    ("db", &["error", "site_version", "text"]),
    ("model", &["db", "error", "site_version", "text", "work"]),
    ("web", &["error", "site_version", "text", "work"]),
    ("search", &["db", "error", "model", "site_version", "text", "work"]),
    ("state", &["admin", "config", "db", "error", "model", "search", "site_version", "text", "web", "work"]),
    ("render", &["admin", "error", "model", "search", "state", "text", "web", "work"]),
    ("site", &["error", "model", "render", "search", "state", "text", "web", "work"]),
    ("admin", &["error", "model", "render", "search", "state", "text", "web", "work"]),
    (
        "app",
        &[
            "admin",
            "config",
            "db",
            "error",
            "model",
            "render",
            "search",
            "site",
            "site_version",
            "state",
            "text",
            "web",
            "work",
        ],
    ),
    ("lib", &[]),
];

fn sources(directory: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut waiting = vec![PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(directory)];
    while let Some(path) = waiting.pop() {
        for entry in fs::read_dir(&path).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                found.push((path.clone(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(!found.is_empty());
    found
}

fn room(path: &Path) -> String {
    let inside = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    let first = inside.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

/// The rooms a file names: after `crate::`, alone or within braces.
fn named(text: &str) -> BTreeSet<String> {
    let mut rooms = BTreeSet::new();
    let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        if let Some(list) = rest.strip_prefix('{') {
            let mut depth = 1;
            let mut start = true;
            for (place, c) in list.char_indices() {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    ',' if depth == 1 => start = true,
                    c if c.is_alphabetic() && start && depth == 1 => {
                        rooms.insert(word(&list[place..]));
                        start = false;
                    }
                    _ => {}
                }
                if depth == 0 {
                    break;
                }
            }
        } else {
            rooms.insert(word(rest));
        }
    }
    rooms
}

#[test]
fn imports_go_down_only() {
    assert_eq!(named("use crate::{a::{b, c}, d}; crate::e::f"), ["a", "d", "e"].map(str::to_owned).into());
    let mut faults = Vec::new();
    for (path, text) in sources("src") {
        let room = room(&path);
        if room == "main" {
            continue;
        }
        let (_, allowed) =
            STOREYS.iter().find(|(name, _)| *name == room).unwrap_or_else(|| panic!("unknown room {room}"));
        for used in named(&text) {
            if used != room && !allowed.contains(&used.as_str()) {
                faults.push(format!("{}: {room} must not use {used}", path.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn sql_stands_in_the_model_and_the_database_only() {
    let words = ["select ", "insert into ", "update ", "delete from "];
    let mut faults = Vec::new();
    for (path, text) in sources("src") {
        if matches!(room(&path).as_str(), "model" | "db") {
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
fn every_file_says_what_it_owns() {
    for (path, text) in sources("src").into_iter().chain(sources("tests")) {
        assert!(text.starts_with("//! "), "{} has no head", path.display());
        let lines = text.lines().count();
        assert!(lines <= 400, "{} has {lines} lines; split it", path.display());
    }
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
    let source = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/config.rs")).unwrap();
    let known: BTreeSet<&str> = source.split("env = \"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let listed: BTreeSet<&str> = example
        .lines()
        .filter_map(|line| line.trim_start_matches(['#', ' ']).split_once('='))
        .map(|(name, _)| name)
        .filter(|name| name.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
        .collect();
    assert_eq!(known, listed);
    assert!(known.len() >= 8);
}

/// Every file below a directory of this repository that ends like this.
fn files(directory: &str, end: &str) -> Vec<(PathBuf, String)> {
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
            let marked = part.find("{{ submission() }}").is_some_and(|at| !part[..at].contains('\n'));
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
