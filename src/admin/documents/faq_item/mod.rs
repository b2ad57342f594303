//! What the editor of documents shows for FAQ items.

pub mod preview;
pub mod surroundings;
