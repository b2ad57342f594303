//! The menus in an import and an export: `menu.toml`, with what an administrator changed of them. A menu that the file names
//! becomes as it says; pages are named by their paths.

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Serialize};

use super::folder::{FileMap, MENU_FILE};
use crate::{
    db::conn::Conn,
    error::{Error, Result},
    model::{
        document::{choices::Menu, rules::DocumentRules},
        menu::{
            editing::{self, NewMenuEntry},
            entry::{self, MenuItem},
            target::{self, MenuTarget},
        },
        page::tree,
        write::Write,
    },
    text::{clean, front_matter},
};

/// What it says of one entry.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ImportedMenuEntry {
    /// The path of a page; empty for an address.
    #[serde(skip_serializing_if = "String::is_empty")]
    page: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    address: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    label: String,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    hidden: bool,
    /// Whether the page is in the menu whatever its version says.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    added: bool,
}

/// By the names of the menus.
pub(super) type ImportedMenus = BTreeMap<String, Vec<ImportedMenuEntry>>;

/// Reads the file.
/// Errors: a sentence that says what is wrong with it.
pub(super) fn take(rules: &DocumentRules, text: &str) -> Result<ImportedMenus, String> {
    let mut menus: ImportedMenus = front_matter::read_toml(text)?;
    for (name, entries) in &mut menus {
        menu(name)?;
        let mut pages = HashSet::new();
        for entry in entries {
            *entry = read(rules, entry)?;
            if !entry.page.is_empty() && !pages.insert(entry.page.clone()) {
                return Err(format!("{} is in this menu twice", entry.page));
            }
        }
    }
    Ok(menus)
}

fn menu(name: &str) -> Result<Menu, String> {
    let known = Menu::from_name(name).filter(|menu| *menu != Menu::Hidden);
    known.ok_or_else(|| format!("“{name}” is no menu; there are main and footer"))
}

fn read(rules: &DocumentRules, entry: &ImportedMenuEntry) -> Result<ImportedMenuEntry, String> {
    let label = clean::line(&entry.label);
    match (entry.page.as_str(), entry.address.as_str()) {
        (page, "") if !page.is_empty() => match target::parse(rules, page)? {
            MenuTarget::Page(page) => Ok(ImportedMenuEntry { page, label, ..entry.clone() }),
            MenuTarget::Elsewhere(_) => Err(format!("“{page}” is not a page; name it as an address")),
        },
        ("", address) if !address.is_empty() => match target::parse(rules, address)? {
            MenuTarget::Elsewhere(_) if label.is_empty() => Err(format!("“{address}” has no label")),
            MenuTarget::Elsewhere(address) => Ok(ImportedMenuEntry { address, label, added: true, ..entry.clone() }),
            MenuTarget::Page(_) => Err(format!("“{address}” is a page; name it as one")),
        },
        _ => Err("each entry names a page or an address".to_owned()),
    }
}

/// The entries that name a page which is neither in the folder, as `is_read` says, nor in the database.
pub(super) async fn find_faults(
    db: &Conn,
    menus: &ImportedMenus,
    is_read: impl Fn(&str) -> bool,
) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for page in menus.values().flatten().map(|entry| &entry.page).filter(|page| !page.is_empty()) {
        if !is_read(page) && tree::id_at(db, page).await?.is_none() {
            faults.push(format!("{MENU_FILE}: there is no page at {page}"));
        }
    }
    Ok(faults)
}

/// Says whether anything was changed.
pub(super) async fn import(write: &Write, menus: &ImportedMenus) -> Result<bool> {
    let mut changed = false;
    for (name, wanted) in menus {
        let menu = menu(name).map_err(Error::BadRequest)?;
        if entries_of(write, menu).await? == *wanted {
            continue;
        }
        editing::clear(write, menu).await?;
        for one in wanted {
            let document_id = match one.page.as_str() {
                "" => None,
                path => Some(tree::id_at(write, path).await?.ok_or(Error::NotFound)?),
            };
            let ImportedMenuEntry { address, label, hidden, added, .. } = one;
            let new = NewMenuEntry { document_id, label, target: address, is_hidden: *hidden, is_added: *added };
            editing::insert(write, menu, &new).await?;
        }
        changed = true;
    }
    Ok(changed)
}

/// Writes the file, if a menu is not just what the pages say.
pub(super) async fn export(db: &Conn, files: &mut FileMap) -> Result<()> {
    let mut menus = ImportedMenus::new();
    for menu in [Menu::Main, Menu::Footer] {
        let entries = entries_of(db, menu).await?;
        if !entries.is_empty() {
            menus.insert(menu.as_str().to_owned(), entries);
        }
    }
    if !menus.is_empty() {
        let text = toml::to_string(&menus).map_err(|error| Error::internal("export", error))?;
        files.insert(MENU_FILE.to_owned(), text);
    }
    Ok(())
}

/// The entries of a menu; those of pages in the trash are left out, as these are.
async fn entries_of(db: &Conn, menu: Menu) -> Result<Vec<ImportedMenuEntry>> {
    let mut entries = Vec::new();
    for MenuItem { entry, .. } in entry::items(db, menu).await? {
        let page = match entry.document_id {
            Some(id) => match tree::node(db, id).await {
                Ok(page) => page.path,
                Err(Error::NotFound) => continue,
                Err(other) => return Err(other),
            },
            None => String::new(),
        };
        let (hidden, added) = (entry.is_hidden, entry.is_added);
        entries.push(ImportedMenuEntry { page, address: entry.target, label: entry.label, hidden, added });
    }
    Ok(entries)
}
