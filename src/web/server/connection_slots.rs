//! How many connections there may be, in all and of each network, and which of them ends when slots run short. A connection
//! takes the lock of this file when it opens and when it closes, and never in between.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

use super::{connection_state::ConnectionState, limits::Limits, timeouts::Timeouts};
use crate::web::client::{Client, Network};

/// The share of connections that end together when slots run short, one in so many, so that not every new connection
/// has to search.
const PART: usize = 64;

pub struct ConnectionSlots {
    limits: Limits,
    start: Instant,
    stopping: Arc<AtomicBool>,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    connections: HashMap<u64, Arc<ConnectionState>>,
    per_network: HashMap<Network, usize>,
    reserved: usize,
    next_id: u64,
}

/// A slot that a connection has until it is dropped.
pub struct ConnectionSlot {
    slots: Arc<ConnectionSlots>,
    pub(crate) state: Arc<ConnectionState>,
    /// Whether it is one of those for health checks.
    pub(crate) reserved: bool,
}

impl ConnectionSlots {
    #[must_use]
    pub fn new(limits: Limits) -> Arc<Self> {
        Arc::new(Self { limits, start: Instant::now(), stopping: Arc::default(), open: Mutex::default() })
    }

    /// A slot for a connection from `peer`, for which the longest idle one may have to end. None: all are busy.
    #[must_use]
    pub fn take(self: &Arc<Self>, peer: IpAddr) -> Option<ConnectionSlot> {
        let peer = peer.to_canonical();
        let network = (!self.limits.exempt.iter().any(|net| net.contains(&peer))).then(|| Client::at(peer).network());
        let mut open = self.open();
        if let Some(net) = network
            && open.per_network.get(&net).is_some_and(|own| *own >= self.limits.each)
            && !self.make_room(&mut open, Some(net), self.limits.each)
        {
            return None;
        }
        let full = open.connections.len() >= self.limits.all && !self.make_room(&mut open, None, self.limits.all);
        if full && open.reserved >= self.limits.reserved {
            return None;
        }
        open.next_id += 1;
        let state = Arc::new(ConnectionState::new(open.next_id, network, self.start, self.stopping.clone()));
        if full {
            open.reserved += 1;
        } else {
            open.connections.insert(state.id, state.clone());
            if let Some(net) = network {
                *open.per_network.entry(net).or_default() += 1;
            }
        }
        drop(open);
        Some(ConnectionSlot { slots: self.clone(), state, reserved: full })
    }

    /// How long clients may take.
    #[must_use]
    pub(crate) fn timeouts(&self) -> Timeouts {
        self.limits.timeouts
    }

    /// Makes room when the machine has none left for another connection.
    pub(crate) fn make_room_for_one(&self) {
        self.make_room(&mut self.open(), None, self.limits.all);
    }

    /// From now on every answer is the last one of its connection.
    pub(crate) fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    /// Tells all connections that wait for another request to end.
    pub(crate) fn end_all(&self) {
        for state in self.open().connections.values() {
            state.end.notify_one();
        }
    }

