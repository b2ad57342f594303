//! The comments on a document for their screen: threads with their replies, and whether the passage that each is about is still
//! in the newest version. Changes nothing.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    admin::{
        paths::{ReopenCommentPath, ResolveCommentPath},
        shared::admin_context::{AdminContext, When},
    },
    model::{
        comment::{Comment, PassageFinder},
        document::revision::Revision,
    },
    work,
};

/// Comments on the same passage or the whole, the oldest first.
#[derive(Debug, Serialize)]
pub(crate) struct CommentThread {
    id: i64,
    passage: Option<QuotedPassage>,
    comments: Vec<CommentView>,
    /// None while it is open.
    resolved: Option<ResolvedView>,
    /// Where it is resolved, or opened again.
    path: String,
    /// The id of its last comment, for that form.
    last: i64,
}

/// What a thread is about.
#[derive(Debug, Serialize)]
pub(crate) struct QuotedPassage {
    text: String,
    /// Whether the newest version does not have it any more.
    is_gone: bool,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct CommentView {
    id: i64,
    author: String,
    when: When,
    body: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct ResolvedView {
    by: String,
    when: When,
}

impl CommentThread {
    /// The threads of a document whose newest revision is `newest`, the oldest first.
    #[must_use]
    pub(crate) fn list(admin: &AdminContext, newest: &Revision, comments: Vec<Comment>) -> Vec<Self> {
        let has_quotes = comments.iter().any(|comment| !comment.quote.is_empty());
        let finder = has_quotes.then(|| work::run_blocking(|| PassageFinder::of(&newest.content)));
        let mut threads: BTreeMap<i64, Self> = BTreeMap::new();
        for comment in comments {
            let view = |comment: &Comment| CommentView {
                id: comment.id,
                author: comment.author_name.clone(),
                when: admin.when(comment.created_at),
                body: comment.body.clone(),
            };
            let Some(first) = comment.reply_to else {
                let passage = QuotedPassage::of(finder.as_ref(), &comment.quote);
                let thread = Self::begin(admin, newest.document_id, (passage, view(&comment)), &comment);
                threads.insert(comment.id, thread);
                continue;
            };
            if let Some(thread) = threads.get_mut(&first) {
                thread.last = comment.id;
                thread.comments.push(view(&comment));
            }
        }
        threads.into_values().collect()
    }

    fn begin(
        admin: &AdminContext,
        document: i64,
        (passage, first): (Option<QuotedPassage>, CommentView),
        comment: &Comment,
    ) -> Self {
        let id = comment.id;
        let resolved =
            comment.resolved_at.map(|at| ResolvedView { by: comment.resolver_name.clone(), when: admin.when(at) });
        let path = match resolved {
            None => ResolveCommentPath { id: document, comment: id }.to_string(),
            Some(_) => ReopenCommentPath { id: document, comment: id }.to_string(),
        };
        Self { id, passage, comments: vec![first], resolved, path, last: id }
    }

    /// Its first comment, if that has this id.
    #[must_use]
    pub(crate) fn begun_by(&self, id: &str) -> Option<CommentView> {
        self.comments.first().filter(|first| first.id.to_string() == id).cloned()
    }

    #[must_use]
    pub(crate) const fn is_open(&self) -> bool {
        self.resolved.is_none()
    }
}

impl QuotedPassage {
    /// None for the whole document.
    fn of(finder: Option<&PassageFinder>, quote: &str) -> Option<Self> {
        let is_gone = !finder?.has(quote);
        (!quote.is_empty()).then(|| Self { text: quote.to_owned(), is_gone })
    }
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    CommentThread { id, passage, comments, resolved, path, last }
    QuotedPassage { text, is_gone }
    CommentView { id, author, when, body }
    ResolvedView { by, when }
}
