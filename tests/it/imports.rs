//! Which source file imports which, read from the `use` lines and paths of `src/`. Knows no rule about them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// All modules with the modules they import, both as paths such as `model::page::path`.
pub type Imports = BTreeMap<String, BTreeSet<String>>;

/// Reads the whole of `src/`.
pub fn read() -> Imports {
    let files: BTreeMap<String, String> = files("src")
        .into_iter()
        .map(|(path, text)| (module(&path), without_tests(&text)))
        .filter(|(module, _)| module != "main" && module != "lib")
        .collect();
    let modules: BTreeSet<&str> = files.keys().map(String::as_str).collect();
    files
        .iter()
        .map(|(module, text)| {
            let paths = paths(text, module, files.keys().any(|other| other.starts_with(&format!("{module}::"))));
            let used = paths.iter().filter_map(|path| file_of(path, &modules)).filter(|used| used != module).collect();
            (module.clone(), used)
        })
        .collect()
}

/// Every cycle that is found from the files in their order; each file is named in one of them at most.
pub fn cycles(imports: &Imports) -> Vec<Vec<String>> {
    let mut done = BTreeSet::new();
    let mut found = Vec::new();
    for start in imports.keys() {
        walk(start, imports, &mut Vec::new(), &mut done, &mut found);
    }
    found
}

fn walk(at: &str, imports: &Imports, way: &mut Vec<String>, done: &mut BTreeSet<String>, found: &mut Vec<Vec<String>>) {
    if let Some(first) = way.iter().position(|earlier| earlier == at) {
        found.push(way[first..].to_vec());
        return;
    }
    if done.contains(at) {
        return;
    }
    way.push(at.to_owned());
    for next in &imports[at] {
        walk(next, imports, way, done, found);
    }
    way.pop();
    done.insert(at.to_owned());
}

/// Every Rust file below a directory of this repository.
pub fn files(directory: &str) -> Vec<(PathBuf, String)> {
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

/// `model::page::path` for `src/model/page/path.rs`, `model::page` for `src/model/page/mod.rs`.
pub fn module(path: &Path) -> String {
    let inside = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap().with_extension("");
    let parts: Vec<_> = inside.iter().map(|part| part.to_str().unwrap()).filter(|part| *part != "mod").collect();
    parts.join("::")
}

fn without_tests(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap();
    text.lines().map(|line| line.split("//").next().unwrap()).collect::<Vec<_>>().join("\n")
}

/// All paths of this crate that a file names, from the root.
fn paths(text: &str, module: &str, has_children: bool) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (start, root) in [("crate::", String::new()), ("super::", parent(module)), ("self::", module.to_owned())] {
        for (at, _) in text.match_indices(start) {
            let is_word = text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
            if !is_word {
                expand(&text[at + start.len()..], &root, &mut found);
            }
        }
    }
    if has_children {
        for line in text.lines() {
            let line = line.trim_start_matches("pub(crate) ").trim_start_matches("pub ");
            let child = line.strip_prefix("mod ").and_then(|rest| rest.strip_suffix(';'));
            if let Some(child) = child.filter(|child| text.contains(&format!("{child}::"))) {
                found.insert(join(module, child));
            }
        }
    }
    found
}

/// Adds what a use tree names, such as `a::{b, c::d}`, below `root`.
fn expand(tree: &str, root: &str, found: &mut BTreeSet<String>) {
    let word: String = tree.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    let rest = &tree[word.len()..];
    let path = if word.is_empty() || word == "self" { root.to_owned() } else { join(root, &word) };
    let rest = if word.is_empty() { rest } else { rest.strip_prefix("::").unwrap_or_default() };
    if let Some(list) = rest.strip_prefix('{') {
        for part in split(list) {
            expand(part.trim(), &path, found);
        }
    } else if rest.starts_with(|c: char| c.is_alphabetic() || c == '_') && !word.is_empty() {
        expand(rest, &path, found);
    } else {
        found.insert(path);
    }
}

/// The parts of a list up to its closing brace.
fn split(list: &str) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0, 0, Vec::new());
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                parts.push(&list[start..at]);
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&list[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.retain(|part| !part.trim().is_empty());
    parts
}

fn join(root: &str, name: &str) -> String {
    if root.is_empty() { name.to_owned() } else { format!("{root}::{name}") }
}

fn parent(module: &str) -> String {
    module.rsplit_once("::").map_or_else(String::new, |(parent, _)| parent.to_owned())
}

/// The longest start of a path that is a file.
fn file_of(path: &str, modules: &BTreeSet<&str>) -> Option<String> {
    let mut path = path;
    loop {
        if modules.contains(path) {
            return Some(path.to_owned());
        }
        path = path.rsplit_once("::")?.0;
    }
}

#[test]
fn a_cycle_is_found() {
    let import = |module: &str, text: &str| {
        let modules: BTreeSet<&str> = ["a", "a::b", "a::c", "d"].into();
        let used = paths(text, module, module == "a").iter().filter_map(|path| file_of(path, &modules)).collect();
        (module.to_owned(), used)
    };
    let tree = Imports::from([
        import("a", "pub mod b;\npub mod c;\nfn x() { b::x() }"),
        import("a::b", "use super::{c::Thing};\n"),
        import("a::c", "use crate::{\n    d::{self, X},\n};"),
        import("d", "fn x() -> crate::a::b::Y {}"),
    ]);
    assert_eq!(tree["a::b"], ["a::c".to_owned()].into());
    assert_eq!(tree["d"], ["a::b".to_owned()].into());
    assert_eq!(cycles(&tree), [["a::b", "a::c", "d"].map(str::to_owned).to_vec()]);
}