    /// Ends those that have waited longest, of one network or of all; whether there were any.
    fn make_room(&self, open: &mut Open, of: Option<Network>, limit: usize) -> bool {
        // None as long as nobody can have waited so long.
        let late = self.start.elapsed().checked_sub(self.limits.patience);
        let connections = open.connections.values().filter(|state| of.is_none() || state.network == of);
        let mut waiting: Vec<_> =
            connections.filter_map(|state| state.evictable_since(late).map(|since| (since, state.id))).collect();
        let count = (limit / PART).clamp(1, waiting.len().max(1));
        if waiting.len() > count {
            waiting.select_nth_unstable(count - 1);
            waiting.truncate(count);
        }
        for (_, id) in &waiting {
            if let Some(state) = open.remove(*id) {
                state.evict();
            }
        }
        !waiting.is_empty()
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    fn remove(&mut self, id: u64) -> Option<Arc<ConnectionState>> {
        let state = self.connections.remove(&id)?;
        if let Some(net) = state.network {
            let left = self.per_network.get(&net).map_or(0, |own| own - 1);
            if left == 0 {
                self.per_network.remove(&net);
            } else {
                self.per_network.insert(net, left);
            }
        }
        Some(state)
    }
}

impl Drop for ConnectionSlot {
    fn drop(&mut self) {
        let mut open = self.slots.open();
        if self.reserved {
            open.reserved -= 1;
        } else {
            // One that was evicted has been removed already.
            open.remove(self.state.id);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn slots(all: usize, each: usize, exempt: &[&str]) -> Arc<ConnectionSlots> {
        let exempt = exempt.iter().map(|net| net.parse().unwrap()).collect();
        let timeouts = Timeouts::default();
        ConnectionSlots::new(Limits { all, each, reserved: 1, patience: Duration::from_secs(1), exempt, timeouts })
    }

    fn at(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    #[test]
    fn the_longest_idle_goes_first() {
        let slots = slots(3, 3, &[]);
        let taken: Vec<_> = (1..=3).map(|last| slots.take(at(last)).unwrap()).collect();
        taken[0].state.set_answering();
        taken[2].state.idle(slots.start + Duration::from_millis(5));
        taken[1].state.idle(slots.start + Duration::from_millis(9));
        let new = slots.take(at(4)).unwrap();
        assert!(!new.reserved && taken[2].state.is_evicted());
        assert!(!taken[0].state.is_evicted() && !taken[1].state.is_evicted());
    }

    #[test]
    fn when_nobody_can_go_a_few_are_told_to_come_back() {
        let slots = slots(2, 2, &[]);
        let busy: Vec<_> = (1..=2).map(|last| slots.take(at(last)).unwrap()).collect();
        for slot in &busy {
            slot.state.set_answering();
        }
        let told = slots.take(at(3)).unwrap();
        assert!(told.reserved);
        assert!(slots.take(at(4)).is_none());
        drop(told);
        assert!(slots.take(at(4)).unwrap().reserved);
        drop(busy);
        assert!(!slots.take(at(5)).unwrap().reserved);
    }

    #[test]
    fn who_came_at_the_very_start_has_time_too() {
        let mut slots = slots(1, 1, &[]);
        Arc::get_mut(&mut slots).unwrap().start = Instant::now() + Duration::from_hours(1);
        let first = slots.take(at(1)).unwrap();
        assert!(slots.take(at(2)).unwrap().reserved);
        assert!(!first.state.is_evicted());
    }

    #[test]
    fn one_network_takes_its_share_only_and_pays_with_its_own() {
        let slots = slots(10, 2, &["198.51.100.0/24"]);
        let other = slots.take(at(9)).unwrap();
        other.state.idle(slots.start);
        let own: Vec<_> = (0..2).map(|_| slots.take("2001:db8::1".parse().unwrap()).unwrap()).collect();
        own[0].state.set_answering();
        own[1].state.idle(slots.start + Duration::from_millis(5));
        let third = slots.take("2001:db8::ffff".parse().unwrap()).unwrap();
        assert!(own[1].state.is_evicted() && !other.state.is_evicted());
        third.state.set_answering();
        assert!(slots.take("2001:db8::2".parse().unwrap()).is_none(), "both of its slots are in use");
        let proxied: Vec<_> = (0..5).map(|_| slots.take("198.51.100.7".parse().unwrap()).unwrap()).collect();
        assert!(proxied.iter().all(|slot| !slot.reserved));
    }

    #[test]
    fn addresses_of_one_v6_network_count_together_and_others_apart() {
        let slots = slots(10, 1, &[]);
        let take = |address: &str| slots.take(address.parse().unwrap());
        let first = take("2001:db8:0:1::1").unwrap();
        first.state.set_answering();
        for same in ["2001:db8:0:1::2", "2001:db8:0:1:8000::", "2001:db8:0:1:ffff:ffff:ffff:ffff"] {
            assert!(take(same).is_none(), "{same}");
        }
        let others = ["2001:db8:0:2::1", "2001:db8:0:0:ffff::1", "192.0.2.1"].map(|other| take(other).unwrap());
        others[2].state.set_answering();
        assert!(take("::ffff:192.0.2.1").is_none(), "that is the same IPv4 address");
    }

    #[test]
    fn every_slot_comes_back() {
        let slots = slots(2, 1, &[]);
        for _ in 0..10 {
            let slot = slots.take(at(1)).unwrap();
            slot.state.idle(slots.start);
            let _next = slots.take(at(1)).unwrap();
            assert!(slot.state.is_evicted());
        }
        let open = slots.open();
        assert!(open.connections.is_empty() && open.per_network.is_empty() && open.reserved == 0);
    }
}
