//! PostgreSQL: addresses, connections, opening, migrations, the write transaction, what other nodes commit.

pub(super) mod address;
mod answer;
mod connections;
pub(super) mod error;
pub(super) mod listener;
pub(super) mod migrations;
pub(super) mod opening;
pub(super) mod pool;
pub(super) mod readers;
pub(super) mod transaction;
