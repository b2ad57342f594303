//! Items in categories on the pages that show them, as questions are on the page of frequently asked ones.

pub mod category;
pub(crate) mod category_moving;
pub mod collection;
pub(crate) mod former_slug;
pub mod item;
pub mod location;
pub(crate) mod moving;
pub(crate) mod order;
pub(in crate::model) mod restoring;
pub(crate) mod searchable;
