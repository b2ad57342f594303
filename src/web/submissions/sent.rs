//! A form as it was sent, and when two are the same.

use sha2::{Digest, Sha256};

/// A form as it was sent. Two are the same when all of this is the same.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SentForm<'a> {
    /// The id of the session that sent it, or nothing.
    pub(crate) owner: &'a str,
    /// Whether a user is signed in to that session; not compared. Strangers cannot evict what is kept for users who are
    /// signed in.
    pub(crate) signed_in: bool,
    /// Path and query that it was sent to.
    pub(crate) target: &'a str,
    /// The body; it holds a value that was made at random with the form.
    pub(crate) body: &'a [u8],
}

/// A hash of what is compared.
pub(crate) type Hash = [u8; 32];

impl SentForm<'_> {
    /// The same for two forms that are the same.
    #[must_use]
    pub(crate) fn key(&self) -> Hash {
        self.hash(b"key")
    }

    /// The same too, but nobody who knows [`Self::key`] can make it without the form.
    #[must_use]
    pub(crate) fn secret(&self) -> Hash {
        self.hash(b"secret")
    }

    fn hash(&self, purpose: &[u8]) -> Hash {
        let mut hash = Sha256::new();
        for part in [purpose, self.owner.as_bytes(), self.target.as_bytes(), self.body] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        hash.finalize().into()
    }

    /// The same for two forms of one owner.
    #[must_use]
    pub(crate) fn owner(&self) -> Hash {
        Sha256::digest(self.owner).into()
    }

    /// The same for two forms to one path and query.
    #[must_use]
    pub(crate) fn target(&self) -> Hash {
        Sha256::digest(self.target).into()
    }
}
