//! The texts of the starter site: each clause page has every part of its form, titles and descriptions are fit for lists of
//! results, every link leads somewhere, and the right answer of a question cannot be told by its length.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// The parts of a clause page, in their order.
const PARTS: [&str; 8] = [
    "## What the standard requires",
    "## Documents and records",
    "## What an auditor asks",
    "## A typical nonconformity",
    "## How it is usually done",
    "## Terms and correspondence",
    "## Practice question",
    "## Sources",
];
/// Clauses 1 to 3 ask nothing of an organisation.
const PARTS_WITHOUT_DUTIES: [&str; 5] = [
    "## What the standard says",
    "## How it is usually done",
    "## Terms and correspondence",
    "## Practice question",
    "## Sources",
];
/// The first line of each clause page.
const EDITION: &str = "*ISO/IEC 20000-1:2018 with Amendment 1:2024, in our words, not the standard's.*";
/// Turns of phrase that no page has, in lower case, beside the words that no screen has.
const BANNED: [&str; 3] = ["who writes to us", "lorem ipsum", "it is important to note"];

pub struct Page {
    pub path: String,
    pub title: String,
    summary: String,
    number: String,
    pub head: String,
    pub text: String,
}

fn starter() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("starter")
}

fn files(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            files(&path, into);
        } else if path.extension().is_some_and(|ext| ext == "md") && !path.ends_with("_category.md") {
            into.push(path);
        }
    }
}

/// A field of a front matter.
pub fn field(head: &str, name: &str) -> String {
    let begin = format!("{name} = \"");
    let line = head.lines().find_map(|line| line.strip_prefix(&begin)).unwrap_or_default();
    line.strip_suffix('"').unwrap_or_default().replace("\\\"", "\"")
}

/// The documents in a folder of the starter site.
pub fn read(folder: &str) -> Vec<Page> {
    let root = starter().join(folder);
    let mut paths = Vec::new();
    files(&root, &mut paths);
    paths.sort();
    let page = |file: PathBuf| {
        let source = fs::read_to_string(&file).unwrap();
        let (head, text) = source.strip_prefix("+++\n").unwrap().split_once("\n+++\n").unwrap();
        let path = file.strip_prefix(&root).unwrap().with_extension("").to_string_lossy().into_owned();
        Page {
            path: if path == "index" { "/".to_owned() } else { format!("/{path}") },
            title: field(head, "title"),
            summary: field(head, "summary"),
            number: field(head, "number"),
            head: head.to_owned(),
            text: text.to_owned(),
        }
    };
    paths.into_iter().map(page).collect()
}

fn clauses() -> Vec<Page> {
    read("pages").into_iter().filter(|page| page.path.starts_with("/standards/part-1/")).collect()
}

#[test]
fn each_clause_page_has_every_part_of_the_form() {
    let clauses = clauses();
    assert_eq!(clauses.len(), 80);
    for page in clauses {
        let has_duties = !page.number.starts_with(['2', '3'])
            && (page.number == "10" || page.number.starts_with("10.") || !page.number.starts_with('1'));
        let parts: &[&str] = if has_duties { &PARTS } else { &PARTS_WITHOUT_DUTIES };
        let mut lines = page.text.lines().filter(|line| !line.is_empty());
        assert_eq!(lines.next(), Some(EDITION), "{}", page.path);
        assert!(lines.next().unwrap().starts_with("**In one sentence:** "), "{}", page.path);
        let headings: Vec<&str> = page.text.lines().filter(|line| parts.contains(line)).collect();
        assert_eq!(headings, parts, "{}", page.path);
        assert!(page.text.trim_end().ends_with("2026."), "{} says of which edition it is, at its end", page.path);
    }
}

#[test]
fn each_document_has_its_owner_its_dates_and_who_approved_it() {
    for page in read("pages").into_iter().chain(read("items")) {
        let Page { path, head, .. } = page;
        let (published, review_by) = (field(&head, "published"), field(&head, "review_by"));
        let days = [&published, &review_by].map(|day| day.len() == 10 && day.starts_with("202"));
        assert!(days == [true; 2] && published < review_by, "{path}: {published} {review_by}");
        assert!(!field(&head, "owner").is_empty() && !field(&head, "approved_by").is_empty(), "{path}");
    }
}

