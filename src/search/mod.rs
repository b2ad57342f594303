//! Full-text search: two indexes in the data directory, derived from the database and never needed to be right, because
//! they can always be rebuilt. Knows nothing of HTTP and templates.

pub(crate) mod batch;
mod blocking;
pub(crate) mod counter;
pub(crate) mod files;
mod follower;
pub(crate) mod index_builder;
pub(crate) mod index_document;
mod index_error;
pub(crate) mod index_kind;
pub(crate) mod index_location;
pub(crate) mod index_store;
pub mod indexer;
pub(crate) mod indexes;
pub mod query;
mod rebuild;
pub mod request;
mod saved_position;
pub(crate) mod schema;
pub(crate) mod snippet;
pub(crate) mod spelling;
pub(crate) mod state;
mod stored_document;
pub(crate) mod tokenizer;
