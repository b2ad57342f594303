//! What a public page is rendered from.

use crate::model::document::revision::Revision;

/// What to render.
pub struct RenderInput {
    /// Address of the page.
    pub path: String,
    /// The version to show.
    pub revision: Revision,
    /// What a preview says of itself, such as `Version 4, not published`; empty for visitors.
    pub preview: String,
}
