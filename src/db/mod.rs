//! The database: its files, connections, migrations, the write transaction. Knows no table of the model.

pub(crate) mod args;
mod backup;
mod checkpoint;
pub(crate) mod conn;
pub(crate) mod files;
pub(crate) mod like;
pub(crate) mod migrations;
pub mod migrator;
pub(crate) mod opening;
pub(crate) mod pool;
pub(crate) mod read_only;
pub mod transaction;
mod writer;
