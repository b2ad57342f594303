//! What users call the menus, and what they are called in addresses.

use crate::{
    error::{Error, Result},
    model::document::choices::Menu,
};

/// The menus with what users call them.
pub(super) const MENUS: [(Menu, &str); 2] = [(Menu::Main, "Main menu"), (Menu::Footer, "Foot of each page")];

/// The menu of this name.
/// `NotFound` when there is none.
pub(super) fn menu(name: &str) -> Result<Menu> {
    Menu::from_name(name).filter(|menu| *menu != Menu::Hidden).ok_or(Error::NotFound)
}
