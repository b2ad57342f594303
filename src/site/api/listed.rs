//! A document as lists have it.

use serde_json::{Value, json};

use crate::{
    model::{document::kind::DocumentKind, recent_change::RecentChange},
    render::site_paths::ApiDocumentPath,
    state::app_state::App,
};

/// The name of a type of document.
#[must_use]
pub(super) const fn type_name(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Page => "page",
        DocumentKind::FaqItem => "question",
    }
}

/// What all rows of a list need to know.
pub(super) struct Listing {
    origin: String,
}

impl Listing {
    pub(super) fn new(app: &App) -> Self {
        Self { origin: app.config.origin() }
    }

    /// None for an item while no page shows it.
    pub(super) fn row(&self, change: &RecentChange) -> Option<Value> {
        let path = change.address()?;
        let (kind, page) = match &change.path {
            Some(page) => (DocumentKind::Page, page),
            None => (DocumentKind::FaqItem, change.item_page.as_ref()?),
        };
        Some(json!({
            "id": change.document_id,
            "type": type_name(kind),
            "document_type": change.document_type,
            "title": change.title,
            "number": change.clause_number,
            "summary": change.summary,
            "path": path,
            "url": format!("{}{path}", self.origin),
            "document": format!("{}{}", self.origin, ApiDocumentPath::of(page)),
            "published": change.first_published_at.iso(),
            "modified": change.published_at.iso(),
        }))
    }
}
