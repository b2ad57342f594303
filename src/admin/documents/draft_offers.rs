//! The drafts of new documents that their user can go on with, on the screen for a new one.

use serde::Serialize;

use super::paths;
use crate::{
    admin::shared::{
        admin_context::{AdminContext, When},
        document_kinds::screens,
    },
    error::Result,
    model::document::{draft, keys, kind::DocumentKind},
};

/// Most that are offered; the others wait until some of these are saved or discarded.
const OFFERED: i64 = 20;

#[derive(Debug, Serialize)]
pub(crate) struct DraftOffer {
    /// Empty while it has none.
    title: String,
    when: When,
    path: String,
    /// Where to discard it, and which one.
    action: String,
    key: String,
    sequence: i64,
}

pub(crate) async fn list(admin: &AdminContext, kind: DocumentKind) -> Result<Vec<DraftOffer>> {
    let drafts = draft::list_new(admin.app.read(), admin.user.id, kind, OFFERED).await?;
    let offer = |draft: draft::DocumentDraft| DraftOffer {
        title: draft.typed.get(keys::TITLE).to_owned(),
        when: admin.when(draft.saved_at),
        path: paths::new_from_draft(kind, &draft.key),
        action: screens(kind).paths.new_draft.to_owned(),
        key: draft.key,
        sequence: draft.sequence,
    };
    Ok(drafts.into_iter().map(offer).collect())
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    DraftOffer { title, when, path, action, key, sequence }
}
