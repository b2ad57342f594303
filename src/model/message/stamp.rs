//! The signed time stamp in the form: when the visitor was given it. Knows no visitor and sets no cookie.

use crate::text::{
    time::{DAY, Timestamp},
    token,
};

/// Nobody reads and fills the form in less, in milliseconds.
pub const FAST: i64 = 3_000;
/// A form is no older when it comes back, in milliseconds.
pub const OLD: i64 = DAY;

/// What a stamp says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// A visitor may well have filled the form in since.
    Good,
    /// Less than three seconds have passed.
    Fast,
    /// More than a day has passed.
    Old,
    /// There is none.
    Missing,
    /// It is not ours.
    Forged,
}

/// A stamp for a form that is handed out at `now`.
#[must_use]
pub fn issue(key: &str, now: Timestamp) -> String {
    format!("{}.{}", now.0, token::sign(key, &subject(now)))
}

/// Judges a stamp that comes back at `now`.
#[must_use]
pub fn judge(key: &str, now: Timestamp, stamp: &str) -> Verdict {
    if stamp.is_empty() {
        return Verdict::Missing;
    }
    let Some((time, signature)) = stamp.split_once('.') else { return Verdict::Forged };
    let Ok(made) = time.parse().map(Timestamp) else { return Verdict::Forged };
    if !token::verify(key, &subject(made), signature) {
        return Verdict::Forged;
    }
    // A stamp from the future means that the clock was put back: as little as nothing has passed.
    match now.0.saturating_sub(made.0) {
        ..FAST => Verdict::Fast,
        FAST..=OLD => Verdict::Good,
        _ => Verdict::Old,
    }
}

/// With its use in front, so that nothing else signed with the key passes for a stamp.
fn subject(time: Timestamp) -> String {
    format!("contact form {}", time.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_tells_its_age_and_its_maker() {
        let made = Timestamp(1_000_000);
        let stamp = issue("key", made);
        let after = |ms| judge("key", made.plus(ms), &stamp);
        assert_eq!(after(-1), Verdict::Fast);
        assert_eq!(after(FAST - 1), Verdict::Fast);
        assert_eq!(after(FAST), Verdict::Good);
        assert_eq!(after(OLD), Verdict::Good);
        assert_eq!(after(OLD + 1), Verdict::Old);
        assert_eq!(judge("other", made.plus(FAST), &stamp), Verdict::Forged);
        assert_eq!(judge("key", made, ""), Verdict::Missing);
        let later = stamp.replacen("1000000", "1000001", 1);
        for forged in ["1", ".", "a.b", "1000000.", later.as_str()] {
            assert_eq!(judge("key", made.plus(FAST), forged), Verdict::Forged, "{forged}");
        }
    }
}
