//! What the fast path has done. Each thread has counters of its own, so that cores do not share cache lines.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU64, Ordering::Relaxed},
};

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    pub requests: u64,
    /// Those of them whose answer was cached already.
    pub hits: u64,
    /// Bytes of all its answers.
    pub bytes: u64,
}

/// The counts of one thread, alone on its cache lines.
#[derive(Debug, Default)]
#[repr(align(128))]
pub struct ThreadCounters {
    requests: AtomicU64,
    hits: AtomicU64,
    bytes: AtomicU64,
}

#[derive(Debug, Default)]
pub struct Counters(Mutex<Vec<Arc<ThreadCounters>>>);

impl ThreadCounters {
    /// Adds to the counts. Only one thread may call this.
    pub(crate) fn add(&self, counts: Counts) {
        for (counter, more) in
            [(&self.requests, counts.requests), (&self.hits, counts.hits), (&self.bytes, counts.bytes)]
        {
            // There is no other writer, so the more expensive `fetch_add` is not needed.
            counter.store(counter.load(Relaxed).wrapping_add(more), Relaxed);
        }
    }
}

impl Counters {
    #[must_use]
    pub(crate) fn for_thread(&self) -> Arc<ThreadCounters> {
        let counters = Arc::<ThreadCounters>::default();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(counters.clone());
        counters
    }

    /// The sum of all threads since the start.
    #[must_use]
    pub fn total(&self) -> Counts {
        let threads = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        threads.iter().fold(Counts::default(), |sum, counters| Counts {
            requests: sum.requests + counters.requests.load(Relaxed),
            hits: sum.hits + counters.hits.load(Relaxed),
            bytes: sum.bytes + counters.bytes.load(Relaxed),
        })
    }
}
