//! The connections that have a slot, and which of them end first when others need one.

use std::{cmp::Reverse, collections::HashMap, sync::Arc, time::Duration};

use super::connection_state::ConnectionState;
use crate::web::client::Network;

#[derive(Default)]
pub(super) struct OpenConnections {
    all: HashMap<u64, Arc<ConnectionState>>,
    per_network: HashMap<Network, usize>,
    /// Those beyond all slots, which get little more than health checks.
    reserved: HashMap<u64, Arc<ConnectionState>>,
    next_id: u64,
}

impl OpenConnections {
    #[must_use]
    pub(super) fn count(&self) -> usize {
        self.all.len()
    }

    #[must_use]
    pub(super) fn count_of(&self, network: Network) -> usize {
        self.per_network.get(&network).copied().unwrap_or_default()
    }

    #[must_use]
    pub(super) fn count_reserved(&self) -> usize {
        self.reserved.len()
    }

    pub(super) const fn next_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    pub(super) fn insert(&mut self, state: Arc<ConnectionState>) {
        if let Some(network) = state.network {
            *self.per_network.entry(network).or_default() += 1;
        }
        self.all.insert(state.id, state);
    }

    pub(super) fn insert_reserved(&mut self, state: Arc<ConnectionState>) {
        self.reserved.insert(state.id, state);
    }

    /// One that has ended. If it was evicted, it has been removed before.
    pub(super) fn remove(&mut self, id: u64) -> Option<Arc<ConnectionState>> {
        if let Some(state) = self.reserved.remove(&id) {
            return Some(state);
        }
        let state = self.all.remove(&id)?;
        if let Some(network) = state.network {
            let left = self.count_of(network) - 1;
            if left == 0 {
                self.per_network.remove(&network);
            } else {
                self.per_network.insert(network, left);
            }
        }
        Some(state)
    }

    /// Tells all connections that wait for another request to end.
    pub(super) fn end_all(&self) {
        for state in self.all.values() {
            state.end.notify_one();
        }
    }

    /// The network with most connections, and how many those are.
    #[must_use]
    pub(super) fn largest_network(&self) -> Option<(Network, usize)> {
        self.per_network.iter().map(|(network, count)| (*network, *count)).max_by_key(|(_, count)| *count)
    }

    /// Ends those that have waited longest, of one network or of all: up to `count`, but at least one; whether there were
    /// any. Within a request only those that began to wait before `late` end.
    pub(super) fn evict(&mut self, of: Option<Network>, late: Option<Duration>, count: usize) -> bool {
        let connections = self.all.values().filter(|state| of.is_none() || state.network == of);
        let mut waiting: Vec<_> =
            connections.filter_map(|state| state.evictable_since(late).map(|since| (since, state.id))).collect();
        let count = count.max(1);
        if waiting.len() > count {
            waiting.select_nth_unstable(count - 1);
            waiting.truncate(count);
        }
        for (_, id) in &waiting {
            self.evict_one(*id);
        }
        !waiting.is_empty()
    }

    /// Ends the one with a reserved slot that has waited longest, of the network that has most of them; whether there was
    /// one. `now` is the time since the start.
    pub(super) fn evict_reserved(&mut self, now: Duration) -> bool {
        let mut counts: HashMap<_, usize> = HashMap::new();
        for state in self.reserved.values() {
            *counts.entry(state.network).or_default() += 1;
        }
        let waiting = self.reserved.values().filter_map(|state| {
            let since = state.evictable_since(Some(now))?;
            Some((counts.get(&state.network), Reverse((since, state.id))))
        });
        let Some((_, Reverse((_, id)))) = waiting.max() else { return false };
        self.evict_one(id);
        true
    }

    fn evict_one(&mut self, id: u64) {
        if let Some(state) = self.remove(id) {
            state.evict();
        }
    }

    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty() && self.per_network.is_empty() && self.reserved.is_empty()
    }
}
