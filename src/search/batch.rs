//! What changed, as it is now, and what that does to an index. Knows nothing of files.

use std::collections::BTreeMap;

use tantivy::{TantivyDocument, Term};

use super::{
    index_document::{IndexedDocument, Visibility, key_term},
    index_kind::IndexKind,
    schema::IndexFields,
};
use crate::error::Result;

/// What was read. A document that was read twice counts as it was read last.
#[derive(Default)]
pub(crate) struct Batch {
    documents: BTreeMap<i64, Vec<IndexedDocument>>,
    messages: BTreeMap<i64, Option<IndexedDocument>>,
    forgets_messages: bool,
    /// Whether documents that are as they were are written again, since they are found by other fields.
    is_by_other_rules: bool,
}

/// What to take out of an index first, and what to put in then.
#[derive(Default)]
pub(crate) struct Operations {
    pub(crate) delete: Vec<Term>,
    pub(crate) add: Vec<TantivyDocument>,
    /// Whether a message goes that does not come again: its text must not stay readable in a file.
    pub(crate) erase: bool,
}

impl Operations {
    /// Whether there is nothing to do.
    pub(crate) fn is_empty(&self) -> bool {
        self.delete.is_empty() && self.add.is_empty()
    }
}

impl Batch {
    /// The versions of a document that can be found.
    pub(crate) fn put_document(&mut self, id: i64, versions: Vec<IndexedDocument>) {
        self.documents.insert(id, versions);
    }

    /// A message; none when it is deleted.
    pub(crate) fn put_message(&mut self, id: i64, message: Option<IndexedDocument>) {
        self.messages.insert(id, message);
    }

    /// Forgets all messages but those that are put.
    pub(crate) fn forget_messages(&mut self) {
        self.forgets_messages = true;
    }

    /// The same for an index in which they are found by other fields.
    #[must_use]
    pub(crate) fn by_other_rules(self) -> Self {
        Self { is_by_other_rules: true, ..self }
    }

    /// What it does to an index, which has `stored` of each live version.
    pub(crate) fn operations(
        &self,
        kind: IndexKind,
        fields: &IndexFields,
        stored: impl Fn(i64) -> Result<Option<String>>,
    ) -> Result<Operations> {
        match kind {
            IndexKind::Public => self.changes_of_live(fields, stored),
            IndexKind::Admin => Ok(self.everything(fields)),
        }
    }

    fn everything(&self, fields: &IndexFields) -> Operations {
        let mut delete = Vec::new();
        for id in self.documents.keys() {
            delete.extend([Visibility::Public, Visibility::Draft].map(|visibility| key_term(fields, visibility, *id)));
        }
        delete.extend(self.messages.keys().map(|id| key_term(fields, Visibility::Message, *id)));
        if self.forgets_messages {
            delete.push(Term::from_field_text(fields.visibility, Visibility::Message.as_str()));
        }
        let found = self.documents.values().flatten().chain(self.messages.values().flatten());
        let erase = self.forgets_messages || self.messages.values().any(Option::is_none);
        Operations { delete, add: found.map(|found| found.document(fields, true)).collect(), erase }
    }

    /// What is as it was is left alone, so that nothing changes for visitors when nothing changed for them.
    fn changes_of_live(
        &self,
        fields: &IndexFields,
        stored: impl Fn(i64) -> Result<Option<String>>,
    ) -> Result<Operations> {
        let mut changes = Operations::default();
        for (id, versions) in &self.documents {
            let new: Vec<_> = versions.iter().filter(|version| IndexKind::Public.holds(version.visibility)).collect();
            let old = stored(*id)?;
            if !self.is_by_other_rules && old == new.first().map(|document| document.to_stored()) {
                continue;
            }
            if old.is_some() {
                changes.delete.push(key_term(fields, Visibility::Public, *id));
            }
            changes.add.extend(new.into_iter().map(|new| new.document(fields, false)));
        }
        Ok(changes)
    }
}
