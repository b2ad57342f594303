//! Encrypted files in the format of the program `age` (age-encryption.org/v1), so that either reads what the other has written: for
//! public keys (X25519) or with a passphrase (scrypt), piece by piece. Knows nothing of what is in the files.

pub(crate) mod fault;
pub(crate) mod header;
pub(crate) mod keys;
pub(crate) mod payload;
mod primitives;
