//! The form of the folder: which file is what. Touches no database and no disk.
//!
//! - `site.toml`: the settings; what it does not name stays as it is
//! - `pages/index.md`: the front page; `pages/a/b.md`: the page at `/a/b`
//! - `faq/<category>/_category.md`, `faq/<category>/<slug>.md`
//! - `x.draft.md` beside `x.md`: the newest version, where it is not the one that visitors see
//! - `redirects.toml`: old path = present path; `#old` = `#present` for the slugs of FAQ items
//!
//! The place of a file is the place of its document. Only a draft may have another `slug` or `category` in its front
//! matter: those it gets when it is published.

use std::collections::BTreeMap;

use super::{
    fields::{self, CategoryFields},
    folder::{self, FileMap},
};
use crate::{
    error::{FieldError, ValidationErrors},
    model::{
        document::{
            content::Content, fields::DocumentFields, input::DocumentInput, keys, kind::DocumentKind,
            rules::DocumentRules,
        },
        page::path::{DEPTH_MAX, HOME, HOME_NAME, is_reserved},
        settings::Settings,
    },
    text::{front_matter, slug},
};

/// A whole site, read but not yet applied.
#[derive(Debug, Default, PartialEq)]
pub struct ImportedSite {
    pub settings: toml::Table,
    /// Pages by their path, parents before children.
    pub pages: BTreeMap<String, ImportedDocument>,
    pub categories: BTreeMap<String, ImportedCategory>,
    pub redirects: BTreeMap<String, String>,
    /// Old slug and present slug of questions.
    pub former_slugs: BTreeMap<String, String>,
}

/// A document as one or two files have it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ImportedDocument {
    pub live: Option<ImportedRevision>,
    pub draft: Option<ImportedRevision>,
}

impl ImportedDocument {
    /// Its versions, the live one first, and whether visitors see them.
    pub(crate) fn versions(&self) -> impl Iterator<Item = (&ImportedRevision, bool)> {
        let live = self.live.iter().map(|version| (version, true));
        live.chain(self.draft.iter().map(|version| (version, false)))
    }

    /// Its place among its siblings, if a file names one.
    #[must_use]
    pub(crate) fn position(&self) -> Option<i64> {
        self.versions().next().and_then(|(version, _)| version.position)
    }

    fn put(&mut self, draft: bool, version: ImportedRevision) -> Result<(), String> {
        let version_slot = if draft { &mut self.draft } else { &mut self.live };
        if let Some(other) = version_slot {
            return Err(format!("is the same document as {}; take one of them away", other.file));
        }
        *version_slot = Some(version);
        Ok(())
    }
}

/// One version with its place.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ImportedRevision {
    pub file: String,
    /// Place among its siblings, 1 is first.
    pub position: Option<i64>,
    pub typed: DocumentInput,
}

/// A category of the FAQ.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ImportedCategory {
    file: Option<String>,
    /// The heading; empty when no file says it.
    pub title: String,
    pub position: Option<i64>,
    pub items: BTreeMap<String, ImportedDocument>,
}

/// Reads a site from the files of a folder.
/// Errors: all faults at once, one line each, with the file's name.
pub fn parse(rules: &DocumentRules, files: &FileMap) -> Result<ImportedSite, String> {
    let mut site = ImportedSite::default();
    let mut faults = Vec::new();
    for (name, text) in files {
        if let Err(fault) = take(&mut site, rules, name, text) {
            faults.push(format!("{name}: {fault}"));
        }
    }
    faults.extend(same_slug(&site));
    if faults.is_empty() { Ok(site) } else { Err(faults.join("\n")) }
}

fn take(site: &mut ImportedSite, rules: &DocumentRules, name: &str, text: &str) -> Result<(), String> {
    match name.split_once('/') {
        None if name == "site.toml" => site.settings = settings(text)?,
        None if name == "redirects.toml" => return take_redirects(site, text),
        Some((folder, file)) => match DocumentKind::from_folder(folder) {
            Some(DocumentKind::Page) => return take_page(site, rules, (name, file), text),
            Some(kind @ DocumentKind::FaqItem) => {
                return take_question(site, rules.fields.of(kind), (name, file), text);
            }
            None => return Err("has no place in a site".to_owned()),
        },
        None => return Err("has no place in a site".to_owned()),
    }
    Ok(())
}

fn take_page(
    site: &mut ImportedSite,
    rules: &DocumentRules,
    (name, file): (&str, &str),
    text: &str,
) -> Result<(), String> {
    let (stem, draft) = stem(file)?;
    let path = if stem == HOME_NAME { HOME.to_owned() } else { format!("/{stem}") };
    let last = stem.rsplit('/').next().unwrap_or(stem);
    if path != HOME {
        let first = stem.split('/').next().unwrap_or(stem);
        if is_reserved(rules, first) {
            return Err(format!("the path /{first} is used by the portal itself; choose another name"));
        }
        stem.split('/').try_for_each(check_name)?;
        if stem.split('/').count() > DEPTH_MAX {
            return Err(format!("lies too deep; pages can be {DEPTH_MAX} levels deep"));
        }
    }
    let fields = rules.fields.of(DocumentKind::Page);
    let (typed, position) = fields::read(fields, text, &[(keys::SLUG, last)])?;
    check(fields, &typed)?;
    let version = ImportedRevision { file: name.to_owned(), position, typed };
    // The path of the front page does not depend on its slug.
    if !draft && path != HOME && version.typed.get(keys::SLUG) != last {
        return Err(format!(
            "lies at {path}, but its slug says “{}”; take the slug away, or rename the file, and the folder of that name \
             with the pages below",
            version.typed.get(keys::SLUG)
        ));
    }
    site.pages.entry(path).or_default().put(draft, version)
}

