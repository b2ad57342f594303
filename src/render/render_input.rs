//! What a public page is rendered from.

use super::version_notice::VersionNotice;
use crate::model::document::revision::Revision;

pub struct RenderInput {
    pub(crate) path: String,
    pub(crate) revision: Revision,
    /// What a preview says of itself, such as `Version 4, not published`; empty for visitors.
    pub(crate) preview: String,
    /// Where a preview of the whole site leads back to; empty for every other page.
    pub(crate) preview_of: String,
    /// For a published version that is shown at a path of its own.
    pub(crate) notice: Option<VersionNotice>,
}
