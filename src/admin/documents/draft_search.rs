//! The user's own drafts in which all words that were searched for are. They are in no index, since nobody else may find them.

use serde::Serialize;

use super::paths;
use crate::{
    admin::shared::admin_context::{AdminContext, When},
    error::Result,
    model::document::{draft::DocumentDraft, keys, kind::DocumentKind, open_draft},
    text::fold::fold,
};

/// Most drafts that are looked through, the last ones.
const DRAFTS: i64 = 200;
/// Most words of a query that count, as in the index.
const WORDS: usize = 12;

#[derive(Debug, Serialize)]
pub(crate) struct FoundDraft {
    title: String,
    kind: &'static str,
    when: When,
    path: String,
}

/// Drafts with every word of `q`; none without a word.
pub(crate) async fn find(admin: &AdminContext, q: &str) -> Result<Vec<FoundDraft>> {
    let words: Vec<String> = q.split_whitespace().take(WORDS).map(fold).filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let mut drafts = open_draft::list(admin.app.read(), admin.user.id, DRAFTS).await?;
    admin.app.rendering.run_large(|| drafts.retain(|open| has_all(&open.draft, &words))).await?;
    Ok(drafts.into_iter().map(|open| view(admin, open.kind, &open.draft)).collect())
}

fn has_all(draft: &DocumentDraft, words: &[String]) -> bool {
    let texts = [keys::TITLE, keys::SUMMARY, keys::BODY].map(|key| fold(draft.typed.get(key)));
    words.iter().all(|word| texts.iter().any(|text| text.contains(word.as_str())))
}

fn view(admin: &AdminContext, kind: DocumentKind, draft: &DocumentDraft) -> FoundDraft {
    let title = draft.title().trim();
    FoundDraft {
        title: if title.is_empty() { "Untitled".to_owned() } else { title.to_owned() },
        kind: kind.noun(),
        when: admin.when(draft.saved_at),
        path: match draft.document_id {
            Some(id) => paths::edit_screen(kind, id),
            None => paths::new_from_draft(kind, &draft.key),
        },
    }
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    FoundDraft { title, kind, when, path }
}
