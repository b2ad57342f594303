//! Random tokens and their hashes, for one-time links, session ids, references and signatures.

use std::sync::LazyLock;

use data_encoding::{BASE32_NOPAD, BASE64URL_NOPAD, Encoding, HEXLOWER, Specification};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};

pub(crate) mod age;

/// 256 random bits, in characters for an address.
///
/// # Panics When the operating system has no randomness: then nothing may continue.
#[must_use]
pub(crate) fn random_token() -> String {
    BASE64URL_NOPAD.encode(&bytes::<32>())
}

/// A reference that can be read out on the telephone: `K7WQ-M2XD`.
///
/// # Panics
/// See [`random_token`].
#[must_use]
pub(crate) fn reference() -> String {
    let text = READABLE.encode(&bytes::<5>());
    format!("{}-{}", &text[..4], &text[4..])
}

/// Without letters and digits that are easily confused. Made once: each request gets a reference.
static READABLE: LazyLock<Encoding> = LazyLock::new(|| {
    let mut spec = Specification::new();
    spec.symbols.push_str("23456789ABCDEFGHJKLMNPQRSTUVWXYZ");
    spec.encoding().unwrap_or(BASE32_NOPAD)
});

#[expect(clippy::expect_used, reason = "no safe way to go on without randomness")]
fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives no random bytes");
    bytes
}

/// SHA-256 in hex; what is stored in place of a token.
#[must_use]
pub(crate) fn hash(text: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(text.as_bytes()))
}

/// A keyed signature of `text`, in characters for a form field.
#[must_use]
pub(crate) fn sign(key: &str, text: &str) -> String {
    BASE64URL_NOPAD.encode(&mac(key, text).finalize().into_bytes())
}

/// Whether `signature` is the one of `text`, compared in constant time.
#[must_use]
pub(crate) fn verify(key: &str, text: &str, signature: &str) -> bool {
    BASE64URL_NOPAD.decode(signature.as_bytes()).is_ok_and(|bytes| mac(key, text).verify_slice(&bytes).is_ok())
}

/// HMAC-SHA-256 in hex, as other programs check it.
#[must_use]
pub(crate) fn hmac_hex(key: &str, text: &str) -> String {
    HEXLOWER.encode(&mac(key, text).finalize().into_bytes())
}

/// 160 bits that follow from a key and a text, for those who have both.
#[must_use]
pub(crate) fn derive(key: &str, text: &str) -> [u8; 20] {
    let whole = mac(key, text).finalize().into_bytes();
    std::array::from_fn(|at| whole[at])
}

/// HMAC-SHA-1 of a counter, which is what one-time codes are cut from.
#[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
#[must_use]
pub(crate) fn counter_mac(key: &[u8], counter: u64) -> [u8; 20] {
    let mut mac = Hmac::<Sha1>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(&counter.to_be_bytes());
    mac.finalize().into_bytes().into()
}

/// 120 random bits that can be typed: `K7WQM2-XD9RTB-3HVNPQ-8YZC4F`.
///
/// # Panics
/// See [`random_token`].
#[must_use]
pub(crate) fn typeable_token() -> String {
    let text = READABLE.encode(&bytes::<15>());
    [&text[..6], &text[6..12], &text[12..18], &text[18..]].join("-")
}

#[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
fn mac(key: &str, text: &str) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(text.as_bytes());
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_hold_for_their_text_and_key_only() {
        let signature = sign("key", "text");
        assert!(verify("key", "text", &signature));
        assert!(!verify("key", "texT", &signature));
        assert!(!verify("other", "text", &signature));
        assert!(!verify("key", "text", "?"));
    }

    #[test]
    fn references_can_be_read_aloud() {
        let reference = reference();
        assert_eq!(reference.len(), 9);
        assert!(!reference.contains(['0', 'O', '1', 'I']));
    }
}
