//! Tells other programs over https what happened: where to, signed how, and what became of it. Knows no event and no database.

pub(crate) mod client;
pub(crate) mod target;
