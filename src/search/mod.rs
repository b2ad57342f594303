//! Full-text search: two indexes in the data directory, derived from the database and never needed to be right, because
//! they can always be rebuilt. Knows nothing of HTTP and templates.

pub(crate) mod answer;
pub(crate) mod batch;
mod blocking;
pub(crate) mod counter;
mod designation;
pub(crate) mod files;
mod follower;
pub(crate) mod index_builder;
pub(crate) mod index_document;
mod index_error;
pub(crate) mod index_kind;
pub(crate) mod index_location;
pub(crate) mod index_rules;
pub(crate) mod index_store;
pub mod indexer;
pub(crate) mod indexes;
mod parsed_query;
pub(crate) mod position_on_disk;
pub mod query;
mod ranking;
mod rebuild;
pub mod request;
mod saved_position;
pub(crate) mod schema;
mod small_words;
pub(crate) mod snippet;
pub(crate) mod spelling;
mod spelling_variants;
pub(crate) mod state;
pub(crate) mod stemming;
mod stored_document;
pub mod synonyms;
pub(crate) mod tokenizer;
mod vocabulary;
mod word;
