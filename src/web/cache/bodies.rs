//! The body of a cached response in every encoding, each made when it is first asked for.

use std::sync::OnceLock;

use axum::http::HeaderMap;
use bytes::Bytes;

use super::{
    compressible::{COMPRESSIBLE, is_text},
    encoded_body::EncodedBody,
    encoding::{CompressionEffort, Encoded, Encoding},
};

/// A body in the encoding that a client prefers.
pub enum Prepared<T> {
    Yes(T),
    /// It has not been asked for yet.
    ToBeMade,
    /// The client accepts no encoding that we have.
    Never,
}

/// Never changes once it is shared, except for encodings that are made on first use.
pub(super) struct EncodedBodies {
    /// The headers that all of them share.
    pub(super) common: HeaderMap,
    pub(super) compressible: bool,
    pub(super) identity: EncodedBody,
    brotli: OnceLock<EncodedBody>,
    zstd: OnceLock<EncodedBody>,
    gzip: OnceLock<EncodedBody>,
}

impl EncodedBodies {
    pub(super) fn new(common: HeaderMap, body: &[u8]) -> Self {
        Self {
            compressible: body.len() >= COMPRESSIBLE && is_text(&common),
            // A copy takes no more memory than it has bytes, unlike the buffer of a template.
            identity: EncodedBody::new(&common, Encoding::Identity, Bytes::copy_from_slice(body)),
            brotli: OnceLock::new(),
            zstd: OnceLock::new(),
            gzip: OnceLock::new(),
            common,
        }
    }

    /// The same with bodies that were compressed beforehand.
    pub(super) fn with_encoded(self, encoded: &Encoded) -> Self {
        let variant =
            |encoding, body| OnceLock::from(EncodedBody::new(&self.common, encoding, Bytes::from_static(body)));
        Self {
            brotli: variant(Encoding::Brotli, encoded.brotli),
            zstd: variant(Encoding::Zstd, encoded.zstd),
            gzip: variant(Encoding::Gzip, encoded.gzip),
            ..self
        }
    }

    /// The same with every body compressed as small as can be.
    pub(super) fn recompress(&self) -> Self {
        let filled = |encoding| OnceLock::from(self.make(encoding, CompressionEffort::Most));
        Self {
            common: self.common.clone(),
            compressible: self.compressible,
            identity: self.identity.clone(),
            brotli: filled(Encoding::Brotli),
            zstd: filled(Encoding::Zstd),
            gzip: filled(Encoding::Gzip),
        }
    }

    /// The body in the preferred encoding, if it is there.
    pub(super) fn ready(&self, accepted: Option<&str>) -> Prepared<&EncodedBody> {
        match self.encoding(accepted) {
            None => Prepared::Never,
            Some(Encoding::Identity) => Prepared::Yes(&self.identity),
            Some(encoding) => self.slot(encoding).get().map_or(Prepared::ToBeMade, Prepared::Yes),
        }
    }

    /// The body in the preferred encoding; slow when it is large and not there yet.
    pub(super) fn prepare(&self, accepted: Option<&str>) -> Option<&EncodedBody> {
        let encoding = self.encoding(accepted)?;
        if encoding == Encoding::Identity {
            return Some(&self.identity);
        }
        Some(self.slot(encoding).get_or_init(|| self.make(encoding, CompressionEffort::Least)))
    }

    /// The encoding to answer in. What gains nothing from compression is sent as it is, unless that is refused.
    fn encoding(&self, accepted: Option<&str>) -> Option<Encoding> {
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

    fn make(&self, encoding: Encoding, effort: CompressionEffort) -> EncodedBody {
        EncodedBody::new(&self.common, encoding, encoding.encode(&self.identity.body, effort))
    }
}
