//! Accepts connections and speaks HTTP/1.1: the fast path for what is cached, hyper for everything else
//! and for all that comes over TLS. Knows no route.

pub(crate) mod closing;
pub mod connection;
pub mod connection_slots;
pub(crate) mod connection_state;
pub(crate) mod date;
pub mod fast_path;
mod handshake;
pub(crate) mod head;
pub(crate) mod hyper_path;
pub mod limits;
pub mod listeners;
pub(crate) mod making;
mod open_connections;
pub(crate) mod pending_write;
pub(crate) mod persistence;
pub(crate) mod prefixed_stream;
mod refusal;
pub mod serve;
pub mod shared;
pub mod timeouts;
pub(crate) mod transport;
