//! Whole responses kept in memory in front of everything else. Knows no route and no content: only that a response
//! made under an older stamp is stale.

pub mod encoding;
pub mod entry;
pub mod front;
pub mod policy;
pub mod range;
pub mod store;
pub mod variant;
