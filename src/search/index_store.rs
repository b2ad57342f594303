//! An index on disk: opens it after checking every byte, makes an empty one, writes to it. Everything here blocks.

use std::{
    fs,
    path::{Path, PathBuf},
};

use tantivy::{
    Index, IndexReader, IndexSettings, IndexWriter, ReloadPolicy, SegmentMeta, Term, collector::TopDocs,
    indexer::IndexWriterOptions, query::TermQuery, schema::IndexRecordOption,
};

use super::{
    batch::{Batch, Operations},
    commit_payload::Payload,
    files::IndexDirectory,
    index_document::{IndexedDocument, Visibility, key_term},
    index_error::index_error,
    index_kind::IndexKind,
    index_location,
    index_rules::IndexRules,
    saved_position::SavedPosition,
    schema::{self, IndexFields},
    stemming::Stemming,
    stored_document::{parse, read_stored},
};
use crate::{
    error::{Error, Result},
    model::searchable::AuditLogPosition,
};

/// The least that tantivy asks for, in bytes.
const HEAP: usize = 15_000_000;
/// Files with fewer documents are merged with one another, whatever their sizes. With the 10,000 that tantivy sets,
/// every eighth change would write all documents of a small site again. Besides, a merge is thrown away when all documents of
/// one of its files are deleted meanwhile, which happens while a page is published again and again, so it has to be small.
const SMALL_FILE: u32 = 50;
/// Blocks of stored documents that a reader keeps unpacked; one is about 16 KiB.
const BLOCKS: usize = 8;

/// An open index. Holds a writer only while there is something to write.
pub(crate) struct IndexStore {
    pub(crate) kind: IndexKind,
    index: Index,
    directory: PathBuf,
    pub(crate) reader: IndexReader,
    pub(crate) fields: IndexFields,
    /// Up to where the index follows the audit log.
    pub(crate) position: AuditLogPosition,
    committed: AuditLogPosition,
    /// The position that a restart finds.
    saved: AuditLogPosition,
    pub(crate) rules: IndexRules,
    writer: Option<IndexWriter>,
    erase: bool,
}

impl IndexStore {
    /// Opens what is there, whichever fields of types it was made with. None when it is missing, unfinished, of another version, or has other
    /// stems.
    pub(crate) fn open(root: &Path, kind: IndexKind, stemming: Stemming) -> Result<Option<Self>> {
        let directory = index_location::directory(root, kind);
        if !index_location::is_index(&directory) {
            return Ok(None);
        }
        let files = IndexDirectory::open(&directory).map_err(index_error)?;
        let index = Index::open(files.clone()).map_err(index_error)?;
        let (schema, fields) = schema::schema();
        let metas = index.load_metas().map_err(index_error)?;
        let payload = metas.payload.as_deref().unwrap_or_default();
        let Ok(payload) = serde_json::from_str::<Payload>(payload) else { return Ok(None) };
        let is_this = payload.version == schema::VERSION && payload.index == kind.as_str();
        if !is_this || payload.rules != stemming.name() || index.schema() != schema {
            return Ok(None);
        }
        files.check(&metas)?;
        let position = SavedPosition::read(&directory, &payload.position);
        let rules = IndexRules { stemming, types: payload.types };
        let store = Self::with(index, directory, (kind, fields, rules))?;
        Ok(Some(Self { saved: position.clone(), position, committed: payload.position, erase: payload.erase, ..store }))
    }

    /// An empty one in the place of what is there.
    pub(crate) fn create(root: &Path, kind: IndexKind, rules: IndexRules) -> Result<Self> {
        let directory = index_location::directory(root, kind);
        index_location::remove(&directory)?;
        fs::create_dir_all(&directory).map_err(|error| Error::internal("the search index", error))?;
        let (schema, fields) = schema::schema();
        let files = IndexDirectory::open(&directory).map_err(index_error)?;
        let index = Index::create(files, schema, IndexSettings::default()).map_err(index_error)?;
        Self::with(index, directory, (kind, fields, rules))
    }

    fn with(
        index: Index,
        directory: PathBuf,
        (kind, fields, rules): (IndexKind, IndexFields, IndexRules),
    ) -> Result<Self> {
        schema::register(&index, rules.stemming);
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .doc_store_cache_num_blocks(BLOCKS)
            .try_into()
            .map_err(index_error)?;
        Ok(Self {
            kind,
            index,
            directory,
            reader,
            fields,
            position: AuditLogPosition::default(),
            committed: AuditLogPosition::default(),
            saved: AuditLogPosition::default(),
            rules,
            writer: None,
            erase: false,
        })
    }

    /// What a batch does to it.
    pub(crate) fn operations(&self, batch: &Batch) -> Result<Operations> {
        batch.operations(self.kind, &self.fields, |id| self.get_stored(id))
    }

    /// Takes up changes without showing them yet.
    pub(crate) fn write(&mut self, operations: Operations) -> Result<()> {
        self.erase |= operations.erase;
        let writer = self.writer()?;
        for term in operations.delete {
            writer.delete_term(term);
        }
        for document in operations.add {
            writer.add_document(document).map_err(index_error)?;
        }
        Ok(())
    }

    /// Makes everything written last, and shows it.
    pub(crate) fn commit(&mut self, position: AuditLogPosition) -> Result<()> {
        let payload = Payload {
            version: schema::VERSION,
            index: self.kind.as_str().to_owned(),
            rules: self.rules.stemming.name(),
            types: self.rules.types.clone(),
            position: position.clone(),
            erase: self.erase,
        };
        let payload =
            serde_json::to_string(&payload).map_err(|error| Error::internal("the search index's position", error))?;
        let writer = self.writer()?;
        let mut prepared = writer.prepare_commit().map_err(index_error)?;
        prepared.set_payload(&payload);
        prepared.commit().map_err(index_error)?;
        self.reader.reload().map_err(index_error)?;
        self.committed = position.clone();
        self.saved = position.clone();
        self.position = position;
        Ok(())
    }

