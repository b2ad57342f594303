//! What one connection is doing at the moment. The connection writes it, and [`super::connection_slots`] reads it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::sync::Notify;

use super::timeouts::{WRITE_TIMEOUT, extra_time};
use crate::web::client::Network;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    Idle,
    /// Waiting for the rest of a request, or for the first.
    Reading,
    /// Making an answer, or sending it as fast as it can.
    Answering,
    /// Waiting for the client to send a body or to take an answer.
    Waiting,
}

pub(crate) struct ConnectionState {
    pub(crate) id: u64,
    /// The network it counts for, if it counts.
    pub(crate) network: Option<Network>,
    pub(crate) end: Notify,
    start: Instant,
    /// Milliseconds since the start, and what it has been doing since then.
    doing: AtomicU64,
    /// Whether the answer is whole, though perhaps not yet sent.
    is_complete: AtomicBool,
    evicted: AtomicBool,
    stopping: Arc<AtomicBool>,
}

impl ConnectionState {
    #[must_use]
    pub(crate) fn new(id: u64, network: Option<Network>, start: Instant, stopping: Arc<AtomicBool>) -> Self {
        let state = Self {
            id,
            network,
            end: Notify::new(),
            start,
            doing: AtomicU64::default(),
            is_complete: AtomicBool::default(),
            evicted: AtomicBool::default(),
            stopping,
        };
        state.set_reading();
        state
    }

    /// It waits for another request since `now`.
    pub(crate) fn idle(&self, now: Instant) {
        self.is_complete.store(false, Ordering::Relaxed);
        self.set(Phase::Idle, now);
    }

    /// It waits for the rest of a request.
    pub(crate) fn set_reading(&self) {
        self.set(Phase::Reading, Instant::now());
    }

    pub(crate) fn set_answering(&self) {
        self.is_complete.store(false, Ordering::Relaxed);
        self.set(Phase::Answering, Instant::now());
    }

    /// The answer is whole. The connection is idle once all of it has been sent.
    pub(crate) fn set_complete(&self) {
        self.is_complete.store(true, Ordering::Relaxed);
    }

    /// Whether the answer is whole, and no other request has come since.
    #[must_use]
    pub(crate) fn is_complete(&self) -> bool {
        self.is_complete.load(Ordering::Relaxed)
    }

    /// It waits for the client to take more of an answer. Every byte `taken` moves the start of the wait, so that a
    /// client which is not too slow keeps its slot.
    pub(crate) fn set_sending(&self, taken: usize) {
        let now = Instant::now();
        let since = match self.phase() {
            (Phase::Waiting, since) => since,
            (Phase::Answering, _) => now,
            (Phase::Idle | Phase::Reading, _) => return,
        };
        self.set(Phase::Waiting, (since + extra_time(taken)).min(now + WRITE_TIMEOUT));
    }

    /// It waits for the client in the middle of a request. Calling it again does not move the start of the wait.
    pub(crate) fn set_waiting(&self) {
        if self.phase().0 == Phase::Answering {
            self.set(Phase::Waiting, Instant::now());
        }
    }

    fn set(&self, doing: Phase, now: Instant) {
        let since = now.saturating_duration_since(self.start);
        let millis = since.as_secs() * 1000 + u64::from(since.subsec_millis());
        self.doing.store(millis << 2 | doing as u64, Ordering::Relaxed);
    }

    /// What it is doing, and since when.
    #[must_use]
    pub(crate) fn phase(&self) -> (Phase, Instant) {
        let value = self.doing.load(Ordering::Relaxed);
        let doing = match value & 3 {
            0 => Phase::Idle,
            1 => Phase::Reading,
            2 => Phase::Answering,
            _ => Phase::Waiting,
        };
        (doing, self.start + Duration::from_millis(value >> 2))
    }

    /// Since when, in milliseconds, it could lose its slot: at once when idle, and within a request only if the wait
    /// began before `late`.
    #[must_use]
    pub(crate) fn evictable_since(&self, late: Option<Duration>) -> Option<u64> {
        let (doing, since) = self.phase();
        let waits = match doing {
            Phase::Idle => true,
            Phase::Reading | Phase::Waiting => {
                late.is_some_and(|late| since.saturating_duration_since(self.start) <= late)
            }
            Phase::Answering => false,
        };
        waits.then(|| self.doing.load(Ordering::Relaxed) >> 2)
    }

    /// Another connection gets its slot.
    pub(crate) fn evict(&self) {
        self.evicted.store(true, Ordering::Relaxed);
        self.end.notify_one();
    }

    /// Whether another connection has got its slot.
    #[must_use]
    pub(crate) fn is_evicted(&self) -> bool {
        self.evicted.load(Ordering::Relaxed)
    }

    /// Whether every answer is the last one.
    #[must_use]
    pub(crate) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_at_work_keeps_its_slot_and_one_that_waits_does_not() {
        let state = ConnectionState::new(1, None, Instant::now(), Arc::default());
        let can_lose = |late| state.evictable_since(late).is_some();
        let late = Some(Duration::from_hours(1));
        assert!(can_lose(late) && !can_lose(None), "reading");
        state.set_answering();
        assert!(!can_lose(late) && !can_lose(None), "answering");
        state.set_waiting();
        assert!(can_lose(late) && !can_lose(None), "waiting");
        state.idle(Instant::now());
        assert!(can_lose(late) && can_lose(None), "idle");
    }
}
