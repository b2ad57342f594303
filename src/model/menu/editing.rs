//! Changing a menu. Visitors see it at once. Whatever is changed gets an entry; those that are there by themselves get theirs as
//! soon as the order is changed.

use super::{
    entry::{self, MenuLine},
    target::{self, MenuTarget},
};
use crate::{
    error::{Error, Result, ValidationErrors},
    model::{
        arrange::{Position, arrange},
        audit_log::AuditEntry,
        document::choices::Menu,
        page::tree,
        write::Write,
    },
    text::{clean, limit},
};

/// Longest label, in characters.
const LABEL_MAX: usize = 100;
/// Most entries of a menu.
const MOST: usize = 100;

/// Adds a page or an address, as typed, at the end. Gives its label.
/// `Validation` on `target` or `label`.
pub(crate) async fn add(write: &Write, menu: Menu, typed: &str, label: &str) -> Result<String> {
    let mut errors = ValidationErrors::default();
    let label = errors.take("label", parse_label(label));
    let target = match target::parse(&write.rules, typed) {
        Ok(target) => target,
        Err(sentence) => {
            errors.add("target", sentence);
            return Err(errors.into());
        }
    };
    let lines = entry::all(write, menu).await?;
    if lines.len() >= MOST {
        errors.add("target", format!("A menu has at most {MOST} entries"));
    }
    let (document_id, target) = match target {
        MenuTarget::Page(path) => (page_at(write, &lines, &path, &mut errors).await?, String::new()),
        MenuTarget::Elsewhere(address) => {
            if label.is_empty() {
                errors.add("label", "Enter a label for this address");
            }
            (None, address)
        }
    };
    errors.finish(|| ())?;
    fill(write, menu, &lines).await?;
    let new = NewMenuEntry { document_id, label: &label, target: &target, is_hidden: false, is_added: true };
    // What is stored of a page whose version named this menu once, and that is not shown.
    if let Some(document) = document_id {
        let sql = "delete from menu_entry where document_id = $1 and menu = $2";
        write.execute(sql, (document, menu)).await?;
    }
    let id = insert(write, menu, &new).await?;
    let key = document_id.map_or(id, |id| -id);
    let shown = entry::get(write, menu, key).await?.label;
    let shown = if shown.is_empty() { clean::line(typed) } else { shown };
    record(write, "menu.add", menu, id, &shown);
    Ok(shown)
}

async fn page_at(write: &Write, lines: &[MenuLine], path: &str, errors: &mut ValidationErrors) -> Result<Option<i64>> {
    let id = tree::id_at(write, path).await?;
    match id {
        None => errors.add("target", format!("There is no page at {path}")),
        Some(_) if lines.iter().any(|line| line.document_id == id) => {
            errors.add("target", "This page is in this menu already");
        }
        Some(_) => {}
    }
    Ok(id)
}

fn parse_label(typed: &str) -> Result<String, String> {
    let label = clean::line(typed);
    limit::characters(&label, "the label", LABEL_MAX)?;
    Ok(label)
}

/// Changes the label, and where an entry leads that is no page. Gives the label that visitors read.
/// `Validation` on `label` or `target`.
pub(crate) async fn change(write: &Write, menu: Menu, line: &MenuLine, label: &str, typed: &str) -> Result<String> {
    let mut errors = ValidationErrors::default();
    let label = errors.take("label", parse_label(label));
    let mut target = String::new();
    if line.document_id.is_none() {
        if label.is_empty() {
            errors.add("label", "Enter a label for this address");
        }
        match target::parse(&write.rules, typed) {
            Ok(MenuTarget::Elsewhere(address)) => target = address,
            Ok(MenuTarget::Page(_)) => errors.add("target", "Add pages as entries of their own"),
            Err(sentence) => errors.add("target", sentence),
        }
    }
    errors.finish(|| ())?;
    let id = ensure_entry(write, menu, line).await?;
    write
        .execute("update menu_entry set label = $2, target = $3 where id = $1", (id, label.as_str(), target.as_str()))
        .await?;
    let shown = entry::get(write, menu, line.key).await?.label;
    record(write, "menu.change", menu, id, &shown);
    Ok(shown)
}

