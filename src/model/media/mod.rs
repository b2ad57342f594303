//! The media library: what is in it, where it is used, and what texts show of it.

pub(crate) mod adding;
pub(crate) mod changing;
pub(crate) mod claims;
pub(crate) mod deletion;
pub(crate) mod item;
pub(crate) mod leftovers;
pub(crate) mod named_files;
pub(crate) mod replacing;
pub(crate) mod served;
pub(crate) mod sources;
pub(crate) mod usage;
