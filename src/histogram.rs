//! How long something takes, counted in classes. Cheap enough for every statement and every request; knows nothing of what it is.

use std::{
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::{Duration, Instant},
};

/// The longest time of each class but the last, in microseconds.
pub(crate) const BOUNDS: [u64; 14] = [
    250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 10_000_000,
];

#[derive(Debug)]
pub(crate) struct Histogram {
    /// One more than there are bounds: the last one is for what took longer.
    classes: [AtomicU64; BOUNDS.len() + 1],
    microseconds: AtomicU64,
}

/// What was counted until now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HistogramCounts {
    pub(crate) classes: [u64; BOUNDS.len() + 1],
    pub(crate) microseconds: u64,
}

impl Histogram {
    pub(crate) const fn new() -> Self {
        Self { classes: [const { AtomicU64::new(0) }; BOUNDS.len() + 1], microseconds: AtomicU64::new(0) }
    }

    /// Counts what has taken this long.
    pub(crate) fn add(&self, time: Duration) {
        let microseconds = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        let class = BOUNDS.partition_point(|bound| *bound < microseconds);
        self.classes[class].fetch_add(1, Relaxed);
        self.microseconds.fetch_add(microseconds, Relaxed);
    }

    /// Counts what has gone on since then.
    pub(crate) fn add_since(&self, begun: Instant) {
        self.add(begun.elapsed());
    }

    #[must_use]
    pub(crate) fn counts(&self) -> HistogramCounts {
        HistogramCounts {
            classes: std::array::from_fn(|class| self.classes[class].load(Relaxed)),
            microseconds: self.microseconds.load(Relaxed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_belongs_to_the_class_below_it() {
        let histogram = Histogram::new();
        for (microseconds, class) in [(0, 0), (250, 0), (251, 1), (10_000_000, 13), (10_000_001, 14), (u64::MAX, 14)] {
            let before = histogram.counts().classes[class];
            histogram.add(Duration::from_micros(microseconds));
            assert_eq!(histogram.counts().classes[class], before + 1, "{microseconds}");
        }
    }
}
