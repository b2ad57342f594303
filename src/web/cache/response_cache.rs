//! The cached responses by their path, bounded by bytes. Requests for a path while its response is being made wait for
//! it, so that a thousand first visitors cause one rendering.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use axum::{
    body::Body,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use bytes::Bytes;
use quick_cache::{
    DefaultHashBuilder, OptionsBuilder, Weighter,
    sync::{Cache, DefaultLifecycle},
};

use super::{
    cached_response::CachedResponse,
    counters::Counters,
    single_flight::{Joined, Leader, SingleFlight},
};
use crate::{
    clock::{Clock, Timestamp},
    next_due::NextDue,
    site_version::SiteVersion,
};

const SHARD: u64 = 16 * 1024 * 1024;

/// How many paths are remembered whose response is not cached.
const UNCACHEABLE_MAX: usize = 512;

#[derive(Clone)]
pub(crate) struct Weight;

impl Weighter<String, Arc<CachedResponse>> for Weight {
    fn weight(&self, key: &String, entry: &Arc<CachedResponse>) -> u64 {
        entry.weight() + key.len() as u64
    }
}

pub struct ResponseCache {
    pub counters: Counters,
    entries: Cache<String, Arc<CachedResponse>, Weight>,
    /// Paths whose response may not be cached, and under which site version that was found: they need not wait.
    uncacheable: Cache<String, i64>,
    making: SingleFlight<Outcome>,
    site_version: SiteVersion,
    next_due: NextDue,
    clock: Clock,
    misses: AtomicU64,
}

/// The outcome of making a response.
#[derive(Clone)]
pub(crate) enum Outcome {
    /// It is cached, or at least answers all who waited.
    Cached(Arc<CachedResponse>),
    /// It failed, for all who waited too.
    Failed(FailedResponse),
    /// It answers this request only.
    Uncacheable,
}

/// A response that says that something failed.
#[derive(Clone)]
pub(crate) struct FailedResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// What there is for a path.
pub(crate) enum Lookup<'a> {
    Hit(Arc<CachedResponse>),
    Miss(Leader<'a, Outcome>),
    Failed(FailedResponse),
    /// Another request found that the response may not be cached: make one for this request.
    Uncacheable,
}

impl FailedResponse {
    #[must_use]
    pub(crate) fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }
}

impl ResponseCache {
    /// Keeps at most `bytes`; what is worth least is evicted first.
    #[must_use]
    pub fn new(bytes: u64, site_version: SiteVersion, next_due: NextDue, clock: Clock) -> Self {
        let items = usize::try_from(bytes / 16_384).unwrap_or(1024).max(64);
        // No response may weigh more than its shard, so they are few and large.
        let shards = usize::try_from(bytes / SHARD).unwrap_or(1).clamp(1, 16);
        let options =
            OptionsBuilder::new().shards(shards).estimated_items_capacity(items).weight_capacity(bytes).build();
        Self {
            counters: Counters::default(),
            entries: options.map_or_else(
                // Building fails only when an option is missing, and none is.
                |_| Cache::with_weighter(items, bytes, Weight),
                |options| {
                    Cache::with_options(options, Weight, DefaultHashBuilder::default(), DefaultLifecycle::default())
                },
            ),
            uncacheable: Cache::new(UNCACHEABLE_MAX),
            making: SingleFlight::default(),
            site_version,
            next_due,
            clock,
            misses: AtomicU64::new(0),
        }
    }

    /// The present site version. Read it before the content of a response.
    #[must_use]
    pub(crate) fn site_version(&self) -> i64 {
        self.site_version.get()
    }

    #[must_use]
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.steady()
    }

    /// A fresh response, if there is one.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<Arc<CachedResponse>> {
        self.entries.get(path).filter(|entry| self.is_fresh(entry))
    }

    /// A fresh response, waiting for the task that makes it; or the duty to make it.
    pub(crate) async fn get_or_make(&self, path: &str) -> Lookup<'_> {
        loop {
            if let Some(entry) = self.get(path) {
                return Lookup::Hit(entry);
            }
            match self.making.join(path).await {
                Joined::Leader(leader) => {
                    // It may have been made since the first look-up.
                    if let Some(entry) = self.get(path) {
                        return Lookup::Hit(entry);
                    }
                    self.misses.fetch_add(1, Ordering::Relaxed);
                    return Lookup::Miss(leader);
                }
                Joined::Done(Outcome::Cached(entry)) if self.is_fresh(&entry) => return Lookup::Hit(entry),
                // Something public changed after the other one was begun.
                Joined::Done(Outcome::Cached(_)) => {}
                Joined::Done(Outcome::Failed(failed)) => return Lookup::Failed(failed),
                Joined::Done(Outcome::Uncacheable) => return Lookup::Uncacheable,
            }
        }
    }

    /// Keeps a response. One that weighs too much is not kept.
    pub(crate) fn insert(&self, path: &str, entry: Arc<CachedResponse>) {
        self.entries.insert(path.to_owned(), entry);
    }

    /// Remembers, until something public changes, that the response for a path may not be cached.
    pub(crate) fn mark_uncacheable(&self, path: &str, site_version: i64) {
        self.uncacheable.insert(path.to_owned(), site_version);
    }

    /// Whether the response for a path is known not to be cached.
    #[must_use]
    pub(crate) fn is_uncacheable(&self, path: &str) -> bool {
        self.uncacheable.get(path).is_some_and(|found| found == self.site_version.get())
    }

    /// Replaces a response by a better one, if it is still cached.
    pub(crate) fn improve(&self, path: &str, old: &Arc<CachedResponse>, better: CachedResponse) {
        let same = self.entries.peek(path).is_some_and(|present| Arc::ptr_eq(&present, old));
        if same {
            // If it was replaced in between, the next look-up finds the newer one.
            let _ = self.entries.replace(path.to_owned(), Arc::new(better), true);
        }
    }

    /// A response that is only too old, for another while, as it cannot be made again.
    pub(crate) fn prolong(&self, path: &str) -> Option<Arc<CachedResponse>> {
        let entry = self.entries.peek(path).filter(|entry| self.is_of_present(entry))?;
        entry.prolong(self.now());
        Some(entry)
    }

    fn is_fresh(&self, entry: &CachedResponse) -> bool {
        entry.site_version.is_none() || self.is_of_present(entry) && entry.is_young(self.now())
    }

    /// Whether nothing public has changed since it was made, nor should have by a schedule.
    fn is_of_present(&self, entry: &CachedResponse) -> bool {
        let is_present = |site_version| site_version == self.site_version.get() && !self.next_due.has_come();
        entry.site_version.is_none_or(is_present)
    }

    /// How many responses had to be made.
    #[must_use]
    pub fn misses(&self) -> u64 {
        self.misses.load(Ordering::Relaxed)
    }

    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.entries.weight()
    }
}
