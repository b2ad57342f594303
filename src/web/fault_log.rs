//! Faults that many requests meet while something is broken, such as a full disk. Each is logged once, and then at most
//! once a minute with how many more met it: otherwise strangers would fill the disk with the news that it is full.

use std::{
    collections::HashMap,
    fmt::Display,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::clock::{Clock, Timestamp};

/// Milliseconds between two lines about the same fault.
const WINDOW: i64 = 60_000;
/// Faults that are told apart; what comes beyond them counts as one.
const FAULTS: usize = 50;
const OTHERS: &str = "there are more faults than are told apart";

pub struct FaultLog {
    last_lines: Mutex<HashMap<(&'static str, String), LastLine>>,
    clock: Clock,
}

/// When a fault was logged last, and how many have met it since.
struct LastLine {
    at: Timestamp,
    more: u64,
}

impl FaultLog {
    /// An empty log with this clock.
    #[must_use]
    pub(crate) fn new(clock: Clock) -> Self {
        Self { last_lines: Mutex::default(), clock }
    }

    /// Logs what could not be done and why, unless it was logged a moment ago.
    pub(crate) fn tell(&self, what: &'static str, fault: impl Display) {
        self.tell_counts();
        let mut lines = self.last_lines();
        let mut key = (what, fault.to_string());
        if lines.len() >= FAULTS && !lines.contains_key(&key) {
            OTHERS.clone_into(&mut key.1);
        }
        if let Some(line) = lines.get_mut(&key) {
            line.more += 1;
            return;
        }
        tracing::error!(fault = key.1.as_str(), "{what}");
        lines.insert(key, LastLine { at: self.clock.steady(), more: 0 });
    }

    /// Logs how many more met each fault, once its minute is over; call it now and then.
    pub(crate) fn tell_counts(&self) {
        let now = self.clock.steady();
        self.last_lines().retain(|(what, fault), line| {
            if line.at.plus(WINDOW) > now {
                return true;
            }
            if line.more == 0 {
                return false;
            }
            tracing::error!(fault = fault.as_str(), more = line.more, "{what}: again and again");
            *line = LastLine { at: now, more: 0 };
            true
        });
    }

    fn last_lines(&self) -> MutexGuard<'_, HashMap<(&'static str, String), LastLine>> {
        self.last_lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
