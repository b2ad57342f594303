//! Full-text search: an index in the data directory, derived from the database and never needed to be right, because
//! it can always be rebuilt. Knows nothing of HTTP and templates.

pub mod counter;
pub mod files;
pub mod index_builder;
pub mod index_document;
pub mod index_store;
pub mod indexer;
pub mod query;
pub mod request;
pub mod schema;
pub mod snippet;
pub mod spelling;
pub mod state;
pub mod tokenizer;
