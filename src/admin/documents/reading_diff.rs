//! What differs between two versions of a document as readers see it, field by field. For screens about old versions;
//! those about unpublished changes compare the Markdown, see `version_diff`.

use serde::Serialize;

use super::{field_view::in_words, paths};
use crate::{
    admin::shared::admin_context::AdminContext,
    error::Result,
    model::document::{content::Content, field::Control, kind::DocumentKind, record::Document, revision::Revision},
    render::shown_diff::MarkdownDiff,
};

#[derive(Debug, Default, Serialize)]
pub(crate) struct ReadingDiff {
    fields: Vec<FieldDiff>,
    texts: Vec<TextDiff>,
}

#[derive(Debug, Serialize)]
struct FieldDiff {
    label: String,
    diff: MarkdownDiff,
}

/// A Markdown field.
#[derive(Debug, Serialize)]
struct TextDiff {
    key: String,
    label: String,
    diff: MarkdownDiff,
}

impl ReadingDiff {
    pub(crate) async fn between(
        admin: &AdminContext,
        kind: DocumentKind,
        (old, new): (&Content, &Content),
    ) -> Result<Self> {
        let (old, new) = (old.to_input(), new.to_input());
        let fields = &admin.app.rules.fields.of_either(kind, &old, &new);
        let (old_words, new_words) = (in_words(admin, fields, &old).await?, in_words(admin, fields, &new).await?);
        let compare = || {
            let mut difference = Self::default();
            for field in fields.compare(&old, &new) {
                let (key, label) = (field.key.to_string(), field.label.to_string());
                if matches!(field.control, Control::Markdown(_)) {
                    let diff = MarkdownDiff::between(old.get(&key), new.get(&key));
                    difference.texts.push(TextDiff { key, label, diff });
                } else {
                    let diff = MarkdownDiff::between_words(old_words.get(&key), new_words.get(&key));
                    difference.fields.push(FieldDiff { label, diff });
                }
            }
            difference
        };
        admin.app.comparing.for_editor(compare).await
    }
}

/// What a form needs that brings one change back.
#[derive(Debug, Serialize)]
pub(crate) struct RestoreChangeView {
    path: String,
    /// The newest version, which it builds on.
    base: i64,
}

impl RestoreChangeView {
    /// Of a change from `old` to `new`; none when `new` is not the newest version, or the document is in the trash.
    #[must_use]
    pub(crate) fn of(document: &Document, old: &Revision, new: &Revision) -> Option<Self> {
        let is_possible = document.trashed_at.is_none() && document.latest_revision_id == Some(new.id);
        (is_possible && old.version < new.version)
            .then(|| Self { path: paths::restore_change(document.id, old.version), base: new.version })
    }
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    ReadingDiff { fields, texts }
    FieldDiff { label, diff }
    TextDiff { key, label, diff }
    RestoreChangeView { path, base }
}
