//! The frequently asked questions: items in categories.

pub mod category;
pub mod item;
pub(crate) mod moving;
pub(crate) mod order;
pub(in crate::model) mod restoring;
pub(crate) mod searchable;
