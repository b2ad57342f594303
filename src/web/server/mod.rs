//! Accepts connections and speaks HTTP/1.1: the fast path for what is cached, hyper for everything else. Knows no route.

pub mod closing;
pub mod connection;
pub mod connection_slots;
pub mod connection_state;
pub mod date;
pub mod fast_path;
pub mod head;
pub mod hyper_path;
pub mod limits;
pub mod listeners;
pub mod making;
pub mod pending_write;
pub mod persistence;
pub mod prefixed_stream;
pub mod serve;
pub mod shared;
pub mod timeouts;
