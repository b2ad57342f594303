//! What texts link to. Each revision keeps its links with the paths at which they led somewhere when it was saved. Before
//! a document leaves such a path, the links to it are bound to the document, so they go on leading to it, wherever it is, and
//! whatever is at the old path then. A document that is not live has its links lead to what is at their paths.

pub(crate) mod addresses;
pub(super) mod binding;
pub(crate) mod dead;
pub(crate) mod inbound;
pub(super) mod keeping;
pub(crate) mod questions;
pub(crate) mod uses;
