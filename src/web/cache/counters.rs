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
    begun: AtomicU64,
    ended: AtomicU64,
}

/// A connection, until it is dropped.
pub(crate) struct CountedConnection(Arc<ThreadCounters>);

/// The connections since the start.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ConnectionCounts {
    pub(crate) begun: u64,
    ended: u64,
}

impl ConnectionCounts {
    #[must_use]
    pub(crate) const fn open(self) -> u64 {
        self.begun.saturating_sub(self.ended)
    }
}

#[derive(Debug, Default)]
pub struct Counters(Mutex<Vec<Arc<ThreadCounters>>>);

impl ThreadCounters {
    /// Adds to the counts. Only one thread may call this.
    pub(crate) fn add(&self, counts: Counts) {
        for (counter, more) in
            [(&self.requests, counts.requests), (&self.hits, counts.hits), (&self.bytes, counts.bytes)]
        {
            add(counter, more);
        }
    }

    /// Counts a connection. Only the thread that has it may call this, and drop what it gives.
    #[must_use]
    pub(crate) fn begin_connection(self: &Arc<Self>) -> CountedConnection {
        add(&self.begun, 1);
        CountedConnection(self.clone())
    }
}

impl Drop for CountedConnection {
    fn drop(&mut self) {
        add(&self.0.ended, 1);
    }
}

/// There is no other writer, so the more expensive `fetch_add` is not needed.
fn add(counter: &AtomicU64, more: u64) {
    counter.store(counter.load(Relaxed).wrapping_add(more), Relaxed);
}

impl Counters {
    #[must_use]
    pub(crate) fn for_thread(&self) -> Arc<ThreadCounters> {
        let counters = Arc::<ThreadCounters>::default();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(counters.clone());
        counters
    }

    #[must_use]
    pub(crate) fn connections(&self) -> ConnectionCounts {
        let threads = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        threads.iter().fold(ConnectionCounts { begun: 0, ended: 0 }, |sum, counters| {
            // What has ended first: a connection that does both meanwhile counts as open, never as less than none.
            let ended = sum.ended + counters.ended.load(Relaxed);
            ConnectionCounts { begun: sum.begun + counters.begun.load(Relaxed), ended }
        })
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
