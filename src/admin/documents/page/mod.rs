//! What the editor of documents shows for pages.

pub(crate) mod preview;
pub(crate) mod surroundings;
