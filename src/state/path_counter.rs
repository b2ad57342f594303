//! How often visitors were sent on by redirects, and which paths they did not find, since the last look. Bounded; kept in
//! memory until the background work writes it down. Holds no query and nothing of the visitor.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::clock::Timestamp;

/// Different redirects, and different paths, that are kept between two looks.
const KEPT: usize = 1000;
/// Longest path, in bytes.
const LONGEST: usize = 300;

/// How often, and when last.
type Count = (i64, Timestamp);

#[derive(Default)]
pub(crate) struct PathCounter {
    redirects: Mutex<HashMap<i64, Count>>,
    missing: Mutex<HashMap<String, Count>>,
}

impl PathCounter {
    /// Notes that a visitor was sent on by a redirect.
    pub(crate) fn note_redirect(&self, id: i64, now: Timestamp) {
        add(&mut lock(&self.redirects), id, (1, now));
    }

    /// Notes that there is nothing at a path. One that may have an e-mail address in it is not kept.
    pub(crate) fn note_missing(&self, path: String, now: Timestamp) {
        if path.len() <= LONGEST && !path.contains('@') {
            add(&mut lock(&self.missing), path, (1, now));
        }
    }

    /// Takes out the redirects: ids, how often, and when last.
    #[must_use]
    pub(crate) fn take_redirects(&self) -> Vec<(i64, i64, Timestamp)> {
        take(&self.redirects)
    }

    /// Takes out the paths at which there is nothing: how often, and when last.
    #[must_use]
    pub(crate) fn take_missing(&self) -> Vec<(String, i64, Timestamp)> {
        take(&self.missing)
    }

    /// Puts back what was taken out and could not be written down.
    pub(crate) fn put_back_redirects(&self, counts: Vec<(i64, i64, Timestamp)>) {
        put_back(&self.redirects, counts);
    }

    /// The same for paths.
    pub(crate) fn put_back_missing(&self, counts: Vec<(String, i64, Timestamp)>) {
        put_back(&self.missing, counts);
    }
}

fn lock<K>(counts: &Mutex<HashMap<K, Count>>) -> MutexGuard<'_, HashMap<K, Count>> {
    counts.lock().unwrap_or_else(PoisonError::into_inner)
}

fn add<K: Eq + Hash>(counts: &mut HashMap<K, Count>, key: K, (hits, at): Count) {
    if counts.len() >= KEPT && !counts.contains_key(&key) {
        return;
    }
    let count = counts.entry(key).or_insert((0, at));
    *count = (count.0 + hits, count.1.max(at));
}

fn take<K>(counts: &Mutex<HashMap<K, Count>>) -> Vec<(K, i64, Timestamp)> {
    std::mem::take(&mut *lock(counts)).into_iter().map(|(key, (hits, last_at))| (key, hits, last_at)).collect()
}

fn put_back<K: Eq + Hash>(counts: &Mutex<HashMap<K, Count>>, taken: Vec<(K, i64, Timestamp)>) {
    let mut counts = lock(counts);
    for (key, hits, last_at) in taken {
        add(&mut counts, key, (hits, last_at));
    }
}
