//! One signal that a message may be spam.

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SpamSignal {
    pub(crate) points: i64,
    /// What it is, as a sentence without a full stop.
    pub(crate) reason: String,
}

impl SpamSignal {
    pub(crate) fn new(points: i64, reason: impl Into<String>) -> Self {
        Self { points, reason: reason.into() }
    }
}
