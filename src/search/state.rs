//! What searches and the indexer share: which indexes there are, and how far they are.

use std::{
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock},
};

use tantivy::{IndexReader, Searcher};
use tokio::sync::{Notify, watch};

use super::{
    counter::Counter, index_kind::IndexKind, index_store::IndexStore, schema::IndexFields, stemming::Stemming,
    synonyms::Synonyms,
};
use crate::{model::document::fields::FieldTable, work::Limit};

/// Questions that are answered at one time, and how many more may wait for that.
const ASKING: (usize, usize) = (8, 64);

/// The search of one process.
pub struct Search {
    directory: PathBuf,
    pub(super) fields: Arc<FieldTable>,
    public: IndexState,
    admin: IndexState,
    followed: watch::Sender<i64>,
    synonyms: RwLock<Arc<Synonyms>>,
    pub(crate) terms: Counter,
}

/// What is known of one index.
struct IndexState {
    ready: RwLock<Option<Ready>>,
    damage: Notify,
    /// Of each index, so that visitors keep no editor waiting.
    asking: Limit,
}

impl IndexState {
    fn new() -> Self {
        Self { ready: RwLock::default(), damage: Notify::default(), asking: Limit::new(ASKING.0, ASKING.1) }
    }
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
    pub(crate) synonyms: Arc<Synonyms>,
    /// The audit log entry up to which it is true; it may be truer.
    pub(crate) followed: i64,
}

impl Search {
    /// Keeps its indexes of documents with these fields in `directory`, which nobody else uses. There is none until the indexer
    /// has run.
    #[must_use]
    pub(crate) fn new(directory: PathBuf, fields: Arc<FieldTable>) -> Self {
        Self {
            directory,
            fields,
            public: IndexState::new(),
            admin: IndexState::new(),
            followed: watch::Sender::new(-1),
            synonyms: RwLock::default(),
            terms: Counter::default(),
        }
    }

    /// Waits until everything up to the audit log's entry `id` can be found in both indexes.
    pub async fn wait_for(&self, id: i64) {
        // The sender is ours, so it cannot be gone.
        let _ = self.followed.subscribe().wait_for(|followed| *followed >= id).await;
    }

    pub(super) fn asking(&self, kind: IndexKind) -> &Limit {
        &self.index(kind).asking
    }

    /// The present state; none while the index is being made.
    #[must_use]
    pub(crate) fn snapshot(&self, kind: IndexKind) -> Option<Snapshot> {
        // First how far it is, then the index: then the index is at least that far.
        let followed = *self.followed.borrow();
        let ready = self.index(kind).ready.read().unwrap_or_else(PoisonError::into_inner).clone()?;
        let Ready { reader, fields, stemming } = ready;
        let synonyms = self.synonyms.read().unwrap_or_else(PoisonError::into_inner).clone();
        Some(Snapshot { searcher: reader.searcher(), fields, stemming, synonyms, followed })
    }

    /// Asks for a new index, because this one cannot be read.
    pub(crate) fn report_damage(&self, kind: IndexKind) {
        self.close(kind);
        self.index(kind).damage.notify_one();
    }

    /// Waits until an index cannot be read.
    pub(super) async fn wait_for_damage(&self) -> IndexKind {
        tokio::select! {
            () = self.public.damage.notified() => IndexKind::Public,
            () = self.admin.damage.notified() => IndexKind::Admin,
        }
    }

    pub(super) const fn directory(&self) -> &PathBuf {
        &self.directory
    }

    pub(super) fn open(&self, store: &IndexStore) {
        let ready = Ready { reader: store.reader.clone(), fields: store.fields, stemming: store.rules.stemming };
        *self.index(store.kind).ready.write().unwrap_or_else(PoisonError::into_inner) = Some(ready);
    }

    pub(super) fn close(&self, kind: IndexKind) {
        *self.index(kind).ready.write().unwrap_or_else(PoisonError::into_inner) = None;
        self.followed.send_replace(-1);
    }

    /// Takes up what means the same from now on, when that changed.
    pub(super) fn take_up_synonyms(&self, text: &str, stemming: Stemming) {
        if self.synonyms.read().unwrap_or_else(PoisonError::into_inner).are_of(text, stemming) {
            return;
        }
        let synonyms = Synonyms::read(text, stemming);
        *self.synonyms.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(synonyms);
    }

    pub(super) fn follow(&self, id: i64) {
        self.followed.send_replace(id);
    }

    const fn index(&self, kind: IndexKind) -> &IndexState {
        match kind {
            IndexKind::Public => &self.public,
            IndexKind::Admin => &self.admin,
        }
    }
}
