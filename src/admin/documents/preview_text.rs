//! The text of a preview, of documents of every kind: saved, or as it was typed, with the line that says so.

use super::form::DocumentForm;
use crate::{
    admin::shared::admin_context::AdminContext,
    model::document::{content::Content, keys, kind::DocumentKind, record::Document, revision::Revision},
};

pub(crate) struct PreviewText {
    /// The text; an unsaved one has the version it would get, and document 0 when that is not saved either.
    pub(crate) revision: Revision,
    /// `Version 3, live`.
    pub(crate) label: String,
}

impl PreviewText {
    #[must_use]
    pub(crate) fn of_stored(document: &Document, revision: Revision) -> Self {
        let state = if document.published_revision_id == Some(revision.id) { "live" } else { "not published" };
        Self { label: format!("Version {}, {state}", revision.version), revision }
    }

    /// Text that is not saved. Any input has a preview: a faulty field is shown as empty.
    #[must_use]
    pub(crate) fn of_unsaved(
        admin: &AdminContext,
        kind: DocumentKind,
        (document_id, version): (i64, i64),
        form: &DocumentForm,
    ) -> Self {
        let mut typed = form.typed.clone();
        if typed.get(keys::TITLE).trim().is_empty() {
            typed.set(keys::TITLE, "Untitled");
        }
        let mut content = Content::parse_what_fits(&admin.app.rules.fields.of_input(kind, &typed), &typed);
        for text in [&mut content.title, &mut content.slug].into_iter().filter(|text| text.is_empty()) {
            "untitled".clone_into(text);
        }
        let (author_id, author_name) = (Some(admin.user.id), admin.user.name.clone());
        let created_at = admin.app.now();
        let revision =
            Revision { id: 0, document_id, version, content, author_id, author_name, created_at, made_from: None };
        Self { revision, label: "Not saved yet".to_owned() }
    }
}
