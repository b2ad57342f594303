//! Time: the one [`Clock`] that reads the machine's clocks, and deadlines. Knows no database: how a
//! [`Timestamp`] is stored is in `db/timestamp.rs`.

mod boot;
mod leap;
mod timestamp;
pub(crate) mod zone;

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use self::leap::Leaps;
pub(crate) use self::timestamp::long_date;
pub use self::timestamp::{DAY, HOUR, Timestamp};

/// The one clock. Tests move it; the program reads the machine's.
#[derive(Debug, Clone)]
pub struct Clock(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// The steady time when this clock was made, in milliseconds since 1970.
    start: AtomicI64,
    made: Instant,
    /// Milliseconds that tests let pass.
    passed: AtomicI64,
    /// Milliseconds by which tests set the wall clock ahead.
    ahead: AtomicI64,
    leaps: Leaps,
}

impl Default for Clock {
    fn default() -> Self {
        Self(Arc::new(Inner {
            start: AtomicI64::new(wall().0),
            made: Instant::now(),
            passed: AtomicI64::new(0),
            ahead: AtomicI64::new(0),
            leaps: Leaps::default(),
        }))
    }
}

fn wall() -> Timestamp {
    Timestamp(jiff::Timestamp::now().as_millisecond())
}

impl Clock {
    /// The present, as the machine's clock has it. Someone may set that at any time, ahead or back.
    #[must_use]
    pub(crate) fn now(&self) -> Timestamp {
        wall().plus(self.0.passed.load(Ordering::Relaxed)).plus(self.0.ahead.load(Ordering::Relaxed))
    }

    /// Where [`Self::go_on_at`] set it, or the wall clock when this clock was made, plus the time that has really passed
    /// since. For everything that is measured: limits, lock-outs, the ends of sessions. Setting the machine's clock does not
    /// change it. It stops while the machine sleeps. What it says is no time of day: see [`Self::on_wall`].
    #[must_use]
    pub(crate) fn steady(&self) -> Timestamp {
        let made = Timestamp(self.0.start.load(Ordering::Relaxed));
        let passed = i64::try_from(self.0.made.elapsed().as_millis()).unwrap_or(i64::MAX);
        made.plus(passed).plus(self.0.passed.load(Ordering::Relaxed))
    }

    /// The present for what is due at a time of day: see [`Leaps::believe`].
    #[must_use]
    pub(crate) fn believed(&self) -> Timestamp {
        Timestamp(self.0.leaps.believe(self.now().0, self.steady().0))
    }

    /// Whether [`Self::believed`] may be another time than [`Self::now`].
    #[must_use]
    pub(crate) fn is_doubted(&self) -> bool {
        self.0.leaps.is_doubted()
    }

    /// Believes the machine's clock as long as it is so far ahead of the steady one, in milliseconds.
    pub(crate) fn trust(&self, ahead: i64) {
        self.0.leaps.trust(ahead);
    }

    /// Lets the steady clock go on at `time` now, before anything has asked it.
    pub(crate) fn go_on_at(&self, time: Timestamp) {
        let difference = time.0.saturating_sub(self.steady().0);
        self.0.start.fetch_add(difference, Ordering::Relaxed);
    }

    /// What the wall clock says of a time of the steady one, for users.
    #[must_use]
    pub(crate) fn on_wall(&self, steady: Timestamp) -> Timestamp {
        self.now().plus(steady.0.saturating_sub(self.steady().0))
    }

    /// The time since the machine was started, in milliseconds, and the name of that start; none when the machine does not
    /// tell. Nobody can set it.
    #[must_use]
    pub(crate) fn since_boot(&self) -> Option<(String, i64)> {
        let (boot, milliseconds) = boot::since()?;
        Some((boot, milliseconds.saturating_add(self.0.passed.load(Ordering::Relaxed))))
    }

    /// Lets this much time pass at once, for all who share this clock.
    pub fn advance(&self, milliseconds: i64) {
        self.0.passed.fetch_add(milliseconds, Ordering::Relaxed);
    }

    /// Sets the wall clock ahead, or back if negative, while no time passes.
    pub fn jump(&self, milliseconds: i64) {
        self.0.ahead.fetch_add(milliseconds, Ordering::Relaxed);
    }
}

/// When something has to end that was begun now.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deadline(Instant);

impl Deadline {
    #[must_use]
    pub(crate) fn after(time: Duration) -> Self {
        Self(Instant::now() + time)
    }

    #[must_use]
    pub(crate) const fn instant(self) -> Instant {
        self.0
    }

    #[must_use]
    pub(crate) fn has_passed(self) -> bool {
        Instant::now() > self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn setting_the_wall_clock_moves_no_measured_time() {
        let clock = Clock::default();
        let (now, steady) = (clock.now(), clock.steady());
        clock.jump(-DAY);
        assert!(clock.now() < now && clock.steady() >= steady);
        clock.jump(3 * DAY);
        assert!(clock.now() >= now.plus(2 * DAY) && clock.steady() < steady.plus(DAY));
        clock.advance(DAY);
        assert!(clock.now() >= now.plus(3 * DAY) && clock.steady() >= steady.plus(DAY));
    }

    #[test]
    fn the_steady_clock_goes_on_where_it_is_told_to() {
        let clock = Clock::default();
        clock.advance(DAY);
        clock.go_on_at(Timestamp(5 * DAY));
        assert!((5 * DAY..5 * DAY + HOUR).contains(&clock.steady().0));
        let ago = clock.now().0 - clock.on_wall(clock.steady().minus(DAY)).0;
        assert!((DAY - 1000..=DAY + 1000).contains(&ago), "{ago}");
    }
}
