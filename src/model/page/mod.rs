//! Pages: documents with a place in the tree.

pub mod editing;
pub mod moving;
pub mod order;
pub mod path;
pub mod public;
pub(in crate::model) mod restoring;
pub mod subtree;
pub mod tree;
