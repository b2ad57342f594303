//! The frequently asked questions: items in categories.

pub mod category;
pub mod item;
pub(in crate::model) mod restoring;
pub(crate) mod searchable;
