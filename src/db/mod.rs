//! The database: its files and connections, migrations, the write transaction, for two engines. Knows no table of the model.

pub(crate) mod address;
pub(crate) mod args;
mod checkpoint;
pub(crate) mod conn;
#[cfg_attr(not(target_os = "linux"), path = "no_file_events.rs")]
mod file_events;
pub(crate) mod file_watch;
pub(crate) mod files;
pub(crate) mod like;
mod log_check;
pub(crate) mod migration_error;
pub(crate) mod migrations;
pub mod migrator;
pub(crate) mod missing_database;
pub(crate) mod nodes;
pub(crate) mod opening;
pub(crate) mod pool;
pub(crate) mod postgres;
pub(crate) mod read_error;
pub(crate) mod read_only;
mod readers;
pub(crate) mod row;
mod sqlite;
mod sqlite_readers;
pub(crate) mod statement_time;
pub(crate) mod target;
mod timestamp;
pub mod transaction;
mod writer;
