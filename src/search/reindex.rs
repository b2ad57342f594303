//! Takes up another choice of searched fields: only documents of the types that changed are read again, and the indexes go on answering
//! meanwhile.

use super::{
    blocking::run_on,
    index_builder::{self, Collector},
    index_rules::IndexRules,
    indexes::Indexes,
    state::Search,
};
use crate::{db::pool::Db, error::Result, model::searchable};

/// Documents that are read before they are written.
const CHUNK: i64 = 200;

/// The same indexes, made by the rules `wanted`, which cut words to the same stems.
pub(super) async fn reindex(search: &Search, db: &Db, mut indexes: Indexes, wanted: IndexRules) -> Result<Indexes> {
    if indexes.0.iter().all(|store| store.rules == wanted) {
        return Ok(indexes);
    }
    let pages = index_builder::item_pages(db.read()).await?;
    for key in indexes.types_unlike(&wanted) {
        let mut last = 0;
        loop {
            let documents = searchable::documents_of_type(db.read(), &key, last, CHUNK).await?;
            let Some((end, _)) = documents.last() else { break };
            last = *end;
            let mut collector = Collector::new(db.read(), &search.fields, pages.clone());
            for (id, kind) in documents {
                collector.document(id, kind).await?;
            }
            let batch = collector.batch.by_other_rules();
            indexes = run_on(indexes, move |indexes| indexes.write(&batch)).await?;
        }
        tracing::info!(document_type = key, "the search index has its documents with other fields now");
    }
    run_on(indexes, move |indexes| indexes.take_up(&wanted)).await
}
