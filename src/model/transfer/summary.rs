//! What an import did.

use crate::{
    model::document::kind::DocumentKind,
    text::{count::pluralise, listing::join_with_and},
};

#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Documents of each kind, in the order of the kinds.
    documents: [usize; DocumentKind::ALL.len()],
    pub saved: usize,
    pub changed: bool,
    /// What changed other than documents, a sentence for each.
    pub(crate) notes: Vec<String>,
    /// A shorter retention that was not taken, because it would delete messages.
    pub refused: Option<RetentionChange>,
}

/// See [`Summary::refused`]; in months.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetentionChange {
    /// What `site.toml` says.
    pub(crate) wanted: i64,
    pub(crate) kept: i64,
}

impl Summary {
    pub(super) const fn count(&mut self, kind: DocumentKind) {
        self.documents[kind as usize] += 1;
    }

    /// `12 pages and 3 questions`
    #[must_use]
    pub(crate) fn describe(&self) -> String {
        let counted = DocumentKind::ALL.map(|kind| {
            let noun = kind.noun();
            pluralise(self.documents[kind as usize], noun, &format!("{noun}s"))
        });
        join_with_and(&counted)
    }
}
