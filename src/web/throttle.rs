//! Limits on how often something may be tried within an hour, kept in memory only.

use std::{hash::Hash, num::NonZeroU32};

use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};

use crate::error::{Error, Result};

/// Tries per key and hour; the whole number may be used at once, then it refills evenly.
pub struct Throttle<K: Hash + Eq + Clone> {
    limiter: DefaultKeyedRateLimiter<K>,
    clock: DefaultClock,
}

impl<K: Hash + Eq + Clone> Throttle<K> {
    /// Allows `tries` within an hour; 0 counts as 1.
    #[must_use]
    pub fn per_hour(tries: u32) -> Self {
        let tries = NonZeroU32::new(tries).unwrap_or(NonZeroU32::MIN);
        Self { limiter: RateLimiter::keyed(Quota::per_hour(tries)), clock: DefaultClock::default() }
    }

    /// Counts one try.
    ///
    /// # Errors
    /// `TooMany` with the seconds to wait.
    pub fn check(&self, key: &K) -> Result<()> {
        self.limiter
            .check_key(key)
            .map_err(|until| Error::TooMany(until.wait_time_from(self.clock.now()).as_secs().saturating_add(1)))
    }

    /// Forgets the keys that are back to their full number; call it now and then.
    pub fn tidy(&self) {
        self.limiter.retain_recent();
    }
}
