//! The words of the project: old names do not come back.

use std::{fs, path::PathBuf};

/// Where the words are looked for; not in the starter's prose.
const ROOTS: [&str; 8] =
    ["src", "templates", "static", "migrations", "tests/it", "README.md", "ARCHITECTURE.md", ".env.example"];

/// Old words with what to say instead. An identifier counts as a whole; only words with a capital mind the case.
const WORDS: [(&str, &str); 61] = [
    ("anew", "again"),
    ("anybody", "anyone"),
    ("auth-mark", "auth-logo"),
    ("--mark", "--highlight"),
    ("bodiless", "without a body"),
    ("colophon", "footer"),
    ("desk", "admin area, messages"),
    ("door", "route, sign-in"),
    ("doors", "routes"),
    ("drawer", "menu"),
    ("everybody", "everyone"),
    ("expect_much", "enlarge_write_cache"),
    ("face::", "render::"),
    ("found_nothing", "zero_results"),
    ("journal", "audit log"),
    ("keeper", "owner"),
    ("latest_id", "latest_revision_id"),
    ("let in", "signed in"),
    ("lets in", "signs in"),
    ("live_id", "published_revision_id"),
    ("next-to", "a class that says what it is for"),
    ("people", "users, visitors"),
    ("person", "user, visitor"),
    ("persons", "users, visitors"),
    ("preview-widths", "preview-sizes"),
    ("rail", "sidebar"),
    ("receiving", "reading"),
    ("settle", "save, clean"),
    ("shall", "must, should, or the plain present"),
    ("shut out", "deactivate, lock out"),
    ("shuts out", "deactivate, lock out"),
    ("somebody", "someone"),
    ("stand", "be"),
    ("stands", "is"),
    ("station", "a class that says what it is for"),
    ("storey", "layer"),
    ("storeys", "layers"),
    ("stories", "layers"),
    ("trap", "honeypot"),
    ("twin", "duplicate, copy"),
    ("upon", "on"),
    ("--way", "--direction"),
    ("who asks", "who is searching"),
    ("whoever", "anyone who, users who"),
    ("wrong_passwords", "login_attempts"),
    ("Bell", "CommitNotify"),
    ("Error::Invalid", "Error::Validation"),
    ("Extras", "extra fields"),
    ("LETTER", "CONTACT_FORM"),
    ("Problem", "FieldError"),
    ("Problems", "ValidationErrors"),
    ("Reach", "what it is: a scope"),
    ("Replay", "Submissions"),
    ("Stamp", "FormToken"),
    ("Standing", "status"),
    ("Turn", "a queue position"),
    ("Unsent", "StoredResponse"),
    ("Way", "a path, a method"),
    ("Wish", "Intent"),
    ("data-label=\"State\"", "Status"),
    (">State<", "Status"),
];

/// Where an old word is right: the certification of people is what the site is about.
const RIGHT: [&str; 4] = ["\"people\"", "certification of people", "Certification of people", "certification people"];

/// Names that no type has any more; as words in a sentence they are fine.
const TYPES: [&str; 15] = [
    "Choice", "Desk", "Device", "Fault", "Front", "Invalid", "Journal", "Lists", "Made", "Mark", "Notices", "Person",
    "Place", "Subject", "Typed",
];

fn files() -> Vec<(PathBuf, String)> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut waiting: Vec<PathBuf> = ROOTS.iter().map(|path| root.join(path)).collect();
    let mut found = Vec::new();
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if !path.ends_with(file!()) {
            // A font or a picture has no words.
            if let Ok(text) = String::from_utf8(fs::read(&path).unwrap()) {
                found.push((path.strip_prefix(&root).unwrap().to_owned(), text));
            }
        }
    }
    assert!(found.len() > 300, "only {} files were read", found.len());
    found
}

/// Whether `text` has `word` with nothing before and after it that belongs to an identifier.
fn has(text: &str, word: &str) -> bool {
    let inside = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        let open = word.ends_with(inside) && text[at + word.len()..].starts_with(inside);
        !open && !text[..at].ends_with(inside)
    })
}

#[test]
fn old_words_are_gone() {
    let mut left = Vec::new();
    for (path, text) in files() {
        for (number, line) in text.lines().enumerate() {
            let line = RIGHT.iter().fold(line.to_owned(), |line, right| line.replace(right, ""));
            let lower = line.to_lowercase();
            for (word, instead) in WORDS {
                let text = if word.contains(char::is_uppercase) { &line } else { &lower };
                if has(text, word) {
                    left.push(format!("{}:{}: {word}: say {instead}", path.display(), number + 1));
                }
            }
            for name in TYPES {
                let declares = |kind| has(&line, &format!("{kind} {name}"));
                if path.extension().is_some_and(|end| end == "rs")
                    && ["struct", "enum", "trait", "type", "union"].into_iter().any(declares)
                {
                    left.push(format!("{}:{}: a type {name}: call it what it is", path.display(), number + 1));
                }
            }
        }
    }
    assert!(left.is_empty(), "{left:#?}");
}

#[test]
fn a_word_is_found_as_a_whole_only() {
    for text in ["a desk", "desk.rs", "`desk`", "(desk)", "desk"] {
        assert!(has(text, "desk"), "{text}");
    }
    for text in ["desktop", "desk_lamp", "helpdesk"] {
        assert!(!has(text, "desk"), "{text}");
    }
    assert!(has("face::render", "face::") && !has("surface::render", "face::"));
}
