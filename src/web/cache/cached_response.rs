//! One cached response: its body in every encoding.

use std::{
    borrow::Cow,
    sync::{
        OnceLock,
        atomic::{AtomicI64, AtomicU32, Ordering},
    },
};

use axum::http::{HeaderMap, HeaderValue, header};
use bytes::Bytes;
use url::form_urlencoded;

use super::{
    encoded_body::{EncodedBody, Wire},
    encoding::{CompressionEffort, Encoded, Encoding},
};
use crate::{
    clock::{HOUR, Timestamp},
    web::vary,
};

/// How long a page that cannot be made again is served before that is tried again, in milliseconds.
const RETRY: i64 = 5000;

/// Bodies shorter than this gain nothing from compression.
pub(crate) const COMPRESSIBLE: usize = 512;
/// About what the headers of four variants take.
const OVERHEAD: usize = 6144;

/// The names in a query that change the response at this address; any other query shows the same. Handlers add it to
/// their response as an extension; without it, every query may change it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CacheKeyParams(pub(crate) &'static [&'static str]);

/// A body in the encoding that a client prefers.
pub enum Prepared<T> {
    Yes(T),
    /// It has not been asked for yet.
    ToBeMade,
    /// The client accepts no encoding that we have.
    Never,
}

/// Never changes once it is shared, except for encodings that are made on first use.
pub struct CachedResponse {
    /// Under which site version it was made; `None`: it never becomes stale.
    pub(crate) site_version: Option<i64>,
    /// When it is made again, in milliseconds of the steady clock.
    good_until: AtomicI64,
    keys: Option<CacheKeyParams>,
    pub(super) common: HeaderMap,
    compressible: bool,
    pub(super) identity: EncodedBody,
    brotli: OnceLock<EncodedBody>,
    zstd: OnceLock<EncodedBody>,
    gzip: OnceLock<EncodedBody>,
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
            // The three encodings take about a third of the body each.
            weight: (2 * body.len() + OVERHEAD) as u64,
            good_until: AtomicI64::new(now.plus(HOUR).0),
            compressible: body.len() >= COMPRESSIBLE && is_text(&common),
            // A copy takes no more memory than it has bytes, unlike the buffer of a template.
            identity: EncodedBody::new(&common, Encoding::Identity, Bytes::copy_from_slice(body)),
            brotli: OnceLock::new(),
            zstd: OnceLock::new(),
            gzip: OnceLock::new(),
            keys: None,
            common,
            is_recompressed: false,
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
        let Some(query) = query else { return true };
        let Some(CacheKeyParams(keys)) = self.keys else { return false };
        keys.is_empty() || form_urlencoded::parse(query.as_bytes()).all(|(name, _)| !keys.contains(&&*name))
    }

    /// The same with bodies that were compressed beforehand.
    #[must_use]
    pub(crate) fn with_encoded(mut self, encoded: &Encoded) -> Self {
        let variant =
            |encoding, body| OnceLock::from(EncodedBody::new(&self.common, encoding, Bytes::from_static(body)));
        self.brotli = variant(Encoding::Brotli, encoded.brotli);
        self.zstd = variant(Encoding::Zstd, encoded.zstd);
        self.gzip = variant(Encoding::Gzip, encoded.gzip);
        self.is_recompressed = true;
        self
    }

    /// The same with every body compressed as small as can be. Slow: for the background.
    #[must_use]
    pub(crate) fn recompress(&self) -> Self {
        let filled = |encoding| OnceLock::from(self.make(encoding, CompressionEffort::Most));
        Self {
            weight: self.weight,
            site_version: self.site_version,
            good_until: AtomicI64::new(self.good_until.load(Ordering::Relaxed)),
            keys: self.keys,
            common: self.common.clone(),
            compressible: self.compressible,
            identity: self.identity.clone(),
            brotli: filled(Encoding::Brotli),
            zstd: filled(Encoding::Zstd),
            gzip: filled(Encoding::Gzip),
            is_recompressed: true,
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
        !self.is_recompressed && self.compressible && self.uses.fetch_add(1, Ordering::Relaxed) == 2
    }

    /// Lets a later use ask for it again.
    pub(crate) fn retry_recompression(&self) {
        self.uses.store(0, Ordering::Relaxed);
    }

    /// The body in the preferred encoding, if it is there.
    #[must_use]
    pub(crate) fn ready(&self, accepted: Option<&str>) -> Prepared<&EncodedBody> {
        match self.encoding(accepted) {
            None => Prepared::Never,
            Some(Encoding::Identity) => Prepared::Yes(&self.identity),
            Some(encoding) => self.slot(encoding).get().map_or(Prepared::ToBeMade, Prepared::Yes),
        }
    }

    /// Makes the body in the preferred encoding; slow when it is large.
    pub fn prepare(&self, accepted: Option<&str>) {
        if let Some(encoding) = self.encoding(accepted) {
            self.variant(encoding);
        }
    }

    /// Bytes of the body as it is.
    #[must_use]
    pub(crate) const fn size(&self) -> usize {
        self.identity.body.len()
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

    /// The encoding to answer in. What gains nothing from compression is sent as it is, unless that is refused.
    pub(super) fn encoding(&self, accepted: Option<&str>) -> Option<Encoding> {
        let Some(accepted) = accepted else { return Some(Encoding::Identity) };
        let wanted = Encoding::negotiate(accepted)?;
        if self.compressible || !Encoding::takes_identity(accepted) { Some(wanted) } else { Some(Encoding::Identity) }
    }

    const fn slot(&self, encoding: Encoding) -> &OnceLock<EncodedBody> {
        match encoding {
            Encoding::Brotli => &self.brotli,
            Encoding::Zstd => &self.zstd,
            Encoding::Gzip | Encoding::Identity => &self.gzip,
        }
    }

    pub(super) fn variant(&self, encoding: Encoding) -> &EncodedBody {
        if encoding == Encoding::Identity {
            return &self.identity;
        }
        self.slot(encoding).get_or_init(|| self.make(encoding, CompressionEffort::Least))
    }

    fn make(&self, encoding: Encoding, effort: CompressionEffort) -> EncodedBody {
        EncodedBody::new(&self.common, encoding, encoding.encode(&self.identity.body, effort))
    }
}

/// The client's `Accept-Encoding`, in however many fields.
#[must_use]
pub(crate) fn accept_encoding(asked: &HeaderMap) -> Option<Cow<'_, str>> {
    let mut fields = asked.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let first = fields.next()?;
    Some(fields.fold(Cow::Borrowed(first), |all, field| Cow::Owned(format!("{all},{field}"))))
}