#[test]
fn titles_are_unique_and_descriptions_fit_a_list_of_results() {
    let mut titles: BTreeMap<String, String> = BTreeMap::new();
    for page in read("pages") {
        assert!((20..=155).contains(&page.summary.chars().count()), "{}: {}", page.path, page.summary);
        let title = format!("{} {}", page.number, page.title);
        if let Some(other) = titles.insert(title, page.path.clone()) {
            panic!("{} and {other} have the same title", page.path);
        }
    }
}

#[test]
fn no_page_or_answer_has_a_banned_turn_of_phrase() {
    for page in read("pages").into_iter().chain(read("items")) {
        let text = format!("{}\n{}", page.summary, page.text).to_lowercase();
        for banned in BANNED {
            assert!(!text.contains(banned), "{} says “{banned}”", page.path);
        }
    }
}

#[test]
fn every_link_on_the_site_leads_to_a_page() {
    let pages = read("pages");
    let paths: BTreeSet<&str> = pages.iter().map(|page| page.path.as_str()).chain(["/search"]).collect();
    for page in pages.iter().chain(&read("items")) {
        for link in page.text.split("](/").skip(1) {
            let path = format!("/{}", link.split([')', '#', '?', ' ']).next().unwrap());
            assert!(paths.contains(path.as_str()), "{} links to {path}", page.path);
        }
    }
}

/// The length of the longest option that is wrong, and that of the right one.
fn lengths(page: &Page) -> (usize, usize) {
    let (_, question) = page.text.split_once("## Practice question").unwrap();
    let option = |letter: char| {
        let begin = format!("- {letter}. ");
        question.lines().find_map(|line| line.strip_prefix(&begin)).unwrap_or_else(|| panic!("{}: {letter}", page.path))
    };
    let (_, answer) = question.split_once("**Answer: ").unwrap_or_else(|| panic!("{} has no answer", page.path));
    let right = answer.chars().next().unwrap();
    let wrong = ['A', 'B', 'C', 'D'].into_iter().filter(|letter| *letter != right);
    (wrong.map(|letter| option(letter).chars().count()).max().unwrap(), option(right).chars().count())
}

#[test]
fn the_right_answer_is_not_told_by_its_length() {
    let pages = clauses();
    let longest = pages.iter().map(lengths).filter(|(wrong, right)| right > wrong).count();
    assert!(longest * 10 <= pages.len() * 3, "{longest} of {}", pages.len());
}

/// Whether a text has these words, also as a plural; an abbreviation only as it is written.
fn has(text: &str, lower: &str, words: &str) -> bool {
    let is_abbreviation = !words.chars().any(char::is_lowercase);
    let (text, words) = if is_abbreviation { (text, words.to_owned()) } else { (lower, words.to_lowercase()) };
    text.match_indices(&words).any(|(at, _)| {
        let after = text[at + words.len()..].trim_start_matches("es").trim_start_matches('s');
        !text[..at].ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric)
    })
}

#[test]
fn each_term_that_texts_link_is_used_and_has_its_abbreviation() {
    let terms = read("items/resources/glossary");
    assert_eq!(terms.len(), 150);
    let pages = read("pages").into_iter().filter(|page| page.path != "/resources/glossary");
    let items = read("items").into_iter().filter(|item| !item.path.starts_with("/resources/glossary/"));
    let text: String = pages.chain(items).map(|page| page.text).collect::<Vec<_>>().join("\n");
    let lower = text.to_lowercase();
    for Page { path, title, head, .. } in terms.iter().filter(|term| !term.head.contains("not_linked = true")) {
        assert_eq!(field(head, "type"), "term", "{path}");
        let name = title.split(" (").next().unwrap();
        let short = field(head, "abbreviation");
        let is_used = has(&text, &lower, name) || !short.is_empty() && has(&text, &lower, &short);
        assert!(is_used, "no text has “{title}”; leave it unlinked");
    }
    for Page { title: short, text, .. } in &terms {
        let Some(name) = text.trim().strip_prefix("Short for ").and_then(|rest| rest.strip_suffix(". See that entry."))
        else {
            continue;
        };
        let names = |term: &&Page| term.title.split(" (").next().unwrap().eq_ignore_ascii_case(name);
        let meant = terms.iter().find(names).unwrap_or_else(|| panic!("{short} is short for no term"));
        let in_title = meant.title.ends_with(&format!("({short})"));
        assert!(in_title || field(&meant.head, "abbreviation") == *short, "{} is not short for {short}", meant.title);
    }
}
