//! How long clients may take: for the head of a request, between requests, and for an answer.

use std::time::Duration;

use tokio::time::Instant;

/// How long a client may take nothing of an answer before the connection ends.
pub(crate) const WRITE_TIMEOUT: Duration = Duration::from_secs(30);
/// Fewest bytes of an answer that it may take in a second, after that time.
const RATE: u64 = 1000;

#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    pub head: Duration,
    /// Between requests: longer than proxies usually keep a connection, so that they end it, and send no request on a
    /// connection that is closing.
    pub idle: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { head: Duration::from_secs(10), idle: Duration::from_secs(75) }
    }
}

/// How long a client may take for this many bytes.
#[must_use]
pub(crate) fn extra_time(taken: usize) -> Duration {
    Duration::from_millis((taken as u64).saturating_mul(1000) / RATE)
}

/// The new deadline of a client that has just taken this many bytes.
#[must_use]
pub(crate) fn extend_deadline(until: Instant, taken: usize) -> Instant {
    (until + extra_time(taken)).min(Instant::now() + WRITE_TIMEOUT)
}
