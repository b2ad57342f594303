//! The signed time token in the form: when the visitor was given it, by the steady clock. Knows no visitor and sets no
//! cookie.

use crate::{
    clock::{DAY, Timestamp},
    crypto,
};

/// Nobody fills the form in faster than this, in milliseconds.
pub(crate) const FAST: i64 = 3_000;
/// How far the clocks of two nodes may differ.
const SKEW: i64 = 2 * 60 * 1000;
/// Above this age a form counts as old, in milliseconds.
pub(crate) const OLD: i64 = DAY;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FormAge {
    /// A visitor can have filled in the form since.
    Good,
    /// Less than three seconds have passed.
    Fast,
    Old,
    Missing,
    /// It is not signed by us.
    Forged,
}

/// A token for a form that is rendered at `now`.
#[must_use]
pub(crate) fn issue(key: &str, now: Timestamp) -> String {
    format!("{}.{}", now.0, crypto::sign(key, &subject(now)))
}

/// Judges a token that comes back at `now`.
#[must_use]
pub(crate) fn judge(key: &str, now: Timestamp, form_token: &str) -> FormAge {
    if form_token.is_empty() {
        return FormAge::Missing;
    }
    let Some((time, signature)) = form_token.split_once('.') else { return FormAge::Forged };
    let Ok(made) = time.parse().map(Timestamp) else { return FormAge::Forged };
    if !crypto::verify(key, &subject(made), signature) {
        return FormAge::Forged;
    }
    // A token from the future was made by a node whose clock is a little ahead; further ahead, the clock was put back, and
    // too little time may have passed.
    match now.0.saturating_sub(made.0) {
        age if (-SKEW..0).contains(&age) => FormAge::Good,
        ..FAST => FormAge::Fast,
        FAST..=OLD => FormAge::Good,
        _ => FormAge::Old,
    }
}

/// Prefixed with its use, so that nothing else signed with the key counts as a token.
fn subject(time: Timestamp) -> String {
    format!("contact form {}", time.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_tells_its_age_and_its_maker() {
        let made = Timestamp(1_000_000);
        let form_token = issue("key", made);
        let after = |ms| judge("key", made.plus(ms), &form_token);
        assert_eq!(after(-1), FormAge::Good);
        assert_eq!(after(-SKEW - 1), FormAge::Fast);
        assert_eq!(after(FAST - 1), FormAge::Fast);
        assert_eq!(after(FAST), FormAge::Good);
        assert_eq!(after(OLD), FormAge::Good);
        assert_eq!(after(OLD + 1), FormAge::Old);
        assert_eq!(judge("other", made.plus(FAST), &form_token), FormAge::Forged);
        assert_eq!(judge("key", made, ""), FormAge::Missing);
        let later = form_token.replacen("1000000", "1000001", 1);
        for forged in ["1", ".", "a.b", "1000000.", later.as_str()] {
            assert_eq!(judge("key", made.plus(FAST), forged), FormAge::Forged, "{forged}");
        }
    }
}
