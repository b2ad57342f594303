//! Encrypts what other nodes may read and nobody who reads the database: with a key that only those have who have the form.

use data_encoding::BASE64;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use super::sent::Hash;

/// Encrypts; none when the machine gives no random numbers.
pub(super) fn seal(secret: &Hash, mut plain: Vec<u8>) -> Option<String> {
    // At random, as one form may be answered twice.
    let mut nonce = [0; NONCE_LEN];
    getrandom::fill(&mut nonce).ok()?;
    key(secret)?.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut plain).ok()?;
    Some(BASE64.encode(&[&nonce[..], &plain].concat()))
}

/// Decrypts; none when it was encrypted with another key or changed since.
pub(super) fn open(secret: &Hash, sealed: &str) -> Option<Vec<u8>> {
    let sealed = BASE64.decode(sealed.as_bytes()).ok()?;
    let (nonce, rest) = sealed.split_first_chunk::<NONCE_LEN>()?;
    let mut rest = rest.to_vec();
    let plain = key(secret)?.open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::empty(), &mut rest).ok()?;
    Some(plain.to_vec())
}

fn key(secret: &Hash) -> Option<LessSafeKey> {
    UnboundKey::new(&CHACHA20_POLY1305, secret).ok().map(LessSafeKey::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_secret_opens_what_was_not_changed() {
        let sealed = seal(&[1; 32], b"a link".to_vec()).unwrap();
        assert_eq!(open(&[1; 32], &sealed).unwrap(), b"a link");
        assert_eq!(open(&[2; 32], &sealed), None);
        assert_eq!(open(&[1; 32], &sealed.replacen(char::is_alphanumeric, "+", 1)), None);
        assert_eq!(open(&[1; 32], ""), None);
        assert_ne!(seal(&[1; 32], b"a link".to_vec()).unwrap(), sealed);
    }
}
