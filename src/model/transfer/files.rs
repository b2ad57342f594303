//! The form of the folder: which file is what, and the fields in its front matter. Touches no database.
//!
//! - `site.toml`: the settings
//! - `pages/index.md`: the front page; `pages/a/b.md`: the page at `/a/b`
//! - `faq/<category>/_category.md`, `faq/<category>/<anchor>.md`
//! - `x.draft.md` beside `x.md`: the newest version, where it is not the one that visitors see
//! - `redirects.toml`: old address = present address; `#old` = `#present` for the anchors of FAQ items

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::{
    model::{revision::Typed, settings::Settings},
    text::front_matter,
};

/// Most bytes that one file may have.
const FILE_MAX: u64 = 1_000_000;
/// Most files that are read.
const FILES_MAX: usize = 200_000;
/// Deepest folder that is read.
const DEPTH_MAX: usize = 32;

/// Files by their path within the folder, with `/` between the parts.
pub type Folder = BTreeMap<String, String>;

/// A whole site, read but not yet applied.
#[derive(Debug, Default, PartialEq)]
pub struct Site {
    /// The settings, if the folder has them.
    pub settings: Option<Settings>,
    /// Pages by their address, parents before children.
    pub pages: BTreeMap<String, Document>,
    /// Categories and their items.
    pub categories: BTreeMap<String, Category>,
    /// Old address and present address.
    pub redirects: BTreeMap<String, String>,
}

/// A document as it stands in one or two files.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Document {
    /// What visitors see.
    pub live: Option<Version>,
    /// What is saved beyond that.
    pub draft: Option<Version>,
}

impl Document {
    /// Its place among its siblings.
    #[must_use]
    pub fn position(&self) -> i64 {
        self.live.as_ref().or(self.draft.as_ref()).and_then(|version| version.position).unwrap_or(i64::MAX)
    }
}

/// One version with its place.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Version {
    /// Place among its siblings, 1 is first.
    pub position: Option<i64>,
    /// What it says.
    pub typed: Typed,
}

/// A category of the FAQ.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Category {
    /// The heading.
    pub title: String,
    /// Its place.
    pub position: Option<i64>,
    /// Items by their anchor.
    pub items: BTreeMap<String, Document>,
}

/// The fields of a document's front matter.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Fields {
    title: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    slug: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    category: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    number: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    menu_label: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    menu: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    layout: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<i64>,
    #[serde(skip_serializing_if = "String::is_empty")]
    summary: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    owner: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    review_by: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    note: String,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct CategoryFields {
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<i64>,
}

/// Reads all text files of a folder; links are not followed.
///
/// # Errors
/// A sentence that names the file.
pub fn load(directory: &Path) -> Result<Folder, String> {
    let mut folder = Folder::new();
    let mut waiting = vec![(directory.to_owned(), String::new(), 0)];
    while let Some((path, prefix, depth)) = waiting.pop() {
        let tell = |error: io::Error| format!("{} cannot be read: {error}", path.display());
        for entry in fs::read_dir(&path).map_err(tell)? {
            let entry = entry.map_err(tell)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let kind = entry.file_type().map_err(tell)?;
            if kind.is_dir() && depth < DEPTH_MAX {
                waiting.push((entry.path(), format!("{prefix}{name}/"), depth + 1));
            } else if kind.is_file() && Path::new(&name).extension().is_some_and(|end| end == "md" || end == "toml") {
                folder.insert(format!("{prefix}{name}"), text_of(&entry.path())?);
            }
            if folder.len() > FILES_MAX {
                return Err(format!("{} holds more than {FILES_MAX} files", directory.display()));
            }
        }
    }
    Ok(folder)
}

fn text_of(path: &PathBuf) -> Result<String, String> {
    let tell = |error: io::Error| format!("{} cannot be read: {error}", path.display());
    if fs::metadata(path).map_err(tell)?.len() > FILE_MAX {
        return Err(format!("{} is larger than {} KB", path.display(), FILE_MAX / 1000));
    }
    fs::read_to_string(path).map_err(tell)
}

