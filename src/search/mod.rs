//! Full-text search: an index in the data directory, derived from the database and never needed to be right, because
//! it can always be made anew. Knows nothing of HTTP and templates.

pub mod collect;
pub mod counter;
pub mod files;
pub mod finding;
pub mod indexer;
pub mod keeper;
pub mod query;
pub mod schema;
pub mod shown;
pub mod snippet;
pub mod spelling;
pub mod state;
pub mod words;
