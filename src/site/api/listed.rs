//! A document as lists have it.

use serde_json::{Value, json};

use crate::{
    error::Result,
    model::{
        document::{choices::Layout, kind::DocumentKind},
        page::public,
        recent_change::RecentChange,
    },
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
    /// Path of the page with the questions.
    questions: Option<String>,
}

impl Listing {
    pub(super) async fn new(app: &App) -> Result<Self> {
        let questions = public::with_layout(app.read(), Layout::Faq).await?.map(|page| page.path.into());
        Ok(Self { origin: app.config.origin(), questions })
    }

    /// None for a question while no page shows the questions.
    pub(super) fn row(&self, change: &RecentChange) -> Option<Value> {
        let (kind, page, path) = match (&change.path, &change.slug) {
            (Some(path), _) => (DocumentKind::Page, path, path.clone()),
            (None, Some(slug)) => {
                let page = self.questions.as_ref()?;
                (DocumentKind::FaqItem, page, format!("{page}#{slug}"))
            }
            _ => return None,
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
