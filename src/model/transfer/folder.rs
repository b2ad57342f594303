//! Reads a folder from the disk: the files of a site. Whatever else is in it is named. Knows no front matter and no
//! database.

use std::{
    collections::BTreeMap,
    fs::{self, DirEntry},
    io,
    path::{Path, PathBuf},
};

use super::{media_names, type_names};
use crate::{
    db::opening::io_fault,
    model::{document::kind::DocumentKind, page::path::DEPTH_MAX},
};

/// Most bytes that one file may have: several long texts of one document.
const FILE_MAX: u64 = 8_000_000;
/// Most files that are read.
const FILES_MAX: usize = 200_000;
/// What a site may have at the top of its folder, besides the folders of documents.
const TOP: [&str; 4] = ["site.toml", "redirects.toml", MENU_FILE, media_names::WORDS_FILE];
const ITEMS: &str = "items/";
/// The file with what an administrator changed of the menus.
pub(super) const MENU_FILE: &str = "menu.toml";

/// Files by their path within the folder, with `/` between the parts.
pub type FileMap = BTreeMap<String, String>;

/// What was found in a folder.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Loaded {
    pub(crate) files: FileMap,
    /// Files of the media library, by their names.
    pub(crate) media: Vec<(String, PathBuf)>,
    /// What is plainly not content and was left out, with the reason.
    pub(crate) left_out: Vec<(String, &'static str)>,
    /// What looks like content and cannot be read: a line for each, with its name.
    pub(crate) faults: Vec<String>,
}

/// Reads a folder.
/// Fails when it holds no site, or too many files.
pub(crate) fn load(directory: &Path) -> Result<Loaded, String> {
    let mut walk = Walk::default();
    let top = entries(directory)?;
    if !top.iter().any(|(name, _)| is_at_top(name)) {
        let shown = directory.display();
        return Err(format!(
            "{shown} holds no site: there is neither pages/ nor items/ nor types/ nor site.toml in it"
        ));
    }
    walk.take(top, "", 0);
    while let Some((path, prefix, depth)) = walk.waiting.pop() {
        match entries(&path) {
            Ok(entries) => walk.take(entries, &prefix, depth),
            Err(fault) => walk.loaded.faults.push(fault),
        }
        if walk.loaded.files.len() > FILES_MAX {
            return Err(format!("{} holds more than {FILES_MAX} files", directory.display()));
        }
    }
    Ok(walk.loaded)
}

fn is_at_top(name: &str) -> bool {
    TOP.contains(&name)
        || name == media_names::FOLDER
        || name == type_names::FOLDER
        || DocumentKind::from_folder(name).is_some()
}

/// The entries of one folder, by name.
fn entries(path: &Path) -> Result<Vec<(String, DirEntry)>, String> {
    let named = |entry: DirEntry| (entry.file_name().to_string_lossy().into_owned(), entry);
    let read = || -> io::Result<Vec<_>> { fs::read_dir(path)?.map(|entry| entry.map(named)).collect() };
    let mut entries = read().map_err(|error| format!("{} cannot be read: {}", path.display(), io_fault(&error)))?;
    entries.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(entries)
}

#[derive(Default)]
struct Walk {
    loaded: Loaded,
    /// Folders still to read: their paths, the prefix of their files' names, and their depth.
    waiting: Vec<(PathBuf, String, usize)>,
}

impl Walk {
    fn take(&mut self, entries: Vec<(String, DirEntry)>, prefix: &str, depth: usize) {
        for (name, entry) in entries {
            let full = format!("{prefix}{name}");
            if let Some(reason) = no_content(&name, depth) {
                self.loaded.left_out.push((full, reason));
            } else if let Err(fault) = self.take_one(&full, &entry, depth) {
                self.loaded.faults.push(format!("{full}: {fault}"));
            }
        }
    }

    fn take_one(&mut self, full: &str, entry: &DirEntry, depth: usize) -> Result<(), String> {
        let kind = entry.file_type().map_err(|error| format!("cannot be read: {}", io_fault(&error)))?;
        if kind.is_symlink() {
            return Err("is a link, and links are not followed; put the file itself in its place".to_owned());
        }
        if depth == 0 && !is_at_top(full) {
            return Err(
                "has no place here; pages belong in pages/, items such as questions in items/, types of documents in types/, files of \
                 the media library in media/, settings in site.toml, redirects in redirects.toml, menus in menu.toml"
                    .to_owned(),
            );
        }
        let in_media = full.strip_prefix(media_names::FOLDER).and_then(|rest| rest.strip_prefix('/'));
        if let Some(name) = in_media {
            return self.take_media(name, entry, kind.is_file());
        }
        if kind.is_dir() {
            // The folder `pages` itself is no level of the tree, and what is in this one lies a level deeper.
            // Items lie in the folder of a category, in that of their page.
            let deepest = if full.starts_with(ITEMS) { DEPTH_MAX + 2 } else { DEPTH_MAX };
            if depth >= deepest {
                return Err(format!("lies too deep; pages can be {DEPTH_MAX} levels deep"));
            }
            self.waiting.push((entry.path(), format!("{full}/"), depth + 1));
            return Ok(());
        }
        if !kind.is_file() {
            return Err("is neither a file nor a folder".to_owned());
        }
        if type_names::is_type(full) && !type_names::is_name(full) {
            return Err("is not a file of a type, which lies in types/ and has a name that ends in .toml".to_owned());
        }
        if depth > 0 && !type_names::is_type(full) && markdown_stem(full).is_none() {
            return Err(
                "is no Markdown file, so it would be left out; its name must end in .md, or it must not lie here"
                    .to_owned(),
            );
        }
        self.loaded.files.insert(full.to_owned(), text_of(&entry.path())?);
        Ok(())
    }

    fn take_media(&mut self, name: &str, entry: &DirEntry, is_file: bool) -> Result<(), String> {
        if !is_file || !media_names::is_name(name) {
            return Err(
                "is not a file of the media library: its name must be of small letters, digits and hyphens, with the ending of a \
                 picture or an office file, such as .jpg or .pdf"
                    .to_owned(),
            );
        }
        self.loaded.media.push((name.to_owned(), entry.path()));
        Ok(())
    }
}

/// Why a name is plainly not part of a site: what systems, editors and version control leave behind.
fn no_content(name: &str, depth: usize) -> Option<&'static str> {
    let lower = name.to_lowercase();
    if lower.starts_with('.') {
        return Some("hidden");
    }
    if lower.ends_with('~') || lower == "thumbs.db" || lower == "desktop.ini" {
        return Some("made by another program");
    }
    let is_note = ["readme", "license", "licence"].iter().any(|note| lower.split('.').next() == Some(note));
    (depth == 0 && is_note).then_some("not part of the site")
}

/// A file's name without the ending of a Markdown file.
#[must_use]
pub(crate) fn markdown_stem(name: &str) -> Option<&str> {
    let (stem, ending) = name.rsplit_once('.')?;
    (ending.eq_ignore_ascii_case("md") || ending.eq_ignore_ascii_case("markdown")).then_some(stem)
}

fn text_of(path: &Path) -> Result<String, String> {
    let tell = |error: io::Error| format!("cannot be read: {}", io_fault(&error));
    if fs::metadata(path).map_err(tell)?.len() > FILE_MAX {
        return Err(format!("is larger than {} MB", FILE_MAX / 1_000_000));
    }
    String::from_utf8(fs::read(path).map_err(tell)?).map_err(|_| "is not UTF-8; save it in that encoding".to_owned())
}
