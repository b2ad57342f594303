//! New indexes, made from all documents and messages of the database.

use super::{
    blocking::{run_blocking, run_on},
    index_builder::{self, Collector, ItemPages},
    index_kind::IndexKind,
    index_rules::IndexRules,
    indexes::Indexes,
    state::Search,
};
use crate::{db::pool::Db, error::Result, model::searchable};

/// Documents or messages that are read before they are written.
const CHUNK: i64 = 200;

/// New indexes of these kinds.
pub(super) async fn rebuild(search: &Search, db: &Db, kinds: Vec<IndexKind>, rules: IndexRules) -> Result<Indexes> {
    let root = search.directory().clone();
    let mut indexes = run_blocking(move || Indexes::create(&root, &kinds, &rules)).await?;
    // Changes made while we read have later audit entries.
    let position = searchable::newest(db.read()).await?;
    indexes = write_documents(search, db, indexes).await?;
    indexes = write_messages(search, db, indexes).await?;
    indexes = run_on(indexes, move |indexes| indexes.commit(&position)).await?;
    for store in &indexes.0 {
        let documents = store.reader.searcher().num_docs();
        tracing::info!(documents, index = store.kind.as_str(), "the search index was made");
    }
    Ok(indexes)
}

async fn write_documents(search: &Search, db: &Db, mut indexes: Indexes) -> Result<Indexes> {
    let pages = index_builder::item_pages(db.read()).await?;
    let mut last = 0;
    loop {
        let documents = searchable::documents(db.read(), last, CHUNK).await?;
        let Some((end, _)) = documents.last() else { return Ok(indexes) };
        last = *end;
        let mut collector = Collector::new(db.read(), &search.fields, pages.clone());
        for (id, kind) in documents {
            collector.document(id, kind).await?;
        }
        let batch = collector.batch;
        indexes = run_on(indexes, move |indexes| indexes.write(&batch)).await?;
    }
}

async fn write_messages(search: &Search, db: &Db, mut indexes: Indexes) -> Result<Indexes> {
    let mut last = 0;
    loop {
        let messages = searchable::messages(db.read(), last, CHUNK).await?;
        let Some(end) = messages.last() else { return Ok(indexes) };
        last = end.id;
        let mut collector = Collector::new(db.read(), &search.fields, ItemPages::default());
        for message in messages {
            collector.put_message(message);
        }
        let batch = collector.batch;
        indexes = run_on(indexes, move |indexes| indexes.write(&batch)).await?;
    }
}
