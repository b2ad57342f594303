//! The index on disk: opens it after checking every byte, makes an empty one, writes to it. Everything here blocks.

use std::{fs, path::Path};

use serde::{Deserialize, Serialize};
use tantivy::{
    Index, IndexMeta, IndexReader, IndexSettings, IndexWriter, ReloadPolicy, SegmentMeta, Term,
    collector::TopDocs,
    directory::Directory,
    indexer::IndexWriterOptions,
    query::TermQuery,
    schema::{IndexRecordOption, Value},
};

use super::{
    files::IndexDirectory,
    index_builder::Batch,
    index_document::{IndexedDocument, Visibility, key_term},
    schema::{self, IndexFields},
    tokenizer::Stemming,
};
use crate::{
    error::{Error, Result},
    model::searchable::AuditLogPosition,
};

/// The least that tantivy asks for, in bytes.
const HEAP: usize = 15_000_000;
/// Blocks of stored documents that a reader keeps unpacked; one is about 16 KiB.
const BLOCKS: usize = 8;

/// What a commit says of itself.
#[derive(Serialize, Deserialize)]
struct Payload {
    version: u32,
    /// See [`Stemming::name`].
    stemming: String,
    mark: AuditLogPosition,
    /// Deleted messages may still be in the files.
    #[serde(default)]
    erase: bool,
}

/// An open index. Holds a writer only while there is something to write.
pub(crate) struct IndexStore {
    index: Index,
    pub(crate) reader: IndexReader,
    pub(crate) fields: IndexFields,
    /// Up to where the index follows the audit log.
    pub(crate) mark: AuditLogPosition,
    /// How its words are cut to their stems.
    pub(crate) stemming: Stemming,
    writer: Option<IndexWriter>,
    erase: bool,
}

impl IndexStore {
    /// Opens what is there. None when it is missing, unfinished, of another version, or with other stems.
    /// Fails when it is damaged.
    pub(crate) fn open(directory: &Path, stemming: Stemming) -> Result<Option<Self>> {
        if !directory.join("meta.json").exists() {
            return Ok(None);
        }
        let files = IndexDirectory::open(directory).map_err(index_error)?;
        let index = Index::open(files.clone()).map_err(index_error)?;
        let (schema, fields) = schema::schema();
        let metas = index.load_metas().map_err(index_error)?;
        let payload = metas.payload.as_deref().unwrap_or_default();
        let Ok(payload) = serde_json::from_str::<Payload>(payload) else { return Ok(None) };
        let is_current = payload.version == schema::VERSION && payload.stemming == stemming.name();
        if !is_current || index.schema() != schema {
            return Ok(None);
        }
        check(&metas, &files)?;
        let store = Self::with(index, fields, stemming)?;
        Ok(Some(Self { mark: payload.mark, erase: payload.erase, ..store }))
    }

    /// An empty one in the place of what is there.
    /// Fails when the directory cannot be written.
    pub(crate) fn create(directory: &Path, stemming: Stemming) -> Result<Self> {
        if directory.exists() {
            fs::remove_dir_all(directory).map_err(|error| Error::internal("the old search index", error))?;
        }
        fs::create_dir_all(directory).map_err(|error| Error::internal("the search index", error))?;
        let (schema, fields) = schema::schema();
        let files = IndexDirectory::open(directory).map_err(index_error)?;
        let index = Index::create(files, schema, IndexSettings::default()).map_err(index_error)?;
        Self::with(index, fields, stemming)
    }

    fn with(index: Index, fields: IndexFields, stemming: Stemming) -> Result<Self> {
        schema::register(&index, stemming);
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .doc_store_cache_num_blocks(BLOCKS)
            .try_into()
            .map_err(index_error)?;
        Ok(Self { index, reader, fields, mark: AuditLogPosition::default(), stemming, writer: None, erase: false })
    }

    /// Takes up a batch without showing it yet.
    pub(crate) fn write(&mut self, batch: Batch) -> Result<()> {
        let fields = self.fields;
        self.erase |= batch.erases();
        let (delete, add) = batch.operations(&fields);
        let writer = self.writer()?;
        for term in delete {
            writer.delete_term(term);
        }
        for document in add {
            writer.add_document(document).map_err(index_error)?;
        }
        Ok(())
    }

    /// Makes everything written last, and shows it.
    pub(crate) fn commit(&mut self, mark: AuditLogPosition) -> Result<()> {
        let stemming = self.stemming.name();
        let payload = Payload { version: schema::VERSION, stemming, mark: mark.clone(), erase: self.erase };
        let payload =
            serde_json::to_string(&payload).map_err(|error| Error::internal("the search index's mark", error))?;
        let writer = self.writer()?;
        let mut prepared = writer.prepare_commit().map_err(index_error)?;
        prepared.set_payload(&payload);
        prepared.commit().map_err(index_error)?;
        self.reader.reload().map_err(index_error)?;
        self.mark = mark;
        Ok(())
    }

    /// Gives back the memory of the writer, after its merges are done.
    /// Fails when a merge failed.
    pub(crate) fn release_writer(&mut self) -> Result<()> {
        if self.erase {
            self.erase()?;
        }
        match self.writer.take() {
            Some(writer) => {
                writer.wait_merging_threads().map_err(index_error)?;
                self.reader.reload().map_err(index_error)
            }
            None => Ok(()),
        }
    }

    /// Whether there is a writer to give back, or something to erase.
    #[must_use]
    pub(crate) const fn has_writer(&self) -> bool {
        self.writer.is_some() || self.erase
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
        self.commit(self.mark.clone())?;
        self.writer()?.garbage_collect_files().wait().map(|_| ()).map_err(index_error)
    }

    /// The live page `id` as it is in the index.
    pub(crate) fn live(&self, id: i64) -> Result<Option<IndexedDocument>> {
        let query = TermQuery::new(key_term(&self.fields, Visibility::Public, id), IndexRecordOption::Basic);
        let searcher = self.reader.searcher();
        let found = searcher.search(&query, &TopDocs::with_limit(1).order_by_score()).map_err(index_error)?;
        found.first().map(|(_, address)| read_document(&searcher, &self.fields, *address)).transpose()
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
                Ok(empty.insert(self.index.writer_with_options(options).map_err(index_error)?))
            }
        }
    }
}

/// Refuses an index with a file that is not as it was written.
fn check(metas: &IndexMeta, files: &IndexDirectory) -> Result<()> {
    // The names of all files that there could be.
    for path in metas.list_segment_files() {
        if files.exists(&path).map_err(index_error)? && !files.is_whole(&path).map_err(index_error)? {
            return Err(Error::Internal(format!("the file {} is damaged", path.display())));
        }
    }
    Ok(())
}

pub(crate) fn read_document(
    searcher: &tantivy::Searcher,
    fields: &IndexFields,
    address: tantivy::DocAddress,
) -> Result<IndexedDocument> {
    let document: tantivy::TantivyDocument = searcher.doc(address).map_err(index_error)?;
    let value = document.get_first(fields.shown);
    let text = value.as_ref().and_then(Value::as_str).unwrap_or_default();
    serde_json::from_str(text).map_err(|error| Error::internal("a document of the search index", error))
}

/// A term of an exact field.
#[must_use]
pub(crate) fn term(field: tantivy::schema::Field, text: &str) -> Term {
    Term::from_field_text(field, text)
}

/// A failure of the index as ours.
pub(crate) fn index_error(error: impl std::fmt::Display) -> Error {
    Error::internal("search index", error)
}
