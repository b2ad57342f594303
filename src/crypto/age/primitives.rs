//! What the format is made of: one cipher, and keys that follow from others.

use ring::{
    aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey},
    hkdf::{HKDF_SHA256, Salt},
};

/// Bytes that the cipher adds.
pub(super) const TAG: usize = 16;

#[expect(clippy::expect_used, reason = "a key of 32 bytes is one of this cipher")]
pub(super) fn cipher(key: &[u8; 32]) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&CHACHA20_POLY1305, key).expect("it has 32 bytes"))
}

#[expect(clippy::expect_used, reason = "32 bytes can follow from any key")]
pub(super) fn derive(secret: &[u8], salt: &[u8], purpose: &[u8]) -> [u8; 32] {
    let mut key = [0; 32];
    let made = Salt::new(HKDF_SHA256, salt).extract(secret);
    made.expand(&[purpose], HKDF_SHA256).and_then(|made| made.fill(&mut key)).expect("32 bytes are few");
    key
}

/// Encrypts one piece in its place; no two pieces under one key have the same number.
#[expect(clippy::expect_used, reason = "pieces are far smaller than the cipher takes")]
pub(super) fn seal(key: &LessSafeKey, number: [u8; 12], piece: &mut Vec<u8>) {
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key(number), Aad::empty(), piece).expect("it is small");
}

/// Decrypts one; `false` when it was not encrypted with this key and number.
pub(super) fn open(key: &LessSafeKey, number: [u8; 12], piece: &mut Vec<u8>) -> bool {
    let opened = key.open_in_place(Nonce::assume_unique_for_key(number), Aad::empty(), piece).map(|plain| plain.len());
    opened.map(|bytes| piece.truncate(bytes)).is_ok()
}
