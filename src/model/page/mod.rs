//! Pages: documents with a place in the tree.

pub(crate) mod duplicate;
pub mod editing;
pub(crate) mod finding;
pub(crate) mod labelled;
pub(crate) mod moving;
pub(crate) mod newest;
pub(crate) mod order;
pub(crate) mod path;
pub mod public;
pub(in crate::model) mod restoring;
pub(crate) mod searchable;
pub(crate) mod subtree;
pub mod tree;
