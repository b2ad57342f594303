//! One kept response: its body in every encoding, each with a strong tag of its own, and how to answer from it.

use std::{
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    time::Instant,
};

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, header};
use bytes::Bytes;
use data_encoding::HEXLOWER;
use http_body_util::Full;
use sha2::{Digest, Sha256};

use super::{
    encoding::Encoding,
    range::{self, Wanted},
};

/// Bodies shorter than this gain nothing from compression.
const COMPRESSIBLE: usize = 512;
/// What the headers of four variants take, about.
const OVERHEAD: usize = 4096;

/// Never changes once it is seen, but for encodings that are made on first use.
pub struct Entry {
    /// Under which stamp it was made; `None`: it never grows old.
    pub stamp: Option<i64>,
    /// When it was made.
    pub made: Instant,
    identity: Variant,
    brotli: OnceLock<Variant>,
    zstd: OnceLock<Variant>,
    gzip: OnceLock<Variant>,
    /// Whether the bodies are compressed as well as can be.
    well: bool,
    weight: u64,
    uses: AtomicU32,
}

struct Variant {
    body: Bytes,
    headers: HeaderMap,
}

impl Entry {
    /// Keeps a complete 200 answer with these headers and this body.
    #[must_use]
    pub fn new(stamp: Option<i64>, mut headers: HeaderMap, body: Bytes) -> Self {
        headers.remove(header::CONTENT_LENGTH);
        headers.remove(header::ETAG);
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        Self {
            stamp,
            // The three encodings take about a third of the body each.
            weight: (2 * body.len() + OVERHEAD) as u64,
            made: Instant::now(),
            identity: Variant::new(&headers, Encoding::Identity, body),
            brotli: OnceLock::new(),
            zstd: OnceLock::new(),
            gzip: OnceLock::new(),
            well: false,
            uses: AtomicU32::new(0),
        }
    }

    /// The same with every body compressed as well as can be. Slow: for the background.
    #[must_use]
    pub fn polished(&self) -> Self {
        let filled = |encoding| OnceLock::from(self.make(encoding, true));
        Self {
            weight: self.weight,
            stamp: self.stamp,
            made: self.made,
            identity: Variant { body: self.identity.body.clone(), headers: self.identity.headers.clone() },
            brotli: filled(Encoding::Brotli),
            zstd: filled(Encoding::Zstd),
            gzip: filled(Encoding::Gzip),
            well: true,
            uses: AtomicU32::new(0),
        }
    }

    /// Counts a use; `true` once, when it has been used often enough to be worth polishing.
    pub fn wants_polish(&self) -> bool {
        !self.well && self.uses.fetch_add(1, Ordering::Relaxed) == 2
    }

    /// What it costs to keep, in bytes. Fixed at the start, with room for the encodings that come later.
    #[must_use]
    pub const fn weight(&self) -> u64 {
        self.weight
    }

    /// Answers a GET or HEAD with these headers.
    #[must_use]
    pub fn answer(&self, method: &Method, asked: &HeaderMap) -> Response<Full<Bytes>> {
        if let Some(range) = asked.get(header::RANGE).filter(|_| method == Method::GET) {
            return self.answer_range(asked, range);
        }
        let encoding = if self.identity.body.len() < COMPRESSIBLE || !self.is_text() {
            Encoding::Identity
        } else {
            Encoding::wanted(asked)
        };
        let variant = self.variant(encoding);
        if variant.matches(asked) {
            return respond(StatusCode::NOT_MODIFIED, variant.headers.clone(), Bytes::new());
        }
        if method == Method::HEAD {
            let mut headers = variant.headers.clone();
            headers.insert(header::CONTENT_LENGTH, variant.body.len().into());
            return respond(StatusCode::OK, headers, Bytes::new());
        }
        respond(StatusCode::OK, variant.headers.clone(), variant.body.clone())
    }

    /// Ranges are of the body as it is, and only if the client still has that very one.
    fn answer_range(&self, asked: &HeaderMap, range: &HeaderValue) -> Response<Full<Bytes>> {
        let whole = &self.identity;
        if whole.matches(asked) {
            return respond(StatusCode::NOT_MODIFIED, whole.headers.clone(), Bytes::new());
        }
        let mut headers = whole.headers.clone();
        let still = asked.get(header::IF_RANGE).is_none_or(|tag| Some(tag) == whole.headers.get(header::ETAG));
        let wanted =
            if still { range::wanted(range.to_str().unwrap_or_default(), whole.body.len()) } else { Wanted::Whole };
        let length = whole.body.len();
        match wanted {
            Wanted::Whole => respond(StatusCode::OK, headers, whole.body.clone()),
            Wanted::Part(range) => {
                let told = format!("bytes {}-{}/{length}", range.start, range.end - 1);
                put(&mut headers, header::CONTENT_RANGE, &told);
                respond(StatusCode::PARTIAL_CONTENT, headers, whole.body.slice(range))
            }
            Wanted::Unsatisfiable => {
                put(&mut headers, header::CONTENT_RANGE, &format!("bytes */{length}"));
                respond(StatusCode::RANGE_NOT_SATISFIABLE, headers, Bytes::new())
            }
        }
    }

    fn is_text(&self) -> bool {
        let kind =
            self.identity.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        kind.starts_with("text/") || kind.contains("xml") || kind.contains("json") || kind.contains("javascript")
    }

    const fn slot(&self, encoding: Encoding) -> &OnceLock<Variant> {
        match encoding {
            Encoding::Brotli => &self.brotli,
            Encoding::Zstd => &self.zstd,
            Encoding::Gzip | Encoding::Identity => &self.gzip,
        }
    }

    fn variant(&self, encoding: Encoding) -> &Variant {
        if encoding == Encoding::Identity {
            return &self.identity;
        }
        self.slot(encoding).get_or_init(|| self.make(encoding, false))
    }

    fn make(&self, encoding: Encoding, well: bool) -> Variant {
        Variant::new(&self.identity.headers, encoding, encoding.encode(&self.identity.body, well))
    }
}

impl Variant {
    fn new(common: &HeaderMap, encoding: Encoding, body: Bytes) -> Self {
        let mut headers = common.clone();
        // A tag of the very bytes that are sent, so that it differs whenever they do.
        let tag = format!("\"{}\"", HEXLOWER.encode(&Sha256::digest(&body)[..12]));
        put(&mut headers, header::ETAG, &tag);
        if let Some(token) = encoding.token() {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(token));
        }
        Self { body, headers }
    }

    /// Whether the client has these bytes: `If-None-Match` compares weakly, as RFC 9110 (13.1.2) says.
    fn matches(&self, asked: &HeaderMap) -> bool {
        let Some(own) = self.headers.get(header::ETAG).and_then(|tag| tag.to_str().ok()) else { return false };
        asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok()).any(|value| {
            value.split(',').map(str::trim).any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == own)
        })
    }
}

/// In the place of what was there; the values are our own and always fit.
fn put(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

fn respond(status: StatusCode, headers: HeaderMap, body: Bytes) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}
