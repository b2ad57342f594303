//! What the editor of documents shows for pages.

pub mod preview;
pub mod surroundings;
