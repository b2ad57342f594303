//! The menus of the site: what follows from the tree of pages, and what an administrator has changed of it.

pub(crate) mod editing;
pub(crate) mod entry;
pub(crate) mod restoring;
pub(crate) mod target;
