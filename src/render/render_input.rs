//! What a public page is rendered from.

use crate::model::document::revision::Revision;

pub struct RenderInput {
    pub(crate) path: String,
    pub(crate) revision: Revision,
    /// What a preview says of itself, such as `Version 4, not published`; empty for visitors.
    pub(crate) preview: String,
}
