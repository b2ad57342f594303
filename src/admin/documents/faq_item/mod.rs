//! What the editor of documents shows for FAQ items.

pub(crate) mod preview;
pub(crate) mod surroundings;
