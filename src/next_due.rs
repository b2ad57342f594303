//! When visitors must see something else although nobody changes anything: the next time that is scheduled. What is kept in
//! memory is not used from then on until the schedule was carried out. Knows no schedule.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use crate::clock::{Clock, Timestamp};

const NEVER: i64 = i64::MAX;

/// Shared by what carries schedules out and what keeps responses.
#[derive(Debug, Clone)]
pub struct NextDue {
    at: Arc<AtomicI64>,
    clock: Clock,
}

impl NextDue {
    /// Nothing is due by this clock.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self { at: Arc::new(AtomicI64::new(NEVER)), clock }
    }

    pub(crate) fn set(&self, at: Option<Timestamp>) {
        self.at.store(at.map_or(NEVER, |at| at.0), Ordering::Release);
    }

    /// Whether it has come. Without a schedule, no clock is asked.
    #[must_use]
    pub(crate) fn has_come(&self) -> bool {
        let at = self.at.load(Ordering::Acquire);
        let may_have_come = at != NEVER && (self.clock.now().0 >= at || self.clock.is_doubted());
        may_have_come && self.clock.believed().0 >= at
    }

    /// Milliseconds until then; none when nothing is due.
    #[must_use]
    pub(crate) fn left(&self) -> Option<u64> {
        let at = self.at.load(Ordering::Acquire);
        (at != NEVER).then(|| u64::try_from(at.saturating_sub(self.clock.believed().0)).unwrap_or(0))
    }
}
