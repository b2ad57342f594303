//! TLS for the listener of the portal: a certificate and its key from two files, and which pair is in use. Knows no connection.

pub(crate) mod current;
pub(crate) mod pair;
