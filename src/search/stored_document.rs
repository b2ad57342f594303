//! What an index stores of a document: the text that was put into it, read again.

use tantivy::schema::Value;

use super::{index_document::IndexedDocument, index_error::index_error, schema::IndexFields};
use crate::error::{Error, Result};

pub(crate) fn read_document(
    searcher: &tantivy::Searcher,
    fields: &IndexFields,
    address: tantivy::DocAddress,
) -> Result<IndexedDocument> {
    parse(&read_stored(searcher, fields, address)?)
}

pub(super) fn read_stored(
    searcher: &tantivy::Searcher,
    fields: &IndexFields,
    address: tantivy::DocAddress,
) -> Result<String> {
    let document: tantivy::TantivyDocument = searcher.doc(address).map_err(index_error)?;
    let value = document.get_first(fields.shown);
    Ok(value.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned())
}

pub(super) fn parse(stored: &str) -> Result<IndexedDocument> {
    serde_json::from_str(stored).map_err(|error| Error::internal("a document of the search index", error))
}
