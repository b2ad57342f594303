//! How often something may be done within an hour, for many keys at once, in bounded memory. Knows no clock: the
//! caller gives the steady time.

use std::{
    hash::{BuildHasher, Hash, RandomState},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
};

use quick_cache::unsync::Cache;

use crate::{
    clock::{HOUR, Timestamp},
    error::{Error, Result},
};

/// Keys that are remembered; beyond that, those seen once are evicted before those seen again. About 4 MiB.
const KEYS: usize = 1 << 16;

/// An allowance for each key may be spent at once; then it refills evenly, a whole one in an hour.
pub struct Throttle {
    /// When the whole allowance of a key is back.
    full_at: Mutex<Cache<u64, Timestamp>>,
    /// Hashes keys in a way that nobody outside can predict.
    hasher: RandomState,
    /// How many processes count, each for itself.
    nodes: AtomicU32,
}

/// What is counted, and how often it may happen.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Allowance {
    key: u64,
    /// How long it takes until one more is allowed.
    interval: i64,
    /// The same for all that may happen at once.
    whole: i64,
}

/// What was counted, to be given back if it does not count after all.
#[derive(Debug)]
#[must_use]
pub(crate) struct SpentAllowances(Vec<Allowance>);

impl Default for Throttle {
    fn default() -> Self {
        Self { full_at: Mutex::new(Cache::new(KEYS)), hasher: RandomState::new(), nodes: AtomicU32::new(1) }
    }
}

impl Throttle {
    /// From now on so many processes count, each for itself, so that each allows a part of what all may.
    pub(crate) fn share_among(&self, nodes: u32) {
        self.nodes.store(nodes.max(1), Ordering::Relaxed);
    }

    /// `times` within an hour for what `key` names, on all nodes together; 0 counts as 1. When that is less than one for
    /// each node, each still allows one, and then none for longer than an hour.
    pub(crate) fn allowance(&self, key: impl Hash, times: u32) -> Allowance {
        let (times, nodes) = (times.max(1), self.nodes.load(Ordering::Relaxed));
        let interval = (HOUR * i64::from(nodes) / i64::from(times)).max(1);
        Allowance { key: self.hasher.hash_one(key), interval, whole: interval * i64::from((times / nodes).max(1)) }
    }

    /// Counts once for all of these, or for none of them if one is spent.
    /// `TooMany` with the seconds until all of them have something left.
    pub(crate) fn take(&self, allowances: Vec<Allowance>, now: Timestamp) -> Result<SpentAllowances> {
        let mut full_at = self.full_at();
        let after = |full_at: &Cache<u64, Timestamp>, allowance: &Allowance| {
            full_at.get(&allowance.key).copied().unwrap_or(now).max(now).plus(allowance.interval)
        };
        let left = |allowance: &Allowance| after(&full_at, allowance).0 - now.0 - allowance.whole;
        let wait = allowances.iter().map(left).max().unwrap_or(0);
        if wait > 0 {
            return Err(Error::TooMany(u64::try_from(wait).unwrap_or(0).div_ceil(1000)));
        }
        for allowance in &allowances {
            let time = after(&full_at, allowance);
            full_at.insert(allowance.key, time);
        }
        Ok(SpentAllowances(allowances))
    }

    pub(crate) fn give_back(&self, SpentAllowances(allowances): SpentAllowances) {
        let mut full_at = self.full_at();
        for allowance in allowances {
            if let Some(mut time) = full_at.get_mut(&allowance.key) {
                *time = time.minus(allowance.interval);
            }
        }
    }

    /// Forgets keys whose whole allowance is back; call it now and then.
    pub(crate) fn tidy(&self, now: Timestamp) {
        self.full_at().retain(|_, full_at| *full_at > now);
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        self.full_at().len()
    }

    fn full_at(&self) -> MutexGuard<'_, Cache<u64, Timestamp>> {
        self.full_at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_000_000);

    fn takes(throttle: &Throttle, keys: &[(&str, u32)], now: Timestamp) -> Result<SpentAllowances> {
        throttle.take(keys.iter().map(|(key, times)| throttle.allowance(key, *times)).collect(), now)
    }

    #[test]
    fn an_allowance_is_spent_at_once_and_refills_evenly() {
        let throttle = Throttle::default();
        for _ in 0..6 {
            let _ = takes(&throttle, &[("a", 6)], NOW).unwrap();
        }
        assert!(matches!(takes(&throttle, &[("a", 6)], NOW), Err(Error::TooMany(600))));
        let _ = takes(&throttle, &[("b", 6)], NOW).unwrap();
        assert!(takes(&throttle, &[("a", 6)], NOW.plus(599_999)).is_err());
        let _ = takes(&throttle, &[("a", 6)], NOW.plus(600_000)).unwrap();
        assert!(takes(&throttle, &[("a", 6)], NOW.plus(600_000)).is_err());
    }

    #[test]
    fn nodes_share_an_allowance() {
        let throttle = Throttle::default();
        throttle.share_among(3);
        for _ in 0..2 {
            let _ = takes(&throttle, &[("a", 6)], NOW).unwrap();
        }
        assert!(matches!(takes(&throttle, &[("a", 6)], NOW), Err(Error::TooMany(1800))));
    }

    #[test]
    fn more_nodes_than_allowed_tries_allow_no_more_in_the_long_run() {
        const NODES: u32 = 4;
        for times in [1, 3, 6] {
            let throttle = Throttle::default();
            throttle.share_among(NODES);
            let hours: i64 = 24;
            let taken =
                (0..hours * 60).filter(|minute| takes(&throttle, &[("a", times)], NOW.plus(minute * 60_000)).is_ok());
            let on_all = u32::try_from(taken.count()).unwrap() * NODES;
            let allowed = times * 24;
            assert!((allowed..=allowed + 2 * NODES.max(times)).contains(&on_all), "{times}: {on_all}");
        }
    }

    #[test]
    fn all_count_or_none() {
        let throttle = Throttle::default();
        let _ = takes(&throttle, &[("narrow", 1), ("wide", 2)], NOW).unwrap();
        assert!(takes(&throttle, &[("narrow", 1), ("wide", 2)], NOW).is_err());
        let _ = takes(&throttle, &[("wide", 2)], NOW).unwrap();
        assert!(takes(&throttle, &[("wide", 2)], NOW).is_err());
    }

    #[test]
    fn what_is_given_back_did_not_count() {
        let throttle = Throttle::default();
        for _ in 0..30 {
            let taken = takes(&throttle, &[("a", 3)], NOW).unwrap();
            throttle.give_back(taken);
        }
        throttle.tidy(NOW);
        assert!(throttle.len() == 0);
    }

    #[test]
    fn memory_is_bounded_and_what_comes_again_is_kept() {
        let throttle = Throttle::default();
        for _ in 0..5 {
            let _ = takes(&throttle, &[("guesser", 5)], NOW).unwrap();
        }
        for n in 0..3 * u32::try_from(KEYS).unwrap() {
            let _ = throttle.take(vec![throttle.allowance(n, 5)], NOW).unwrap();
        }
        assert!(throttle.len() <= KEYS);
        assert!(takes(&throttle, &[("guesser", 5)], NOW).is_err());
    }
}
