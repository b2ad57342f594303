//! How many connections there may be, in all and of each network, and which of them ends when slots run short. A connection
//! takes the lock of this file when it opens and when it closes, and never in between.

use std::{
    net::IpAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

use super::{connection_state::ConnectionState, limits::Limits, open_connections::OpenConnections, timeouts::Timeouts};
use crate::web::client::{Client, Network};

/// The share of connections that end together when slots run short, one in so many, so that not every new connection
/// has to search.
const PART: usize = 64;

pub struct ConnectionSlots {
    limits: Limits,
    start: Instant,
    stopping: Arc<AtomicBool>,
    open: Mutex<OpenConnections>,
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

    /// A slot for a connection from `peer`, for which another one may have to end: of the network that has most, or the one
    /// that is idle longest. None: all are busy.
    #[must_use]
    pub fn take(self: &Arc<Self>, peer: IpAddr) -> Option<ConnectionSlot> {
        let peer = peer.to_canonical();
        let network = (!self.limits.exempt.iter().any(|net| net.contains(&peer))).then(|| Client::at(peer).network());
        let mut open = self.open();
        let own = network.map_or(0, |network| open.count_of(network));
        if network.is_some() && own >= self.limits.each && !self.make_room(&mut open, network, self.limits.each) {
            return None;
        }
        let full = open.count() >= self.limits.all
            && !self.take_from_largest(&mut open, own)
            && !self.make_room(&mut open, None, self.limits.all);
        // A health check sends its request at once; who only waits must not keep it out.
        if full && open.count_reserved() >= self.limits.reserved && !open.evict_reserved(self.start.elapsed()) {
            return None;
        }
        let state = Arc::new(ConnectionState::new(open.next_id(), network, self.start, self.stopping.clone()));
        if full {
            open.insert_reserved(state.clone());
        } else {
            open.insert(state.clone());
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
        self.open().end_all();
    }

    /// Makes room for a newcomer whose network has `own` connections, if another network has more: some of those that have
    /// waited longest end, however short that is. Whether there were any.
    fn take_from_largest(&self, open: &mut OpenConnections, own: usize) -> bool {
        match open.largest_network() {
            // It keeps at least as many as the newcomer's.
            Some((largest, most)) if most > own + 1 => {
                let count = (self.limits.all / PART).min((most - own) / 2);
                open.evict(Some(largest), Some(self.start.elapsed()), count)
            }
            _ => false,
        }
    }

    /// Ends those that have waited longest, of one network or of all; whether there were any.
    fn make_room(&self, open: &mut OpenConnections, of: Option<Network>, limit: usize) -> bool {
        // None as long as nobody can have waited so long.
        let late = self.start.elapsed().checked_sub(self.limits.patience);
        open.evict(of, late, limit / PART)
    }

    fn open(&self) -> MutexGuard<'_, OpenConnections> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for ConnectionSlot {
    fn drop(&mut self) {
        self.slots.open().remove(self.state.id);
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
        told.state.set_answering();
        assert!(slots.take(at(4)).is_none());
        drop(told);
        assert!(slots.take(at(4)).unwrap().reserved);
        drop(busy);
        assert!(!slots.take(at(5)).unwrap().reserved);
    }

    #[test]
    fn who_only_waits_in_a_reserved_slot_leaves_it() {
        let mut slots = slots(1, 9, &[]);
        Arc::get_mut(&mut slots).unwrap().limits.reserved = 3;
        let busy = slots.take(at(1)).unwrap();
        busy.state.set_answering();
        let silent: Vec<_> = [2, 3, 3].map(|last| slots.take(at(last)).unwrap()).into();
        let new = slots.take(at(4)).unwrap();
        assert!(new.reserved);
        let evicted: Vec<_> = silent.iter().map(|slot| slot.state.is_evicted()).collect();
        assert_eq!(evicted, [false, true, false], "the longer one of the network that has two");
    }

    #[test]
    fn a_newcomer_gets_a_slot_from_the_network_that_has_most() {
        let slots = slots(7, 6, &["198.51.100.0/24"]);
        let of_many: Vec<_> = (0..5).map(|_| slots.take(at(1)).unwrap()).collect();
        let of_few = [slots.take(at(2)).unwrap(), slots.take("198.51.100.7".parse().unwrap()).unwrap()];
        of_few[0].state.idle(slots.start);
        of_few[1].state.idle(slots.start);
        of_many[0].state.set_answering();
        let new = [at(3), at(3), at(2)].map(|address| slots.take(address).unwrap());
        assert!(new.iter().all(|slot| !slot.reserved));
        let gone = |slots: &[ConnectionSlot]| slots.iter().filter(|slot| slot.state.is_evicted()).count();
        assert_eq!((gone(&of_many), gone(&of_few)), (3, 0));
        assert!(!of_many[0].state.is_evicted());
        assert!(!slots.take(at(1)).unwrap().reserved && gone(&of_few) > 0, "equal shares: the longest idle goes");
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
        assert!(open.is_empty());
    }
}
