//! The preview of a page as visitors would get it, from what was typed or saved.

use axum::response::Html;

use crate::{
    admin::{documents::preview_text::PreviewText, shared::admin_context::AdminContext},
    error::{Error, Result},
    model::page::{
        path::{self, HOME},
        tree,
    },
    render::{
        page::{self, RenderOptions},
        render_input::RenderInput,
    },
};

/// Draws the preview; `parent` is the page above a page that is not saved yet.
pub(crate) async fn draw(admin: &AdminContext, shown: PreviewText, parent: Option<i64>) -> Result<Html<String>> {
    let path = match Error::optional(tree::node(admin.app.read(), shown.revision.document_id).await)? {
        Some(node) if node.path == HOME => node.path,
        Some(node) => path_below(admin, node.parent_id, &shown).await?,
        // The page is not saved yet, or was moved to the trash meanwhile.
        None => path_below(admin, parent, &shown).await?,
    };
    let input =
        RenderInput { path, revision: shown.revision, preview: shown.label, preview_of: String::new(), notice: None };
    page::render(&admin.app, &input, &RenderOptions { with_lines: true, ..RenderOptions::default() }).await
}

/// The path that the page would have; on the uppermost level when the page above is gone.
async fn path_below(admin: &AdminContext, parent: Option<i64>, shown: &PreviewText) -> Result<String> {
    let above = match parent {
        Some(parent) => Error::optional(path::of(admin.app.read(), parent).await)?,
        None => None,
    };
    Ok(path::join(above.as_deref(), &shown.revision.content.slug))
}
