//! Accepts connections and speaks HTTP/1.1: the fast path for what is kept in memory, hyper for everything else.
//! Knows no route but those that tell whether we are well.

pub mod connection;
pub mod connection_slots;
pub mod connection_state;
pub mod date;
pub mod fast_path;
pub mod head;
pub mod hyper_path;
pub mod listeners;
pub mod pending_write;
pub mod persistence;
pub mod prefixed_stream;
pub mod serve;
pub mod timeouts;
