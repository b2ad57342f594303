//! Accepts connections and speaks HTTP/1.1: the short way for what is kept in memory, hyper for everything else.
//! Knows no route.

pub mod connection;
pub mod date;
pub mod head;
pub mod listeners;
pub mod replay;
pub mod serve;