/// Whether this content type gains from compression.
#[must_use]
pub(crate) fn is_text(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.starts_with("text/") || kind.contains("xml") || kind.contains("json") || kind.contains("javascript")
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn only_a_query_with_a_name_that_counts_shows_something_else() {
        let entry = || CachedResponse::new(None, Timestamp(0), HeaderMap::new(), b"");
        let keyed = entry().with_key_params(CacheKeyParams(&["q", "page"]));
        for (query, is_ignored) in
            [("utm_source=x&r=2", true), ("utm_source=x&page=2", false), ("%71=", false), ("", true)]
        {
            assert_eq!(keyed.ignores(Some(query)), is_ignored, "{query}");
        }
        assert!(entry().with_key_params(CacheKeyParams(&[])).ignores(Some("q=x")));
        assert!(!entry().ignores(Some("q=x")) && entry().ignores(None));
    }

    #[test]
    fn every_kind_of_text_gains_from_compression() {
        for (kind, gains) in [
            ("text/html; charset=utf-8", true),
            ("application/xml", true),
            ("image/svg+xml", true),
            ("application/json", true),
            ("application/javascript", true),
            ("image/png", false),
        ] {
            let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static(kind))]);
            assert_eq!(is_text(&headers), gains, "{kind}");
        }
        assert!(!is_text(&HeaderMap::new()));
    }
}