/// Understands a folder as a site.
///
/// # Errors
/// All faults at once, one line each, with the file's name.
pub fn parse(folder: &Folder) -> Result<Site, String> {
    let mut site = Site::default();
    let mut faults = Vec::new();
    for (name, text) in folder {
        if let Err(fault) = take(&mut site, name, text) {
            faults.push(format!("{name}: {fault}"));
        }
    }
    if faults.is_empty() { Ok(site) } else { Err(faults.join("\n")) }
}

fn take(site: &mut Site, name: &str, text: &str) -> Result<(), String> {
    let toml = |error: toml::de::Error| error.message().to_owned();
    if name == "site.toml" {
        site.settings = Some(toml::from_str(text).map_err(toml)?);
    } else if name == "redirects.toml" {
        site.redirects = toml::from_str(text).map_err(toml)?;
    } else if let Some(page) = name.strip_prefix("pages/").and_then(|rest| rest.strip_suffix(".md")) {
        let (stem, draft) = page.strip_suffix(".draft").map_or((page, false), |stem| (stem, true));
        let (path, slug) = if stem == "index" { ("/".to_owned(), "index") } else { (format!("/{stem}"), last(stem)) };
        let document = site.pages.entry(path).or_default();
        *(if draft { &mut document.draft } else { &mut document.live }) = Some(version(text, slug, "")?);
    } else if let Some((category, item)) =
        name.strip_prefix("faq/").and_then(|rest| rest.strip_suffix(".md")).and_then(|rest| rest.split_once('/'))
    {
        let entry = site.categories.entry(category.to_owned()).or_default();
        if item == "_category" {
            let (fields, _) = front_matter::read::<CategoryFields>(text)?;
            (entry.title, entry.position) = (fields.title, fields.position);
        } else {
            let (stem, draft) = item.strip_suffix(".draft").map_or((item, false), |stem| (stem, true));
            let document = entry.items.entry(stem.to_owned()).or_default();
            *(if draft { &mut document.draft } else { &mut document.live }) = Some(version(text, stem, category)?);
        }
    }
    Ok(())
}

fn last(stem: &str) -> &str {
    stem.rsplit('/').next().unwrap_or(stem)
}

fn version(text: &str, slug: &str, category: &str) -> Result<Version, String> {
    let (fields, body) = front_matter::read::<Fields>(text)?;
    let or = |value: String, usual: &str| if value.is_empty() { usual.to_owned() } else { value };
    Ok(Version {
        position: fields.position,
        typed: Typed {
            title: fields.title,
            slug: or(fields.slug, slug),
            category: or(fields.category, category),
            number: fields.number,
            menu_label: fields.menu_label,
            menu: fields.menu,
            layout: fields.layout,
            summary: fields.summary,
            body,
            owner: fields.owner,
            review_by: fields.review_by,
            note: fields.note,
        },
    })
}

/// The file of one version; `slug` and `category` are left out where the file's own name says the same.
///
/// # Errors
/// When it cannot be written as TOML.
pub fn document(version: &Version, slug: &str, category: &str) -> Result<String, String> {
    let typed = &version.typed;
    let unless = |value: &str, usual: &str| if value == usual { String::new() } else { value.to_owned() };
    let fields = Fields {
        title: typed.title.clone(),
        slug: unless(&typed.slug, slug),
        category: unless(&typed.category, category),
        number: typed.number.clone(),
        menu_label: typed.menu_label.clone(),
        menu: unless(&typed.menu, "main"),
        layout: unless(&typed.layout, "article"),
        position: version.position,
        summary: typed.summary.clone(),
        owner: typed.owner.clone(),
        review_by: typed.review_by.clone(),
        note: typed.note.clone(),
    };
    front_matter::write(&fields, &typed.body).map_err(|error| error.to_string())
}

/// The file of a category.
///
/// # Errors
/// When it cannot be written as TOML.
pub fn category(title: &str, position: i64) -> Result<String, String> {
    let fields = CategoryFields { title: title.to_owned(), position: Some(position) };
    front_matter::write(&fields, "").map_err(|error| error.to_string())
}
