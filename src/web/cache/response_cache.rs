//! The kept responses by their path, bounded by bytes. Whoever asks for a path that is being made waits for it,
//! so that a thousand first visitors cause one rendering.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use quick_cache::{
    DefaultHashBuilder, OptionsBuilder, Weighter,
    sync::{Cache, DefaultLifecycle, PlaceholderGuard},
};

use super::cached_response::CachedResponse;
use crate::site_version::SiteVersion;

/// A page says which day its review is due, so it is made anew now and then even if nobody changes it.
const AGE_MAX: Duration = Duration::from_hours(1);

/// Bytes of one shard.
const SHARD: u64 = 16 * 1024 * 1024;

/// How long a failure is believed to go on.
const MOMENT: Duration = Duration::from_secs(1);

/// How many paths are remembered whose response is not kept.
const UNCACHEABLE_MAX: usize = 512;

/// Weighs what is kept.
#[derive(Clone)]
pub struct Bytes;

impl Weighter<String, Arc<CachedResponse>> for Bytes {
    fn weight(&self, key: &String, entry: &Arc<CachedResponse>) -> u64 {
        entry.weight() + key.len() as u64
    }
}

/// See the file's head.
pub struct ResponseCache {
    kept: Cache<String, Arc<CachedResponse>, Bytes>,
    /// Paths whose response may not be kept: they need not wait in line.
    uncacheable: Cache<String, Uncacheable>,
    site_version: SiteVersion,
    hits: AtomicU64,
    misses: AtomicU64,
}

/// Under which site version it was found that a response may not be kept, and until when that is believed.
#[derive(Clone)]
struct Uncacheable {
    site_version: i64,
    until: Option<Instant>,
}

/// The right, and the duty, to make the response for a path.
pub type Guard<'a> = PlaceholderGuard<
    'a,
    String,
    Arc<CachedResponse>,
    Bytes,
    DefaultHashBuilder,
    DefaultLifecycle<String, Arc<CachedResponse>>,
>;

/// What there is for a path.
pub enum Lookup<'a> {
    /// A fresh response.
    Hit(Arc<CachedResponse>),
    /// Nothing: make it, and put it in.
    Miss(Box<Guard<'a>>),
}

impl ResponseCache {
    /// Keeps at most `bytes`; what is worth least goes first.
    #[must_use]
    pub fn new(bytes: u64, site_version: SiteVersion) -> Self {
        let items = usize::try_from(bytes / 16_384).unwrap_or(1024).max(64);
        // No response may weigh more than its shard, so they are few and large.
        let shards = usize::try_from(bytes / SHARD).unwrap_or(1).clamp(1, 16);
        let options =
            OptionsBuilder::new().shards(shards).estimated_items_capacity(items).weight_capacity(bytes).build();
        Self {
            kept: options.map_or_else(
                // Nothing is missing; it could not be built only if something were.
                |_| Cache::with_weighter(items, bytes, Bytes),
                |options| {
                    Cache::with_options(options, Bytes, DefaultHashBuilder::default(), DefaultLifecycle::default())
                },
            ),
            uncacheable: Cache::new(UNCACHEABLE_MAX),
            site_version,
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
        }
    }

    /// The site version under which responses are made now. Take it before reading what goes into one.
    #[must_use]
    pub fn site_version(&self) -> i64 {
        self.site_version.get()
    }

    /// A fresh response, if there is one.
    pub fn get(&self, path: &str) -> Option<Arc<CachedResponse>> {
        let entry = self.kept.get(path).filter(|entry| self.is_fresh(entry))?;
        self.hits.fetch_add(1, Ordering::Relaxed);
        Some(entry)
    }

    /// A fresh response, waiting for whoever makes it; or the right to make it.
    pub async fn get_or_make(&self, path: &str) -> Lookup<'_> {
        loop {
            match self.kept.get_value_or_guard_async(path).await {
                Ok(entry) if self.is_fresh(&entry) => {
                    self.hits.fetch_add(1, Ordering::Relaxed);
                    return Lookup::Hit(entry);
                }
                Ok(_) => {
                    self.kept.remove_if(path, |entry| !self.is_fresh(entry));
                }
                Err(guard) => {
                    self.misses.fetch_add(1, Ordering::Relaxed);
                    return Lookup::Miss(Box::new(guard));
                }
            }
        }
    }

    /// Remembers, until something public changes, that the response for a path may not be kept.
    pub fn mark_uncacheable(&self, path: &str, site_version: i64) {
        self.uncacheable.insert(path.to_owned(), Uncacheable { site_version, until: None });
    }

    /// The same for a moment: the response was a failure that may be over soon.
    pub fn mark_uncacheable_briefly(&self, path: &str, site_version: i64) {
        self.uncacheable.insert(path.to_owned(), Uncacheable { site_version, until: Some(Instant::now() + MOMENT) });
    }

    /// Whether the response for a path is known not to be kept.
    #[must_use]
    pub fn is_uncacheable(&self, path: &str) -> bool {
        let passing = self.uncacheable.get(path);
        passing.is_some_and(|found| {
            found.site_version == self.site_version.get() && found.until.is_none_or(|until| Instant::now() < until)
        })
    }

    /// Puts a better response in the place of one that is still the same.
    pub fn improve(&self, path: &str, old: &Arc<CachedResponse>, better: CachedResponse) {
        let same = self.kept.peek(path).is_some_and(|present| Arc::ptr_eq(&present, old));
        if same {
            // Should it have been replaced in between, the newer one is fresher: then it wins at the next look.
            let _ = self.kept.replace(path.to_owned(), Arc::new(better), true);
        }
    }

    fn is_fresh(&self, entry: &CachedResponse) -> bool {
        entry
            .site_version
            .is_none_or(|site_version| site_version == self.site_version.get() && entry.made.elapsed() < AGE_MAX)
    }

    /// How many answers came from here, and how many had to be made.
    #[must_use]
    pub fn counts(&self) -> (u64, u64) {
        (self.hits.load(Ordering::Relaxed), self.misses.load(Ordering::Relaxed))
    }

    /// Bytes kept now.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.kept.weight()
    }
}
