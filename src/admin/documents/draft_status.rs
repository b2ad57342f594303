//! What the head of the editor says about the draft of its user: one sentence, for the screen and for the answers to
//! scripts.

use serde::Serialize;

use crate::{
    admin::shared::admin_context::AdminContext,
    clock::Timestamp,
    model::document::{kind::DocumentKind, record::Document, revision::Revision},
    text::isolate::isolate,
};

#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct DraftStatus {
    pub(crate) sentence: String,
    /// Whether the text of the form is kept as a draft.
    pub(crate) is_kept: bool,
}

/// What a draft is compared with: the document and its newest version.
#[derive(Clone, Copy)]
pub(crate) struct SavedState<'a> {
    pub(crate) document: &'a Document,
    pub(crate) newest: &'a Revision,
}

impl DraftStatus {
    /// Of a draft that was made from the version `base` and kept at `saved_at`; `state` when the document is saved.
    #[must_use]
    pub(crate) fn kept(admin: &AdminContext, saved_at: Timestamp, base: i64, state: Option<SavedState<'_>>) -> Self {
        let time = saved_at.brief(admin.app.now(), &admin.zone());
        let sentence = match state {
            None => format!("What you typed is saved as a draft, {time}. Only you see it."),
            Some(state) => {
                format!(
                    "Your changes are saved as a draft, {time}. Only you see them.{}",
                    meanwhile(admin, base, state)
                )
            }
        };
        Self { sentence, is_kept: true }
    }

    /// Of a text that is not kept, because another tab has gone on with the draft.
    #[must_use]
    pub(crate) fn apart(admin: &AdminContext, kind: DocumentKind, saved_at: Timestamp) -> Self {
        let time = saved_at.brief(admin.app.now(), &admin.zone());
        let noun = kind.noun();
        let sentence = format!(
            "You went on with this {noun} in another window, {time}. What you type here is kept in this browser only. \
             Save it to make a version of it; the other text is joined with that version when you save it there."
        );
        Self { sentence, is_kept: false }
    }
}

/// What happened to the document since the version that the draft was made from, after a space.
fn meanwhile(admin: &AdminContext, base: i64, SavedState { document, newest }: SavedState<'_>) -> String {
    let noun = document.kind.noun();
    if document.trashed_at.is_some() {
        return format!(" This {noun} was moved to the trash in the meantime.");
    }
    if newest.version == base {
        return String::new();
    }
    let author = if newest.author_id == Some(admin.user.id) { "You".to_owned() } else { isolate(&newest.author_name) };
    let does = if document.published_revision_id == Some(newest.id) { "published" } else { "saved" };
    let version = newest.version;
    format!(" {author} {does} version {version} in the meantime: when you save, your changes are joined with it.")
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    DraftStatus { sentence, is_kept }
}
