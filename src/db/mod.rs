//! The database: pools, migrations, the write transaction. Knows no table of the model.

pub mod args;
mod backup;
pub mod conn;
pub mod migrations;
pub mod pool;
pub mod transaction;
