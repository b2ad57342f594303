//! One-time codes that follow from a secret and the time, as code apps show them (RFC 6238: SHA-1, six digits, a new one
//! each 30 seconds). Knows no user and no database.

use data_encoding::BASE32_NOPAD;

use crate::{clock::Timestamp, crypto};

/// How long a code is shown, in milliseconds.
const STEP: i64 = 30_000;
/// How many steps the clock of an app may differ from ours.
const SKEW: i64 = 1;
/// How many digits a code has.
const DIGITS: usize = 6;

/// What an app and this site share.
#[derive(Clone, PartialEq, Eq)]
pub struct CodeSecret([u8; 20]);

impl CodeSecret {
    #[must_use]
    pub(crate) const fn new(bytes: [u8; 20]) -> Self {
        Self(bytes)
    }

    /// As apps take it: in Base32, typed or within an address.
    #[must_use]
    pub(crate) fn text(&self) -> String {
        BASE32_NOPAD.encode(&self.0)
    }

    /// The secret with this text, spaces or not; none when it is not one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        BASE32_NOPAD.decode(plain.as_bytes()).ok()?.try_into().ok().map(Self)
    }

    /// The code of a step.
    #[must_use]
    pub fn code(&self, step: i64) -> String {
        let mac = crypto::counter_mac(&self.0, step.unsigned_abs());
        let at = usize::from(mac[19] & 15);
        let number = u32::from_be_bytes([mac[at] & 127, mac[at + 1], mac[at + 2], mac[at + 3]]);
        format!("{:06}", number % 1_000_000)
    }

    /// The steps whose code this is, among those that an app may show now.
    pub(crate) fn steps_of(&self, code: &str, now: Timestamp) -> impl Iterator<Item = i64> {
        let present = step(now);
        ((present - SKEW).max(0)..=present + SKEW).filter(move |step| self.code(*step) == code)
    }
}

/// The step at a time.
#[must_use]
pub const fn step(now: Timestamp) -> i64 {
    now.0.div_euclid(STEP)
}

/// The digits of what may be a code: six of them, in groups or not; none otherwise.
#[must_use]
pub(crate) fn parse_code(typed: &str) -> Option<String> {
    let plain: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    (plain.len() == DIGITS && plain.bytes().all(|byte| byte.is_ascii_digit())).then_some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of RFC 6238, appendix B, of which apps show the last six digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = CodeSecret::new(*b"12345678901234567890");
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            let now = Timestamp(seconds * 1000);
            assert_eq!(secret.code(step(now)), code, "{seconds}");
            for (away, fits) in [(0, true), (-1, true), (1, true), (2, false), (-2, false)] {
                let found: Vec<_> = secret.steps_of(code, now.plus(away * STEP)).collect();
                assert_eq!(found, if fits { vec![step(now)] } else { vec![] }, "{away} steps away");
            }
        }
    }

    #[test]
    fn a_secret_is_read_as_it_is_shown() {
        let secret = CodeSecret::new(*b"12345678901234567890");
        assert_eq!(secret.text(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert!(CodeSecret::parse("GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ") == Some(secret));
        assert!(CodeSecret::parse("GEZD").is_none());
    }

    #[test]
    fn six_digits_may_be_a_code() {
        assert_eq!(parse_code(" 123 456 ").as_deref(), Some("123456"));
        for other in ["", "12345", "1234567", "12345a", "١٢٣٤٥٦"] {
            assert_eq!(parse_code(other), None, "{other}");
        }
    }
}
