//! Pages: documents with a place in the tree.

pub mod address;
pub mod editing;
pub mod order;
pub mod public;
pub mod tree;
