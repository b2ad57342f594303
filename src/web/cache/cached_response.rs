//! One cached response: how long it is good, which queries it answers, and how often it was used.

use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};

use axum::http::{HeaderMap, HeaderValue, header};

use super::{
    bodies::{EncodedBodies, Prepared},
    encoded_body::{EncodedBody, Wire},
    encoding::Encoded,
    key_params::CacheKeyParams,
};
use crate::{
    clock::{HOUR, Timestamp},
    web::vary,
};

/// How long a page that cannot be made again is served before that is tried again, in milliseconds.
const RETRY: i64 = 5000;

/// About what the headers of four variants take.
const OVERHEAD: usize = 6144;

pub struct CachedResponse {
    /// Under which site version it was made; `None`: it never becomes stale.
    pub(crate) site_version: Option<i64>,
    /// When it is made again, in milliseconds of the steady clock.
    good_until: AtomicI64,
    keys: Option<CacheKeyParams>,
    pub(super) bodies: EncodedBodies,
    /// Whether the bodies are compressed as small as can be.
    is_recompressed: bool,
    weight: u64,
    uses: AtomicU32,
}

impl CachedResponse {
    /// Keeps a complete 200 answer with these headers and this body. A page says which day its review is due, so it is made
    /// again after an hour even if nobody changes it.
    #[must_use]
    pub(crate) fn new(site_version: Option<i64>, now: Timestamp, mut common: HeaderMap, body: &[u8]) -> Self {
        common.remove(header::CONTENT_LENGTH);
        common.remove(header::ETAG);
        vary::add(&mut common, &header::ACCEPT_ENCODING);
        common.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        Self {
            site_version,
            good_until: AtomicI64::new(now.plus(HOUR).0),
            keys: None,
            bodies: EncodedBodies::new(common, body),
            is_recompressed: false,
            // The three encodings take about a third of the body each.
            weight: (2 * body.len() + OVERHEAD) as u64,
            uses: AtomicU32::new(0),
        }
    }

    /// The same for every query without these names in it.
    #[must_use]
    pub(crate) const fn with_key_params(mut self, keys: CacheKeyParams) -> Self {
        self.keys = Some(keys);
        self
    }

    /// Whether a query shows the same as none.
    #[must_use]
    pub(crate) fn ignores(&self, query: Option<&str>) -> bool {
        query.is_none_or(|query| self.keys.is_some_and(|keys| keys.ignore(query)))
    }

    /// The same with bodies that were compressed beforehand.
    #[must_use]
    pub(crate) fn with_encoded(self, encoded: &Encoded) -> Self {
        Self { bodies: self.bodies.with_encoded(encoded), is_recompressed: true, ..self }
    }

    /// The same with every body compressed as small as can be. Slow: for the background.
    #[must_use]
    pub(crate) fn recompress(&self) -> Self {
        Self {
            site_version: self.site_version,
            good_until: AtomicI64::new(self.good_until.load(Ordering::Relaxed)),
            keys: self.keys,
            bodies: self.bodies.recompress(),
            is_recompressed: true,
            weight: self.weight,
            uses: AtomicU32::new(0),
        }
    }

    /// Whether it need not be made again because of its age.
    #[must_use]
    pub(super) fn is_young(&self, now: Timestamp) -> bool {
        now.0 < self.good_until.load(Ordering::Relaxed)
    }

    /// It could not be made again, so it is served for a while longer.
    pub(super) fn prolong(&self, now: Timestamp) {
        self.good_until.store(now.plus(RETRY).0, Ordering::Relaxed);
    }

    /// Counts a use; `true` once, when it has been used often enough to be worth recompressing.
    pub(crate) fn wants_recompression(&self) -> bool {
        !self.is_recompressed && self.bodies.compressible && self.uses.fetch_add(1, Ordering::Relaxed) == 2
    }

    /// Lets a later use ask for it again.
    pub(crate) fn retry_recompression(&self) {
        self.uses.store(0, Ordering::Relaxed);
    }

    /// The body in the preferred encoding, if it is there.
    #[must_use]
    pub(crate) fn ready(&self, accepted: Option<&str>) -> Prepared<&EncodedBody> {
        self.bodies.ready(accepted)
    }

    /// Makes the body in the preferred encoding; slow when it is large.
    pub fn prepare(&self, accepted: Option<&str>) {
        self.bodies.prepare(accepted);
    }

    /// Bytes of the body as it is.
    #[must_use]
    pub(crate) const fn size(&self) -> usize {
        self.bodies.identity.body.len()
    }

    /// What it costs to keep, in bytes. Fixed at the start, with room for the encodings that come later.
    #[must_use]
    pub(crate) const fn weight(&self) -> u64 {
        self.weight
    }

    /// Answers a GET, or a HEAD, that asks for nothing but an encoding and names the tags it has: as bytes for the wire.
    #[must_use]
    pub fn wire(&self, encodings: Option<&str>, tags: Option<&str>, is_head: bool) -> Prepared<Wire> {
        match self.ready(encodings) {
            Prepared::Yes(variant) if tags.is_some_and(|tags| variant.matches_any(tags)) => {
                Prepared::Yes(variant.not_modified())
            }
            Prepared::Yes(variant) => Prepared::Yes(variant.ok(is_head)),
            Prepared::ToBeMade => Prepared::ToBeMade,
            Prepared::Never => Prepared::Never,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::compressible::COMPRESSIBLE, *};

    #[test]
    fn the_third_use_asks_for_recompression_once() {
        let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static("text/html"))]);
        let entry = CachedResponse::new(None, Timestamp(0), headers.clone(), &[b'a'; COMPRESSIBLE]);
        let uses = |entry: &CachedResponse| (0..5).map(|_| entry.wants_recompression()).collect::<Vec<_>>();
        assert_eq!(uses(&entry), [false, false, true, false, false]);
        assert_eq!(uses(&entry.recompress()), [false; 5]);
        assert_eq!(uses(&CachedResponse::new(None, Timestamp(0), headers, b"short")), [false; 5]);
    }

    #[test]
    fn a_query_shows_something_else_unless_it_is_known_not_to() {
        let entry = || CachedResponse::new(None, Timestamp(0), HeaderMap::new(), b"");
        assert!(!entry().ignores(Some("q=x")) && entry().ignores(None));
        let keyed = entry().with_key_params(CacheKeyParams(&["q"]));
        assert!(!keyed.ignores(Some("q=x")) && keyed.ignores(Some("r=x")));
    }
}
