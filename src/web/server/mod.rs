//! Accepts connections and speaks HTTP/1.1: the short way for what is kept in memory, hyper for everything else.
//! Knows no route but those that tell whether we are well.

pub mod connection;
pub mod connection_slots;
pub mod date;
pub mod head;
pub mod listeners;
pub mod long_way;
pub mod replay;
pub mod seat;
pub mod serve;
