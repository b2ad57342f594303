//! The two indexes as one thing that follows the audit log: what is read for both goes into both. Everything here blocks.

use std::{collections::BTreeSet, path::Path};

use super::{
    batch::Batch, index_document::IndexedDocument, index_kind::IndexKind, index_location, index_rules::IndexRules,
    index_store::IndexStore,
};
use crate::{error::Result, model::searchable::AuditLogPosition};

/// Open indexes, each kind at most once.
#[derive(Default)]
pub(crate) struct Indexes(pub Vec<IndexStore>);

impl Indexes {
    /// Empty ones of these kinds. Nothing stays of an earlier one.
    pub(crate) fn create(root: &Path, kinds: &[IndexKind], rules: &IndexRules) -> Result<Self> {
        if kinds.len() == IndexKind::ALL.len() {
            index_location::remove(root)?;
        }
        kinds.iter().map(|kind| IndexStore::create(root, *kind, rules.clone())).collect::<Result<_>>().map(Self)
    }

    /// The entry of the audit log up to which all of them are true.
    pub(crate) fn position(&self) -> AuditLogPosition {
        self.0.iter().map(|store| &store.position).min_by_key(|position| position.id).cloned().unwrap_or_default()
    }

    /// A live version as each index has it.
    pub(crate) fn live(&self, id: i64) -> Result<Vec<Option<IndexedDocument>>> {
        self.0.iter().map(|store| store.live(id)).collect()
    }

    /// The types of which any of them was made with other fields.
    pub(crate) fn types_unlike(&self, rules: &IndexRules) -> BTreeSet<String> {
        self.0.iter().flat_map(|store| store.rules.types_unlike(rules)).collect()
    }

    /// Makes everything written last, and shows it, as made by these rules.
    pub(crate) fn take_up(&mut self, rules: &IndexRules) -> Result<()> {
        for store in &mut self.0 {
            store.rules = rules.clone();
            store.commit(store.position.clone())?;
        }
        Ok(())
    }

    /// Takes up a batch without showing it yet.
    pub(crate) fn write(&mut self, batch: &Batch) -> Result<()> {
        for store in &mut self.0 {
            let operations = store.operations(batch)?;
            store.write(operations)?;
        }
        Ok(())
    }

    /// Makes everything written last, and shows it.
    pub(crate) fn commit(&mut self, position: &AuditLogPosition) -> Result<()> {
        self.0.iter_mut().try_for_each(|store| store.commit(position.clone()))
    }

    /// Takes up what changed up to `position`, and shows it. An index for which nothing changed is not touched.
    pub(crate) fn follow(&mut self, batch: &Batch, position: &AuditLogPosition) -> Result<()> {
        for store in self.0.iter_mut().filter(|store| store.position.id < position.id) {
            let operations = store.operations(batch)?;
            if operations.is_empty() {
                store.position = position.clone();
            } else {
                store.write(operations)?;
                store.commit(position.clone())?;
            }
        }
        Ok(())
    }

    /// Releases their writers until the next change; see [`IndexStore::release_writer`].
    pub(crate) fn release_writers(&mut self) -> Result<()> {
        self.0.iter_mut().filter(|store| store.is_busy()).try_for_each(IndexStore::release_writer)
    }

    /// Whether one cannot release its writer yet.
    pub(crate) fn is_busy(&self) -> bool {
        self.0.iter().any(IndexStore::is_busy)
    }

    /// Closes them, and makes sure that the one that cannot be read is not opened again.
    pub(crate) fn discard(self, kind: IndexKind) -> Result<()> {
        self.0.into_iter().filter(|store| store.kind == kind).try_for_each(IndexStore::discard)
    }
}
