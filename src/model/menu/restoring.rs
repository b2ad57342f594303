//! Undoing a change of a menu: it gets the entries back that it had, as long as nothing else was changed of it.

use serde::{Deserialize, Serialize};

use super::{
    editing,
    entry::{self, MenuEntry},
};
use crate::{
    error::{Error, Result},
    model::{audit_log::AuditEntry, document::choices::Menu, write::Write},
};

/// A change of a menu, by what is stored of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MenuChange {
    menu: Menu,
    /// What users call the entry that was changed.
    pub(crate) label: String,
    before: Vec<MenuEntry>,
    after: Vec<MenuEntry>,
}

impl MenuChange {
    /// What has become of a menu that had these entries `before`.
    pub(crate) async fn since(write: &Write, menu: Menu, before: Vec<MenuEntry>, label: &str) -> Result<Self> {
        Ok(Self { menu, label: label.to_owned(), before, after: entry::entries(write, menu).await? })
    }
}

/// `Conflict` with a clause when the menu is not as the change left it.
pub(in crate::model) async fn put_back(write: &Write, change: &MenuChange) -> Result<()> {
    let MenuChange { menu, label, before, after } = change;
    if entry::entries(write, *menu).await? != *after {
        return Err(Error::Conflict(format!("the menu with “{label}” was changed again since")));
    }
    editing::clear(write, *menu).await?;
    for (position, entry) in (1_i64..).zip(before) {
        let MenuEntry { id, document_id, label, target, is_hidden, is_added } = entry;
        write
            .execute(
                "insert into menu_entry (id, menu, position, document_id, label, target, is_hidden, is_added) \
                 values ($1, $2, $3, $4, $5, $6, $7, $8)",
                (*id, *menu, position, *document_id, label.as_str(), target.as_str(), *is_hidden, *is_added),
            )
            .await?;
    }
    let entry = AuditEntry::new("menu.change", "menu", None, label.as_str());
    write.record(entry.detail(format!("{}, as it was before", menu.as_str())));
    write.touch_public();
    Ok(())
}
