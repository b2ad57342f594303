//! What a public page is rendered from.

use super::version_notice::VersionNotice;
use crate::model::document::revision::Revision;

pub struct RenderInput {
    pub(crate) path: String,
    pub(crate) revision: Revision,
    /// What a preview says of itself, such as `Version 4, not published`; empty for visitors.
    pub(crate) preview: String,
    /// For a published version that is shown at a path of its own.
    pub(crate) notice: Option<VersionNotice>,
}