/// Hides an entry or shows it again. Says whether that changed anything.
pub(crate) async fn set_hidden(write: &Write, menu: Menu, line: &MenuLine, is_hidden: bool) -> Result<bool> {
    if line.is_hidden == is_hidden {
        return Ok(false);
    }
    let id = ensure_entry(write, menu, line).await?;
    write.execute("update menu_entry set is_hidden = $2 where id = $1", (id, is_hidden)).await?;
    record(write, if is_hidden { "menu.hide" } else { "menu.show" }, menu, id, &line.label);
    Ok(true)
}

/// Takes out an entry that a user has added.
/// `Conflict` for a page that is there by itself.
pub(crate) async fn remove(write: &Write, menu: Menu, line: &MenuLine) -> Result<()> {
    let Some(id) = line.entry_id.filter(|_| line.is_added) else {
        let sentence = "This page is in the menu because its version says so. Hide it, or change the page.";
        return Err(Error::Conflict(sentence.to_owned()));
    };
    write.execute("delete from menu_entry where id = $1", (id,)).await?;
    record(write, "menu.remove", menu, id, &line.label);
    Ok(())
}

/// Puts an entry elsewhere among the others; `false` when it is there already, and nothing is recorded.
/// Errors: see [`arrange`].
pub(crate) async fn reorder(write: &Write, menu: Menu, line: &MenuLine, position: Position) -> Result<bool> {
    let lines = entry::all(write, menu).await?;
    let order: Vec<i64> = lines.iter().map(|line| line.key).collect();
    let Some(order) = arrange(&order, line.key, position)? else { return Ok(false) };
    fill(write, menu, &lines).await?;
    let lines = entry::all(write, menu).await?;
    for (position, key) in (1_i64..).zip(&order) {
        let id = lines.iter().find(|line| line.key == *key).and_then(|line| line.entry_id);
        write.execute("update menu_entry set position = $2 where id = $1", (id, position)).await?;
    }
    let id = lines.iter().find(|other| other.key == line.key).and_then(|line| line.entry_id).unwrap_or_default();
    record(write, "menu.move", menu, id, &line.label);
    Ok(true)
}

/// Gives each line of a menu an entry that has none.
async fn fill(write: &Write, menu: Menu, lines: &[MenuLine]) -> Result<()> {
    for line in lines {
        ensure_entry(write, menu, line).await?;
    }
    Ok(())
}

/// The entry of a line, which is made when it is there by itself.
async fn ensure_entry(write: &Write, menu: Menu, line: &MenuLine) -> Result<i64> {
    if let Some(id) = line.entry_id {
        return Ok(id);
    }
    let document_id = line.document_id;
    let new = NewMenuEntry { document_id, label: "", target: "", is_hidden: false, is_added: false };
    insert(write, menu, &new).await
}

/// An entry to be stored at the end of a menu.
pub(in crate::model) struct NewMenuEntry<'a> {
    pub(in crate::model) document_id: Option<i64>,
    pub(in crate::model) label: &'a str,
    pub(in crate::model) target: &'a str,
    pub(in crate::model) is_hidden: bool,
    pub(in crate::model) is_added: bool,
}

pub(in crate::model) async fn insert(write: &Write, menu: Menu, new: &NewMenuEntry<'_>) -> Result<i64> {
    let NewMenuEntry { document_id, label, target, is_hidden, is_added } = new;
    Ok(write
        .value(
            "insert into menu_entry (menu, position, document_id, label, target, is_hidden, is_added) values ($1, \
             (select coalesce(max(position), 0) + 1 from menu_entry where menu = $1), $2, $3, $4, $5, $6) returning id",
            (menu, *document_id, *label, *target, *is_hidden, *is_added),
        )
        .await?)
}

/// Takes out all entries of a menu, before an import stores others.
pub(in crate::model) async fn clear(write: &Write, menu: Menu) -> Result<()> {
    write.execute("delete from menu_entry where menu = $1", (menu,)).await?;
    Ok(())
}

fn record(write: &Write, action: &'static str, menu: Menu, id: i64, label: &str) {
    write.record(AuditEntry::new(action, "menu", Some(id), label).detail(menu.as_str()));
    write.touch_public();
}
