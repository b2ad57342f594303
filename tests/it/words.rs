//! The words of the project: old names do not come back.

use std::{fs, path::PathBuf};

/// Where the words are looked for; not in the starter's prose.
const ROOTS: [&str; 15] = [
    "src",
    "templates",
    "static",
    "editor",
    "migrations",
    "build",
    "benches",
    "deploy",
    "docs",
    "tests/it",
    "tests/browser",
    "tests/faults",
    "README.md",
    "ARCHITECTURE.md",
    ".env.example",
];

/// Not ours.
/// The questions of visitors are in their own words.
const FOREIGN: [&str; 3] = ["node_modules", "package-lock.json", "questions.tsv"];

/// Old words with what to say instead: as words of a sentence or of an identifier, in any case.
const WORDS: [(&str, &str); 42] = [
    ("anew", "again"),
    ("anybody", "anyone"),
    ("bell", "CommitNotify"),
    ("bodiless", "without a body"),
    ("colophon", "footer"),
    ("desk", "admin area, messages"),
    ("door", "route, sign-in"),
    ("doors", "routes"),
    ("drawer", "menu"),
    ("everybody", "everyone"),
    ("extras", "extra fields, options"),
    ("face", "the site, the admin area"),
    ("faces", "the site and the admin area"),
    ("journal", "audit log"),
    ("keeper", "owner"),
    ("people", "users, visitors"),
    ("person", "user, visitor"),
    ("persons", "users, visitors"),
    ("rail", "sidebar"),
    ("receiving", "reading"),
    ("settle", "save, clean, resolve"),
    ("settled", "saved, cleaned, resolved"),
    ("settles", "saves, cleans, resolves"),
    ("shall", "must, should, or the plain present"),
    ("somebody", "someone"),
    ("stamp", "token, time"),
    ("stamps", "tokens, times"),
    ("stand", "be"),
    ("standing", "status"),
    ("stands", "is"),
    ("station", "a class that says what it is for"),
    ("storey", "layer"),
    ("storeys", "layers"),
    ("stories", "layers"),
    ("trap", "honeypot"),
    ("traps", "honeypots"),
    ("twin", "duplicate, copy"),
    ("twins", "duplicates, copies"),
    ("upon", "on"),
    ("whoever", "anyone who, users who"),
    ("wish", "intent"),
    ("wishes", "intents"),
];

/// The same, as they are written; only those with a capital mind the case.
const PHRASES: [(&str, &str); 24] = [
    ("auth-mark", "auth-logo"),
    ("--mark", "--highlight"),
    ("expect_much", "enlarge_write_cache"),
    ("found_nothing", "zero_results"),
    ("latest_id", "latest_revision_id"),
    ("let in", "signed in"),
    ("lets in", "signs in"),
    ("live_id", "published_revision_id"),
    ("next-to", "a class that says what it is for"),
    ("preview-widths", "preview-sizes"),
    ("shut out", "deactivate, lock out"),
    ("shuts out", "deactivate, lock out"),
    ("take back", "unpublish, discard, undo"),
    ("take_back", "end_publication"),
    ("taken back", "unpublished, undone"),
    ("taken_back", "unpublished, undone"),
    ("--way", "--direction"),
    ("who asks", "who is searching"),
    ("wrong_passwords", "login_attempts"),
    ("Error::Invalid", "Error::Validation"),
    ("LETTER", "CONTACT_FORM"),
    ("TURN", "a queue position"),
    ("data-label=\"State\"", "Status"),
    (">State<", "Status"),
];

/// Where an old word is right: the certification of people is what the site is about, and SQLite has a journal.
const RIGHT: [&str; 7] = [
    "\"people\"",
    "certification of people",
    "Certification of people",
    "certification people",
    "\"-journal\"",
    "journal_mode",
    "SqliteJournalMode",
];

/// Names that no type has any more; as words in a sentence they are fine.
const NAMES: [&str; 38] = [
    "About",
    "Beside",
    "Choice",
    "Chrome",
    "Desk",
    "Device",
    "Earlier",
    "Excess",
    "Fate",
    "Fault",
    "Front",
    "Hit",
    "Invalid",
    "Journal",
    "Lent",
    "Lists",
    "Lost",
    "Made",
    "Mark",
    "Noted",
    "Notices",
    "Person",
    "Place",
    "Problem",
    "Problems",
    "Reach",
    "Replay",
    "Share",
    "Shares",
    "Situation",
    "Subject",
    "Taken",
    "Told",
    "Turn",
    "Typed",
    "Unsent",
    "Usual",
    "Way",
];

/// Names that no function has any more: participles, and words that say nothing of what is given.
const FUNCTIONS: [&str; 18] = [
    "answering",
    "chrome",
    "collect",
    "facts",
    "finding",
    "joined",
    "made",
    "named",
    "receiving",
    "rest",
    "saved",
    "settle",
    "shown",
    "stamped",
    "standing",
    "stored",
    "unchanged",
    "whole",
];

fn files() -> Vec<(PathBuf, String)> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut waiting: Vec<PathBuf> = ROOTS.iter().map(|path| root.join(path)).collect();
    let mut found = Vec::new();
    while let Some(path) = waiting.pop() {
        if FOREIGN.iter().any(|foreign| path.ends_with(foreign)) {
            continue;
        }
        if path.is_dir() {
            waiting.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if !path.ends_with(file!()) {
            // A font or a picture has no words.
            if let Ok(text) = String::from_utf8(fs::read(&path).unwrap()) {
                found.push((path.strip_prefix(&root).unwrap().to_owned(), text));
            }
        }
    }
    assert!(found.len() > 400, "only {} files were read", found.len());
    found
}

