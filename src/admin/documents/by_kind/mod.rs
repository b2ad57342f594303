//! What differs between the kinds of document in the editor: what is around the form, and the preview.

pub(crate) mod faq_item;
mod page;

use axum::response::Html;

use super::{editor_context::EditorContext, form::DocumentForm, preview_text::PreviewText};
use crate::{
    admin::shared::admin_context::AdminContext,
    error::Result,
    model::document::{kind::DocumentKind, record::Document},
};

/// What is around the form of a document that is saved.
pub(crate) async fn editor_context(admin: &AdminContext, document: &Document) -> Result<EditorContext> {
    if document.trashed_at.is_some() {
        return Ok(EditorContext::of_kind(document.kind));
    }
    match document.kind {
        DocumentKind::Page => page::editor_context::of(admin, document).await,
        DocumentKind::FaqItem => faq_item::editor_context::of(admin, document).await,
    }
}

/// The same for one that is not saved yet.
pub(crate) async fn editor_context_of_new(
    admin: &AdminContext,
    kind: DocumentKind,
    form: &DocumentForm,
) -> Result<EditorContext> {
    match kind {
        DocumentKind::Page => page::editor_context::of_new(admin, form).await,
        DocumentKind::FaqItem => faq_item::editor_context::of_new(admin).await,
    }
}

/// The preview; `parent` is the page above a page that is not saved yet.
pub(crate) async fn preview(
    admin: &AdminContext,
    kind: DocumentKind,
    shown: PreviewText,
    parent: Option<i64>,
) -> Result<Html<String>> {
    match kind {
        DocumentKind::Page => page::preview::draw(admin, shown, parent).await,
        DocumentKind::FaqItem => faq_item::preview::draw(admin, shown).await,
    }
}
