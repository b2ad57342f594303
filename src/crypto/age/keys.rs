//! Who can read an encrypted file: public keys and the secret keys that belong to them, as `age-keygen` writes them, or a passphrase;
//! and how the key of the file is wrapped for them.

use std::{fmt, str::FromStr};

use bech32::{Bech32, primitives::decode::CheckedHrpstring};
use scrypt::{Params, scrypt};
use x25519_dalek::{X25519_BASEPOINT_BYTES, x25519};

use super::primitives::{cipher, derive, open, seal};
use crate::crypto::bytes;

/// What the keys of the two kinds are derived for.
const X25519_PURPOSE: &[u8] = b"age-encryption.org/v1/X25519";
const SCRYPT_PURPOSE: &[u8] = b"age-encryption.org/v1/scrypt";
/// The number of the one piece that is encrypted with such a key.
const ONLY: [u8; 12] = [0; 12];

/// The key of one file.
#[derive(Clone)]
pub(crate) struct FileKey(pub(super) [u8; 16]);

impl FileKey {
    pub(super) fn new() -> Self {
        Self(bytes())
    }

    fn wrap(&self, key: &[u8; 32]) -> Vec<u8> {
        let mut wrapped = self.0.to_vec();
        seal(&cipher(key), ONLY, &mut wrapped);
        wrapped
    }

    fn unwrap(wrapped: &[u8], key: &[u8; 32]) -> Option<Self> {
        let mut piece = wrapped.to_vec();
        open(&cipher(key), ONLY, &mut piece).then(|| piece.try_into().ok().map(Self))?
    }
}

/// A public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Recipient {
    key: [u8; 32],
    text: String,
}

impl FromStr for Recipient {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let key = read_key(text, "age").ok_or(
            "it must be a public key as age-keygen prints it, age1 and 58 more letters and digits; a secret key is none",
        )?;
        Ok(Self { key, text: text.to_owned() })
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.text)
    }
}

impl Recipient {
    /// A public key that counts for this file alone, and the key of the file as only the recipient reads it.
    pub(super) fn wrap(&self, key: &FileKey) -> ([u8; 32], Vec<u8>) {
        let secret = bytes();
        let share = x25519(secret, X25519_BASEPOINT_BYTES);
        let both = x25519(secret, self.key);
        (share, key.wrap(&derive(&both, &[share, self.key].concat(), X25519_PURPOSE)))
    }
}

/// A secret key.
#[derive(Clone)]
pub(crate) struct Identity([u8; 32]);

impl Identity {
    /// The keys of a file: one a line, with empty lines and comments between them.
    /// Errors: what the file is instead, as the end of a sentence.
    pub(crate) fn read_all(text: &str) -> Result<Vec<Self>, String> {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let keys: Option<Vec<_>> = lines.map(|line| read_key(line, "age-secret-key-").map(Self)).collect();
        match keys {
            Some(keys) if !keys.is_empty() => Ok(keys),
            _ => Err("is not a file with secret keys, as age-keygen writes it".to_owned()),
        }
    }

    pub(super) fn unwrap(&self, share: [u8; 32], wrapped: &[u8]) -> Option<FileKey> {
        let own = x25519(self.0, X25519_BASEPOINT_BYTES);
        let both = x25519(self.0, share);
        // Whatever the secret is, some shares give this.
        let is_weak = both == [0; 32];
        let key = derive(&both, &[share, own].concat(), X25519_PURPOSE);
        if is_weak { None } else { FileKey::unwrap(wrapped, &key) }
    }
}

/// What closes a file.
pub(crate) enum LockKey {
    Recipients(Vec<Recipient>),
    Passphrase(String),
}

/// What opens one.
#[derive(Clone)]
pub(crate) enum UnlockKey {
    Identities(Vec<Identity>),
    Passphrase(String),
    /// For the one that has just encrypted it.
    File(FileKey),
}

impl FileKey {
    /// The same with a passphrase that is hashed with 2 to the power of `work` rounds.
    pub(super) fn wrap_with(&self, passphrase: &str, salt: &[u8; 16], work: u8) -> Vec<u8> {
        self.wrap(&hash(passphrase, salt, work))
    }

    pub(super) fn unwrap_with(wrapped: &[u8], passphrase: &str, salt: &[u8; 16], work: u8) -> Option<Self> {
        Self::unwrap(wrapped, &hash(passphrase, salt, work))
    }
}

#[expect(clippy::expect_used, reason = "the header gives numbers that it takes")]
fn hash(passphrase: &str, salt: &[u8; 16], work: u8) -> [u8; 32] {
    let mut key = [0; 32];
    let params = Params::new(work, 8, 1).expect("the number is small");
    scrypt(passphrase.as_bytes(), &[SCRYPT_PURPOSE, salt].concat(), &params, &mut key).expect("32 bytes are few");
    key
}

fn read_key(text: &str, kind: &str) -> Option<[u8; 32]> {
    let read = CheckedHrpstring::new::<Bech32>(text).ok()?;
    let is_kind = read.hrp().as_str().eq_ignore_ascii_case(kind);
    let key: Vec<u8> = read.byte_iter().collect();
    if is_kind { key.try_into().ok() } else { None }
}
