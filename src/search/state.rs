//! What searches and the indexer share: whether there is one, and how far it is.

use std::{
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock},
};

use tantivy::{IndexReader, Searcher};
use tokio::sync::{Notify, watch};

use super::{counter::Counter, index_store::IndexStore, schema::IndexFields, tokenizer::Stemming};
use crate::{model::document::fields::FieldTable, work::Limit};

/// Questions that are answered at one time, and how many more may wait for that.
const ASKING: (usize, usize) = (8, 64);

/// The search of one process.
pub struct Search {
    directory: PathBuf,
    pub(super) fields: Arc<FieldTable>,
    ready: RwLock<Option<Ready>>,
    followed: watch::Sender<i64>,
    damage: Notify,
    pub(super) asking: Limit,
    pub(crate) terms: Counter,
}

/// An index that can be asked.
#[derive(Clone)]
struct Ready {
    reader: IndexReader,
    fields: IndexFields,
    stemming: Stemming,
}

/// One state of the index, for one question.
pub(crate) struct Snapshot {
    pub(crate) searcher: Searcher,
    pub(crate) fields: IndexFields,
    /// How its words are cut to their stems.
    pub(crate) stemming: Stemming,
    /// The audit log entry up to which it is true; it may be truer.
    pub(crate) followed: i64,
}

impl Search {
    /// Keeps its index of documents with these fields in `directory`, which nobody else uses. There is none until the indexer has run.
    #[must_use]
    pub(crate) fn new(directory: PathBuf, fields: Arc<FieldTable>) -> Self {
        Self {
            directory,
            fields,
            ready: RwLock::default(),
            followed: watch::Sender::new(-1),
            damage: Notify::new(),
            asking: Limit::new(ASKING.0, ASKING.1),
            terms: Counter::default(),
        }
    }

    /// Waits until everything up to the audit log's entry `id` can be found.
    pub async fn wait_for(&self, id: i64) {
        // The sender is ours, so it cannot be gone.
        let _ = self.followed.subscribe().wait_for(|followed| *followed >= id).await;
    }

    /// The present state; none while the index is being made.
    #[must_use]
    pub(crate) fn snapshot(&self) -> Option<Snapshot> {
        // First how far it is, then the index: then the index is at least that far.
        let followed = *self.followed.borrow();
        let ready = self.ready.read().unwrap_or_else(PoisonError::into_inner).clone()?;
        let Ready { reader, fields, stemming } = ready;
        Some(Snapshot { searcher: reader.searcher(), fields, stemming, followed })
    }

    /// Asks for a new index, because this one cannot be read.
    pub(crate) fn report_damage(&self) {
        self.close();
        self.damage.notify_one();
    }

    pub(super) async fn damaged(&self) {
        self.damage.notified().await;
    }

    pub(super) const fn directory(&self) -> &PathBuf {
        &self.directory
    }

    pub(super) fn open(&self, store: &IndexStore) {
        let ready = Ready { reader: store.reader.clone(), fields: store.fields, stemming: store.stemming };
        *self.ready.write().unwrap_or_else(PoisonError::into_inner) = Some(ready);
    }

    pub(super) fn close(&self) {
        *self.ready.write().unwrap_or_else(PoisonError::into_inner) = None;
        self.followed.send_replace(-1);
    }

    pub(super) fn follow(&self, id: i64) {
        self.followed.send_replace(id);
    }
}
