//! The proof in the address of the thanks that this browser sent the message with a reference. Sets no cookie.

use crate::crypto;

#[must_use]
pub(crate) fn issue(key: &str, reference: &str) -> String {
    crypto::sign(key, &subject(reference))
}

/// Whether a proof that comes back is ours, for this reference.
#[must_use]
pub(crate) fn is_valid(key: &str, reference: &str, proof: &str) -> bool {
    crypto::verify(key, &subject(reference), proof)
}

/// Prefixed with its use, so that nothing else signed with the key counts as a proof.
fn subject(reference: &str) -> String {
    format!("sent message {reference}")
}
