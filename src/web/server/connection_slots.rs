//! Who is connected: how many in all and of each network, what each connection is doing, and who goes first when places
//! run short. A connection costs the lock of this file when it opens and when it closes, and never in between.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use ipnet::IpNet;

use super::connection_state::ConnectionState;
use crate::web::client::{Client, Network};

/// One part in so many goes at once when places run short, so that not every newcomer has to look for one.
const PART: usize = 64;

/// How many connections there may be.
#[derive(Debug, Clone)]
pub struct Limits {
    /// In all.
    pub all: usize,
    /// Of one network: an IPv4 address, or a /64.
    pub each: usize,
    /// More, for a moment, when all places are taken: they answer whether we are well, and tell everybody else to come back.
    pub reserved: usize,
    /// How long a connection may keep us waiting within a request before it can lose its place to another.
    pub patience: Duration,
    /// Networks that may take every place: proxies, who bring everybody.
    pub exempt: Vec<IpNet>,
}

impl Limits {
    /// The usual limits; `proxies` and this machine are exempt from the one for a network.
    #[must_use]
    pub fn usual(proxies: &[IpNet]) -> Self {
        let own = ["127.0.0.0/8", "::1/128"].into_iter().filter_map(|net| net.parse().ok());
        let exempt = proxies.iter().copied().chain(own).collect();
        Self { all: 4096, each: 1024, reserved: 64, patience: Duration::from_secs(1), exempt }
    }
}

/// See the file's head.
pub struct ConnectionSlots {
    limits: Limits,
    start: Instant,
    stopping: Arc<AtomicBool>,
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    seats: HashMap<u64, Arc<ConnectionState>>,
    of: HashMap<Network, usize>,
    reserved: usize,
    next: u64,
}

/// A place for a connection until it is dropped.
pub struct ConnectionSlot {
    places: Arc<ConnectionSlots>,
    /// What the connection tells of itself.
    pub state: Arc<ConnectionState>,
    /// One of those that are kept for telling whether we are well.
    pub reserved: bool,
}

impl ConnectionSlots {
    /// All free.
    #[must_use]
    pub fn new(limits: Limits) -> Arc<Self> {
        Arc::new(Self { limits, start: Instant::now(), stopping: Arc::default(), taken: Mutex::default() })
    }

    /// A place for a connection from `peer`, for which the longest idle one may have to go. None: nobody can.
    #[must_use]
    pub fn take(self: &Arc<Self>, peer: IpAddr) -> Option<ConnectionSlot> {
        let peer = peer.to_canonical();
        let counted = (!self.limits.exempt.iter().any(|net| net.contains(&peer))).then(|| Client::at(peer).network());
        let mut taken = self.taken();
        if let Some(net) = counted
            && taken.of.get(&net).is_some_and(|own| *own >= self.limits.each)
            && !self.make_room(&mut taken, Some(net), self.limits.each)
        {
            return None;
        }
        let full = taken.seats.len() >= self.limits.all && !self.make_room(&mut taken, None, self.limits.all);
        if full && taken.reserved >= self.limits.reserved {
            return None;
        }
        taken.next += 1;
        let state = Arc::new(ConnectionState::new(taken.next, counted, self.start, self.stopping.clone()));
        if full {
            taken.reserved += 1;
        } else {
            taken.seats.insert(state.id, state.clone());
            if let Some(net) = counted {
                *taken.of.entry(net).or_default() += 1;
            }
        }
        drop(taken);
        Some(ConnectionSlot { places: self.clone(), state, reserved: full })
    }

    /// Makes room when the machine has none left for another connection.
    pub fn shed(&self) {
        self.make_room(&mut self.taken(), None, self.limits.all);
    }

    /// From now on every answer is the last one of its connection.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    /// Tells all connections that wait for another request to end.
    pub fn end_all(&self) {
        for state in self.taken().seats.values() {
            state.end.notify_one();
        }
    }

