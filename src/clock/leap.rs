//! Whether the machine's clock has just been set, and which time is believed meanwhile. A clock that is wrong for a moment
//! must not publish what is scheduled for next week. Knows no clock: the caller says what the clocks say.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, AtomicI64, Ordering},
};

/// The clock may go wrong, or be put right, by so much at once without being doubted, in milliseconds.
const STEP: u64 = 60 * 1000;
/// How long a clock that was set is doubted, in milliseconds.
const DOUBT: i64 = 15 * 60 * 1000;

/// What is known of the machine's clock.
#[derive(Debug, Default)]
pub(super) struct Leaps {
    /// How far it was ahead of the steady one when it was believed last, in milliseconds.
    ahead: AtomicI64,
    leap: Mutex<Option<Leap>>,
    is_doubted: AtomicBool,
}

#[derive(Debug, Clone, Copy)]
struct Leap {
    ahead: i64,
    since: i64,
}

impl Leaps {
    /// From now on this distance to the steady clock is believed.
    pub(super) fn trust(&self, ahead: i64) {
        self.ahead.store(ahead, Ordering::Relaxed);
    }

    /// Whether the clock has been set and is doubted.
    pub(super) fn is_doubted(&self) -> bool {
        self.is_doubted.load(Ordering::Relaxed)
    }

    /// The time of day, by the machine's clock unless that was set within the last quarter of an hour; then as if it had not
    /// been. All in milliseconds.
    pub(super) fn believe(&self, wall: i64, steady: i64) -> i64 {
        let (ahead, trusted) = (wall.saturating_sub(steady), self.ahead.load(Ordering::Relaxed));
        let mut leap = self.leap.lock().unwrap_or_else(PoisonError::into_inner);
        let is_same = |leap: &Leap| leap.ahead.abs_diff(ahead) <= STEP;
        let has_lasted = leap.filter(is_same).is_some_and(|leap| steady >= leap.since.saturating_add(DOUBT));
        if ahead.abs_diff(trusted) <= STEP || has_lasted {
            self.trust(ahead);
            *leap = None;
            self.is_doubted.store(false, Ordering::Relaxed);
            return wall;
        }
        if !leap.as_ref().is_some_and(is_same) {
            *leap = Some(Leap { ahead, since: steady });
            self.is_doubted.store(true, Ordering::Relaxed);
            let seconds = ahead.saturating_sub(trusted) / 1000;
            tracing::warn!(seconds, "the machine's clock was set: for 15 minutes, schedules go by what it said before");
        }
        steady.saturating_add(trusted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 24 * 60 * 60 * 1000;

    #[test]
    fn a_clock_that_was_set_is_believed_when_that_lasts() {
        let leaps = Leaps::default();
        let at = |steady: i64, ahead: i64| leaps.believe(steady + ahead, steady);
        assert_eq!(at(DAY, 500), DAY + 500);
        for week in [7 * DAY, -7 * DAY] {
            assert_eq!(at(DAY, week), DAY + 500);
            assert!(leaps.is_doubted());
            assert_eq!(at(DAY + DOUBT - 1, week), DAY + DOUBT - 1 + 500);
            assert_eq!(at(DAY + DOUBT, 500), DAY + DOUBT + 500, "it was put right");
            assert!(!leaps.is_doubted());
        }
        assert_eq!(at(2 * DAY, 3 * DAY), 2 * DAY + 500);
        assert_eq!(at(2 * DAY + 1, -DAY), 2 * DAY + 501, "another leap is doubted for as long");
        assert_eq!(at(2 * DAY + DOUBT, -DAY), 2 * DAY + DOUBT + 500);
        assert_eq!(at(2 * DAY + DOUBT + 1, -DAY), DAY + DOUBT + 1);
        assert!(!leaps.is_doubted());
    }

    #[test]
    fn small_steps_are_followed_at_once() {
        let leaps = Leaps::default();
        for step in 1..100 {
            let (steady, wall) = (step * 1000, step * 51_000);
            assert_eq!(leaps.believe(wall, steady), wall);
        }
    }
}
