//! Notes how a change of a menu is undone.

use crate::{
    error::Result,
    model::{
        document::choices::Menu,
        menu::{entry::MenuEntry, restoring::MenuChange},
        undo::{noted, step::Step},
        write::Write,
    },
};

/// The menu had these entries `before`; gives the number of the change.
pub(super) async fn note(write: &Write, (menu, label): (Menu, &str), before: Vec<MenuEntry>) -> Result<i64> {
    let change = MenuChange::since(write, menu, before, label).await?;
    noted::note(write, &[Step::Menu(change)]).await
}
