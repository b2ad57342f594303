//! What the editor of documents shows for FAQ items.

pub(crate) mod editor_context;
pub(crate) mod preview;