    /// Ends those that have waited longest, of one network or of all; whether there were any.
    fn make_room(&self, taken: &mut Taken, of: Option<Network>, limit: usize) -> bool {
        let late = self.start.elapsed().saturating_sub(self.limits.patience);
        let seats = taken.seats.values().filter(|state| of.is_none() || state.network == of);
        let mut waiting: Vec<_> =
            seats.filter_map(|state| state.could_go(late).map(|since| (since, state.id))).collect();
        let count = (limit / PART).clamp(1, waiting.len().max(1));
        if waiting.len() > count {
            waiting.select_nth_unstable(count - 1);
            waiting.truncate(count);
        }
        for (_, id) in &waiting {
            if let Some(state) = taken.remove(*id) {
                state.send_away();
            }
        }
        !waiting.is_empty()
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    fn remove(&mut self, id: u64) -> Option<Arc<ConnectionState>> {
        let state = self.seats.remove(&id)?;
        if let Some(net) = state.network {
            let left = self.of.get(&net).map_or(0, |own| own - 1);
            if left == 0 {
                self.of.remove(&net);
            } else {
                self.of.insert(net, left);
            }
        }
        Some(state)
    }
}

impl Drop for ConnectionSlot {
    fn drop(&mut self) {
        let mut taken = self.places.taken();
        if self.reserved {
            taken.reserved -= 1;
        } else {
            // One that was sent away has been counted off already.
            taken.remove(self.state.id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(all: usize, each: usize, exempt: &[&str]) -> Arc<ConnectionSlots> {
        let exempt = exempt.iter().map(|net| net.parse().unwrap()).collect();
        ConnectionSlots::new(Limits { all, each, reserved: 1, patience: Duration::from_secs(1), exempt })
    }

    fn at(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    #[test]
    fn the_longest_idle_goes_first() {
        let places = places(3, 3, &[]);
        let taken: Vec<_> = (1..=3).map(|last| places.take(at(last)).unwrap()).collect();
        taken[0].state.answering();
        taken[2].state.idle(places.start + Duration::from_millis(5));
        taken[1].state.idle(places.start + Duration::from_millis(9));
        let new = places.take(at(4)).unwrap();
        assert!(!new.reserved && taken[2].state.is_sent_away());
        assert!(!taken[0].state.is_sent_away() && !taken[1].state.is_sent_away());
    }

    #[test]
    fn when_nobody_can_go_a_few_are_told_to_come_back() {
        let places = places(2, 2, &[]);
        let busy: Vec<_> = (1..=2).map(|last| places.take(at(last)).unwrap()).collect();
        for place in &busy {
            place.state.answering();
        }
        let told = places.take(at(3)).unwrap();
        assert!(told.reserved);
        assert!(places.take(at(4)).is_none());
        drop(told);
        assert!(places.take(at(4)).unwrap().reserved);
        drop(busy);
        assert!(!places.take(at(5)).unwrap().reserved);
    }

    #[test]
    fn one_network_takes_its_share_only_and_pays_with_its_own() {
        let places = places(10, 2, &["198.51.100.0/24"]);
        let other = places.take(at(9)).unwrap();
        other.state.idle(places.start);
        let own: Vec<_> = (0..2).map(|_| places.take("2001:db8::1".parse().unwrap()).unwrap()).collect();
        own[0].state.answering();
        own[1].state.idle(places.start + Duration::from_millis(5));
        let third = places.take("2001:db8::ffff".parse().unwrap()).unwrap();
        assert!(own[1].state.is_sent_away() && !other.state.is_sent_away());
        third.state.answering();
        assert!(places.take("2001:db8::2".parse().unwrap()).is_none(), "both of its places are in use");
        let proxied: Vec<_> = (0..5).map(|_| places.take("198.51.100.7".parse().unwrap()).unwrap()).collect();
        assert!(proxied.iter().all(|place| !place.reserved));
    }

    #[test]
    fn every_place_comes_back() {
        let places = places(2, 1, &[]);
        for _ in 0..10 {
            let place = places.take(at(1)).unwrap();
            place.state.idle(places.start);
            let _next = places.take(at(1)).unwrap();
            assert!(place.state.is_sent_away());
        }
        let taken = places.taken();
        assert!(taken.seats.is_empty() && taken.of.is_empty() && taken.reserved == 0);
    }
}
