//! The form of the folder: which file is what. Touches no database and no disk.
//!
//! - `site.toml`: the settings; what it does not name stays as it is
//! - `pages/index.md`: the front page; `pages/a/b.md`: the page at `/a/b`
//! - `types/<key>.toml`: the type of document with this key
//! - `items/<page>/<category>/<slug>.md`, `items/<page>/<category>/_category.md`: an item and a category of the page at `/<page>`
//! - `x.draft.md` beside `x.md`: the newest version, where it is not the one that visitors see
//! - `redirects.toml`: old path = present path or address; `/*` behind an old path covers what is below it; `/page#old` =
//!   `/page#present` for the slugs of items, and `/page#category-old` = `/page#category-present` for those of categories
//! - `menu.toml`: what was changed of the menus
//! - `media/name.jpg`: the file at `/media/name.jpg`; `media.toml`: what is said of the files
//!
//! The place of a file is the place of its document. Only a draft may have another `slug` or `category` in its front
//! matter: those it gets when it is published.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    by_kind::{self, ImportedRedirect, ImportedSite},
    document_file::{check_name, sentences},
    folder::{FileMap, MENU_FILE},
    media, media_names, menus, type_names, types,
};
use crate::{
    model::{
        document::{kind::DocumentKind, rules::DocumentRules},
        page::path::HOME,
        redirect::typed,
        settings::Settings,
    },
    text::front_matter,
};

/// Reads a site from the files of a folder.
/// Errors: all faults at once, one line each, with the file's name.
pub fn parse(rules: &DocumentRules, files: &FileMap) -> Result<ImportedSite, String> {
    parse_beside(rules, files, &[])
}

/// The same for a folder in which some files could not be read, which has these faults already.
pub(crate) fn parse_beside(rules: &DocumentRules, files: &FileMap, unread: &[String]) -> Result<ImportedSite, String> {
    let mut site = ImportedSite::default();
    let mut faults = unread.to_vec();
    for (name, text) in files.iter().filter(|(name, _)| type_names::is_type(name)) {
        if let Err(fault) = types::take(&mut site.types, name, text) {
            faults.push(format!("{name}: {fault}"));
        }
    }
    let rules = &DocumentRules { fields: Arc::new(types::with_types(&rules.fields, &site.types)), ..rules.clone() };
    for (name, text) in files.iter().filter(|(name, _)| !type_names::is_type(name)) {
        if let Err(fault) = take(&mut site, rules, name, text) {
            faults.push(format!("{name}: {fault}"));
        }
    }
    faults.extend(by_kind::find_clashes(&site));
    faults.sort();
    if faults.is_empty() { Ok(site) } else { Err(faults.join("\n")) }
}

fn take(site: &mut ImportedSite, rules: &DocumentRules, name: &str, text: &str) -> Result<(), String> {
    match name.split_once('/') {
        None if name == "site.toml" => site.settings = settings(text)?,
        None if name == "redirects.toml" => return take_redirects(site, rules, text),
        None if name == MENU_FILE => site.menus = menus::take(rules, text)?,
        None if name == media_names::WORDS_FILE => return media::take(&mut site.media, text),
        Some((folder, file)) => {
            let kind = DocumentKind::from_folder(folder).ok_or("has no place in a site")?;
            return by_kind::take(site, rules, kind, (name, file), text);
        }
        None => return Err("has no place in a site".to_owned()),
    }
    Ok(())
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

/// Paths begin with a slash and end without one, as they are looked up; what has a # is a part of a page with items.
fn take_redirects(site: &mut ImportedSite, rules: &DocumentRules, text: &str) -> Result<(), String> {
    let typed: BTreeMap<String, String> = front_matter::read_toml(text)?;
    for (old, new) in &typed {
        if let (Some((_, id)), Some((_, present))) = (old.split_once('#'), new.split_once('#')) {
            [id, present].into_iter().try_for_each(check_name)?;
            if old == new {
                return Err(format!("“{old}” leads to itself"));
            }
            site.former_slugs.insert(old.clone(), new.clone());
            continue;
        }
        let (old, covers_below) = typed::parse_from(rules, old)?;
        let to = typed::parse_target(rules, new, covers_below)?;
        if old == HOME {
            return Err("the front page cannot lead elsewhere".to_owned());
        }
        if site.redirects.insert(old.clone(), ImportedRedirect { covers_below, to }).is_some() {
            return Err(format!("“{old}” is named twice"));
        }
    }
    Ok(())
}
