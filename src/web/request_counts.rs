//! How many requests the router has answered, by what they were for and how they ended, and how long that took. What is answered
//! from memory is counted in [`crate::web::cache::counters`].

use std::{
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::Duration,
};

use axum::http::StatusCode;

use super::path::is_at_or_below;
use crate::histogram::Histogram;

/// What requests are for, and the paths at and below which they are.
pub(crate) type RequestClass = (&'static str, &'static [&'static str]);

/// From 1xx to 5xx.
const STATUSES: usize = 5;

#[derive(Debug)]
pub(crate) struct RequestCounts {
    /// The first that fits counts.
    classes: &'static [RequestClass],
    /// What everything else is for.
    rest: &'static str,
    counts: Vec<[AtomicU64; STATUSES]>,
    pub(crate) time: Histogram,
}

impl RequestCounts {
    #[must_use]
    pub(crate) fn new(classes: &'static [RequestClass], rest: &'static str) -> Self {
        let counts = (0..=classes.len()).map(|_| Default::default()).collect();
        Self { classes, rest, counts, time: Histogram::new() }
    }

    /// Which class a path belongs to, for [`Self::add`].
    pub(super) fn class_of(&self, path: &str) -> usize {
        let is_for = |(_, bases): &RequestClass| bases.iter().any(|base| is_at_or_below(path, base));
        self.classes.iter().position(is_for).unwrap_or(self.classes.len())
    }

    pub(super) fn add(&self, class: usize, status: StatusCode, time: Duration) {
        let status = usize::from(status.as_u16() / 100).clamp(1, STATUSES) - 1;
        self.counts[class][status].fetch_add(1, Relaxed);
        self.time.add(time);
    }

    /// What they were for, the class of the status from 1 to 5, and how many.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'static str, usize, u64)> {
        let names = self.classes.iter().map(|(name, _)| *name).chain([self.rest]);
        names.zip(&self.counts).flat_map(|(name, counts)| {
            counts.iter().enumerate().map(move |(status, count)| (name, status + 1, count.load(Relaxed)))
        })
    }
}
