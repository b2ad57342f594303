//! The database: its files, connections, migrations, the write transaction. Knows no table of the model.

pub mod args;
mod backup;
mod checkpoint;
pub mod conn;
pub mod files;
pub mod like;
pub mod migrations;
pub mod migrator;
pub mod opening;
pub mod pool;
pub mod read_only;
pub mod transaction;
mod writer;
