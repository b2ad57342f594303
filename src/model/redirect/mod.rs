//! Old paths and where they lead now. A redirect names a document, or an address at which there is none, and never another
//! redirect, so there are no chains and no loops: the old path leads to wherever the document is.

pub(crate) mod editing;
pub(crate) mod follow;
pub(crate) mod list;
pub(crate) mod missing;
pub(crate) mod moves;
pub(crate) mod restoring;
pub(crate) mod sheet;
pub(crate) mod sheet_lines;
pub(crate) mod typed;
pub(crate) mod usage;