    /// Gives back the memory of the writer, after its merges are done, and keeps the position for the next start.
    pub(crate) fn release_writer(&mut self) -> Result<()> {
        if self.erase {
            self.erase()?;
        }
        if let Some(writer) = self.writer.take() {
            writer.wait_merging_threads().map_err(index_error)?;
            self.reader.reload().map_err(index_error)?;
        }
        if self.saved != self.position {
            self.save_position();
        }
        Ok(())
    }

    /// Whether there is a writer to give back, something to erase, or a position to keep.
    #[must_use]
    pub(crate) fn is_busy(&self) -> bool {
        self.writer.is_some() || self.erase || self.saved != self.position
    }

    /// Without it the next start passes over the same entries of the audit log once more, so a failure is no fault.
    fn save_position(&mut self) {
        let position = SavedPosition { committed: self.committed.clone(), followed: self.position.clone() };
        if let Err(error) = position.write(self.index.directory()) {
            tracing::debug!(%error, index = self.kind.as_str(), "the position of a search index cannot be kept");
        }
        self.saved = self.position.clone();
    }

    /// Takes it away, because it cannot be read.
    pub(crate) fn discard(self) -> Result<()> {
        let directory = self.directory.clone();
        drop(self);
        index_location::remove(&directory)
    }

    /// A deleted document stays in its file until the files are merged. Pages may wait for that, messages may not.
    fn erase(&mut self) -> Result<()> {
        // The files of a segment stay as long as someone holds its description, so only the names are kept.
        let segments = self.index.searchable_segment_metas().map_err(index_error)?.into_iter();
        let ids: Vec<_> = segments.filter(SegmentMeta::has_deletes).map(|segment| segment.id()).collect();
        let writer = self.writer()?;
        if !ids.is_empty() {
            writer.merge(&ids).wait().map_err(index_error)?;
        }
        self.erase = false;
        self.commit(self.position.clone())?;
        self.writer()?.garbage_collect_files().wait().map(|_| ()).map_err(index_error)
    }

    /// The live version of document `id` as it is in the index.
    pub(crate) fn live(&self, id: i64) -> Result<Option<IndexedDocument>> {
        self.get_stored(id)?.map(|stored| parse(&stored)).transpose()
    }

    fn get_stored(&self, id: i64) -> Result<Option<String>> {
        let query = TermQuery::new(key_term(&self.fields, Visibility::Public, id), IndexRecordOption::Basic);
        let searcher = self.reader.searcher();
        let found = searcher.search(&query, &TopDocs::with_limit(1).order_by_score()).map_err(index_error)?;
        found.first().map(|(_, address)| read_stored(&searcher, &self.fields, *address)).transpose()
    }

    fn writer(&mut self) -> Result<&mut IndexWriter> {
        match &mut self.writer {
            Some(writer) => Ok(writer),
            empty => {
                let options = IndexWriterOptions::builder()
                    .memory_budget_per_thread(HEAP)
                    .num_worker_threads(1)
                    .num_merge_threads(1)
                    .build();
                let writer = self.index.writer_with_options(options).map_err(index_error)?;
                let mut merging = tantivy::indexer::LogMergePolicy::default();
                merging.set_min_layer_size(SMALL_FILE);
                writer.set_merge_policy(Box::new(merging));
                Ok(empty.insert(writer))
            }
        }
    }
}

#[must_use]
pub(crate) fn term(field: tantivy::schema::Field, text: &str) -> Term {
    Term::from_field_text(field, text)
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;
    use crate::search::saved_position::POSITION;

    fn position(id: i64) -> AuditLogPosition {
        AuditLogPosition { id, hash: format!("hash {id}") }
    }

    #[test]
    fn a_restart_goes_on_where_the_index_was_although_nothing_was_committed() {
        let root = TempDir::new().unwrap();
        let open = || IndexStore::open(root.path(), IndexKind::Public, Stemming::default()).unwrap();
        let mut store = IndexStore::create(root.path(), IndexKind::Public, IndexRules::default()).unwrap();
        store.commit(position(1)).unwrap();
        store.position = position(5);
        assert_eq!(open().unwrap().position, position(1));
        assert!(store.is_busy());
        store.release_writer().unwrap();
        assert!(!store.is_busy());
        assert_eq!(open().unwrap().position, position(5));
        store.commit(position(7)).unwrap();
        store.release_writer().unwrap();
        assert_eq!(open().unwrap().position, position(7), "what was kept before an earlier commit is of no use");
        store.position = position(9);
        store.release_writer().unwrap();
        fs::write(index_location::directory(root.path(), IndexKind::Public).join(POSITION), "{").unwrap();
        assert_eq!(open().unwrap().position, position(7));
    }

    #[test]
    fn an_index_is_not_taken_for_the_other_one() {
        let root = TempDir::new().unwrap();
        IndexStore::create(root.path(), IndexKind::Admin, IndexRules::default()).unwrap().commit(position(1)).unwrap();
        let [public, admin] = IndexKind::ALL.map(|kind| index_location::directory(root.path(), kind));
        fs::rename(admin, public).unwrap();
        assert!(IndexStore::open(root.path(), IndexKind::Public, Stemming::default()).unwrap().is_none());
    }
}