fn take_question(
    site: &mut ImportedSite,
    fields: DocumentFields<'_>,
    (name, file): (&str, &str),
    text: &str,
) -> Result<(), String> {
    let (stem, draft) = stem(file)?;
    let Some((category, slug)) = stem.split_once('/') else {
        return Err(format!("lies in no category; move it to a folder of one, such as faq/general/{file}"));
    };
    if slug.contains('/') {
        return Err("lies too deep; questions lie in faq/<category>/".to_owned());
    }
    check_name(category)?;
    let entry = site.categories.entry(category.to_owned()).or_default();
    if slug == "_category" && !draft {
        let (category, _) = front_matter::read::<CategoryFields>(text)?;
        if let Some(other) = entry.file.replace(name.to_owned()) {
            return Err(format!("is the same category as {other}; take one of them away"));
        }
        (entry.title, entry.position) = (category.title, category.position);
        return Ok(());
    }
    check_name(slug)?;
    let (typed, position) = fields::read(fields, text, &[(keys::SLUG, slug), (keys::CATEGORY, category)])?;
    // Its category is looked up later.
    check(fields, &typed.clone().with(keys::CATEGORY, "1"))?;
    let version = ImportedRevision { file: name.to_owned(), position, typed };
    let named = (version.typed.get(keys::CATEGORY), version.typed.get(keys::SLUG));
    if !draft && named != (category, slug) {
        return Err(format!(
            "its front matter names the place {}/{}; take slug and category away, or move the file there",
            named.0, named.1
        ));
    }
    entry.items.entry(slug.to_owned()).or_default().put(draft, version)
}

/// The name without its endings, and whether it is a draft.
fn stem(file: &str) -> Result<(&str, bool), String> {
    let stem = folder::markdown_stem(file).ok_or("its name does not end in .md")?;
    Ok(stem.strip_suffix(".draft").map_or((stem, false), |stem| (stem, true)))
}

/// Whether a part of a file's path can be a slug.
fn check_name(part: &str) -> Result<(), String> {
    match slug::parse(part) {
        Ok(slug) if slug == part => Ok(()),
        _ => Err(format!(
            "“{part}” cannot be part of a path; rename it, with small letters a to z, digits, and single hyphens \
             between them"
        )),
    }
}

/// Whether a version breaks a rule that needs no database.
fn check(fields: DocumentFields<'_>, typed: &DocumentInput) -> Result<(), String> {
    Content::parse(fields, typed).map(drop).map_err(|errors| sentences(&errors))
}

fn sentences(errors: &ValidationErrors) -> String {
    let sentences: Vec<_> =
        errors.list.iter().map(|FieldError { field, message }| format!("{field}: {message}")).collect();
    sentences.join("; ")
}

fn settings(text: &str) -> Result<toml::Table, String> {
    let table: toml::Table = front_matter::read_toml(text)?;
    let named = over(&Settings::default(), &table)?;
    named.check().map_err(|errors| sentences(&errors))?;
    Ok(table)
}

/// The settings `present`, overridden by `named`.
/// Fails when a setting is not known, or not of its kind.
pub(crate) fn over(present: &Settings, named: &toml::Table) -> Result<Settings, String> {
    let tell = |error: toml::de::Error| error.message().to_owned();
    let mut table = toml::Table::try_from(present).map_err(|error| error.to_string())?;
    table.extend(named.clone().into_iter().map(|(name, value)| match value {
        toml::Value::String(text) => (name, toml::Value::String(text.trim().to_owned())),
        other => (name, other),
    }));
    table.try_into().map_err(tell)
}

/// Paths begin with a slash and end without one, as they are looked up; slugs are those of questions.
fn take_redirects(site: &mut ImportedSite, text: &str) -> Result<(), String> {
    let typed: BTreeMap<String, String> = front_matter::read_toml(text)?;
    for (old, new) in &typed {
        if let (Some(old), Some(new)) = (old.strip_prefix('#'), new.strip_prefix('#')) {
            [old, new].into_iter().try_for_each(check_name)?;
            if old == new {
                return Err(format!("“#{old}” leads to itself"));
            }
            site.former_slugs.insert(old.to_owned(), new.to_owned());
            continue;
        }
        let (old, new) = (parse_path(old)?, parse_path(new)?);
        if old == HOME {
            return Err("the front page cannot lead elsewhere".to_owned());
        }
        if site.redirects.insert(old.clone(), new).is_some() {
            return Err(format!("“{old}” is named twice"));
        }
    }
    Ok(())
}

/// A path as it is looked up.
fn parse_path(path: &str) -> Result<String, String> {
    if !path.starts_with('/') || path.contains(['?', '#', ' ']) {
        return Err(format!("“{path}” is no path on this site, such as /about"));
    }
    Ok(format!("/{}", path.trim_matches('/')))
}

/// Questions of different categories with the same slug would be the same question.
fn same_slug(site: &ImportedSite) -> Vec<String> {
    let mut known: BTreeMap<&str, &str> = BTreeMap::new();
    let mut faults = Vec::new();
    for category in site.categories.values() {
        for (slug, item) in &category.items {
            let Some((version, _)) = item.versions().next() else { continue };
            if let Some(other) = known.insert(slug, &version.file) {
                faults.push(format!("{}: is the same question as {other}; rename one of them", version.file));
            }
        }
    }
    faults
}
