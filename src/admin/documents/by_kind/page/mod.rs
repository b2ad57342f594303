//! What the editor of documents shows for pages.

pub(crate) mod editor_context;
pub(crate) mod preview;