/// Whether `text` has `phrase` with nothing before and after it that belongs to an identifier.
fn has(text: &str, phrase: &str) -> bool {
    let inside = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(phrase).any(|(at, _)| {
        let open = phrase.ends_with(inside) && text[at + phrase.len()..].starts_with(inside);
        !open && !text[..at].ends_with(inside)
    })
}

/// The words of a line in lower case; identifiers are split at everything but letters and where the case changes.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    let mut rest = line.chars().peekable();
    while let Some(c) = rest.next() {
        let begins =
            c.is_uppercase() && (!before.is_uppercase() || rest.peek().is_some_and(|next| next.is_lowercase()));
        if begins || !c.is_alphabetic() {
            words.push(String::new());
        }
        if c.is_alphabetic() {
            words.last_mut().unwrap().extend(c.to_lowercase());
        }
        before = c;
    }
    words.retain(|word| !word.is_empty());
    words
}

/// An old word with what to say instead.
type OldWord = (&'static str, &'static str);

/// The words and phrases that may be in a text: a quick look, so that most lines need no other.
fn candidates(text: &str) -> (Vec<OldWord>, Vec<OldWord>) {
    let lower = text.to_lowercase();
    let words = WORDS.into_iter().filter(|(word, _)| lower.contains(word));
    let phrases = PHRASES.into_iter().filter(|(phrase, _)| lower.contains(&phrase.to_lowercase()));
    (words.collect(), phrases.collect())
}

/// The old words in a line.
fn old_words(line: &str) -> Vec<OldWord> {
    let line = RIGHT.iter().fold(line.to_owned(), |line, right| line.replace(right, ""));
    let (old, phrases) = candidates(&line);
    let words = if old.is_empty() { Vec::new() } else { words(&line) };
    let lower = line.to_lowercase();
    let found = old.into_iter().filter(|(word, _)| words.iter().any(|found| found == word));
    let phrases = phrases.into_iter().filter(|(phrase, _)| {
        let line = if phrase.contains(char::is_uppercase) { &line } else { &lower };
        has(line, phrase)
    });
    found.chain(phrases).collect()
}

/// The name that a line of Rust gives to a type and that says too little.
fn poor_name(line: &str) -> Option<&'static str> {
    let mut words = line.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
    words.find(|word| ["struct", "enum", "trait", "type", "union"].contains(word))?;
    let declared = words.next()?;
    NAMES.into_iter().find(|name| *name == declared)
}

/// The name that a line of Rust gives to a function and that says too little.
fn poor_function(line: &str) -> Option<&'static str> {
    let (_, rest) = line.split_once("fn ")?;
    let declared = rest.split(|c: char| !c.is_alphanumeric() && c != '_').next()?;
    FUNCTIONS.into_iter().find(|name| *name == declared)
}

/// The lines of a text, with their numbers, in which one of these may be.
fn suspects<'a>(text: &'a str, (words, phrases): &(Vec<OldWord>, Vec<OldWord>)) -> Vec<(usize, &'a str)> {
    let looked_for: Vec<String> = words.iter().chain(phrases).map(|(word, _)| word.to_lowercase()).collect();
    if looked_for.is_empty() {
        return Vec::new();
    }
    let is_suspect = |line: &str| {
        let lower = line.to_lowercase();
        looked_for.iter().any(|word| lower.contains(word))
    };
    text.lines().enumerate().filter(|(_, line)| is_suspect(line)).collect()
}

#[test]
fn old_words_are_gone() {
    let mut left = Vec::new();
    for (path, text) in files() {
        for (number, line) in suspects(&text, &candidates(&text)) {
            let at = format!("{}:{}", path.display(), number + 1);
            left.extend(old_words(line).into_iter().map(|(word, instead)| format!("{at}: {word}: say {instead}")));
        }
        if path.extension().is_some_and(|end| end == "rs") {
            let names = text.lines().filter_map(poor_name);
            let functions = text.lines().filter_map(poor_function).filter(|_| path.starts_with("src"));
            left.extend(names.chain(functions).map(|name| format!("{}: {name}: call it what it is", path.display())));
        }
        let name = path.to_string_lossy();
        left.extend(old_words(&name).into_iter().map(|(word, instead)| format!("{name}: {word}: say {instead}")));
    }
    assert!(left.is_empty(), "{left:#?}");
}

#[test]
fn a_word_is_found_in_sentences_and_identifiers() {
    for text in ["a Desk", "desk.rs", "`desk`", "desk_lamp", "DESK", "theDesk", "HTTPDesk", "DeskLamp", "desk-lamp"] {
        assert_eq!(old_words(text).len(), 1, "{text}");
    }
    for text in ["desktop", "helpdesk", "undesked"] {
        assert!(old_words(text).is_empty(), "{text}");
    }
}

#[test]
fn a_phrase_is_found_as_a_whole_only() {
    assert!(has("was taken back.", "taken back") && has("color: var(--mark)", "--mark"));
    assert!(!has("mistaken back", "taken back") && !has("taken backwards", "taken back"));
}

#[test]
fn a_poor_name_is_found_where_it_is_declared() {
    for line in ["pub struct Desk {", "enum Desk {", "type Desk<'a> = u8;"] {
        assert_eq!(poor_name(line), Some("Desk"), "{line}");
    }
    assert_eq!(poor_name("struct DeskLamp;"), None);
    assert_eq!(
        (poor_function("pub(crate) fn whole(text: &str)"), poor_function("fn whole_text()")),
        (Some("whole"), None)
    );
}
