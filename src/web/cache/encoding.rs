//! Content encodings: which one a client prefers, and how to make it, quickly or small.

use std::{borrow::Cow, io::Write};

use axum::http::{HeaderMap, header};
use bytes::Bytes;

/// How a body can be sent; the order is that of our own preference among equals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Brotli,
    Zstd,
    Gzip,
    Identity,
}

impl Encoding {
    /// The token in headers; `None` for identity.
    #[must_use]
    pub(crate) const fn token(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Zstd => Some("zstd"),
            Self::Gzip => Some("gzip"),
            Self::Identity => None,
        }
    }

    /// The encoding for the request's `Accept-Encoding` after RFC 9110 (12.5.3); identity for an empty one. None when
    /// the client accepts nothing that we have.
    #[must_use]
    pub(crate) fn negotiate(accepted: &str) -> Option<Self> {
        // What browsers send, without parsing it.
        if matches!(accepted, "gzip, deflate, br, zstd" | "gzip, deflate, br" | "br") {
            return Some(Self::Brotli);
        }
        let Weights { weights, rest } = Weights::read(accepted);
        let all = [Self::Brotli, Self::Zstd, Self::Gzip, Self::Identity];
        let mut best = (Self::Identity, weights[3].unwrap_or(0));
        for (encoding, weight) in all.into_iter().zip(weights).take(3) {
            let weight = weight.or(rest).unwrap_or(0);
            if weight > 0 && (weight > best.1 || weight == best.1 && best.0 == Self::Identity) {
                best = (encoding, weight);
            }
        }
        // Identity is accepted without being named.
        let refused = best.0 == Self::Identity && weights[3].or(rest) == Some(0);
        (!refused).then_some(best.0)
    }

    /// Whether an `Accept-Encoding` takes a body as it is.
    #[must_use]
    pub(crate) fn takes_identity(accepted: &str) -> bool {
        let Weights { weights, rest } = Weights::read(accepted);
        weights[3].or(rest) != Some(0)
    }

    /// Compresses. `CompressionEffort::Most` takes a hundred times as long as the least: for the background.
    #[must_use]
    pub(crate) fn encode(self, body: &Bytes, effort: CompressionEffort) -> Bytes {
        let encoded = match self {
            Self::Identity => return body.clone(),
            Self::Brotli => brotli(body, effort.of(3, 11)),
            Self::Gzip => gzip(body, effort.of(4, 9)),
            Self::Zstd => zstd::bulk::compress(body, effort.of(3, 19)).ok(),
        };
        // Writing to memory does not fail; should it, the client is served all the same.
        encoded.map_or_else(|| body.clone(), Bytes::from)
    }
}

/// The client's `Accept-Encoding`, in however many fields.
#[must_use]
pub(crate) fn accept_encoding(asked: &HeaderMap) -> Option<Cow<'_, str>> {
    let mut fields = asked.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let first = fields.next()?;
    Some(fields.fold(Cow::Borrowed(first), |all, field| Cow::Owned(format!("{all},{field}"))))
}

/// How much work compression may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CompressionEffort {
    Least,
    Most,
}

impl CompressionEffort {
    const fn of(self, least: i32, most: i32) -> i32 {
        match self {
            Self::Least => least,
            Self::Most => most,
        }
    }
}

/// A body in every encoding that compresses, made when the program was built.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs, reason = "one field for each encoding")]
pub(crate) struct Encoded {
    pub(crate) brotli: &'static [u8],
    pub(crate) zstd: &'static [u8],
    pub(crate) gzip: &'static [u8],
}

/// The client's weights of each encoding, in the order of [`Encoding`], and of all that it does not name.
struct Weights {
    weights: [Option<u16>; 4],
    rest: Option<u16>,
}

impl Weights {
    fn read(accepted: &str) -> Self {
        let mut all = Self { weights: [None; 4], rest: None };
        for item in accepted.split(',') {
            let (token, weight) = weigh(item);
            match token.as_str() {
                "br" => all.weights[0] = Some(weight),
                "zstd" => all.weights[1] = Some(weight),
                "gzip" | "x-gzip" => all.weights[2] = Some(weight),
                "identity" => all.weights[3] = Some(weight),
                "*" => all.rest = Some(weight),
                _ => {}
            }
        }
        all
    }
}

/// Token and weight in thousandths.
fn weigh(item: &str) -> (String, u16) {
    let mut parts = item.split(';');
    let token = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
    let weight = parts.find_map(|part| part.trim().split_once('=').filter(|(name, _)| name.eq_ignore_ascii_case("q")));
    (token, weight.map_or(1000, |(_, text)| thousandths(text)))
}

/// A weight as RFC 9110 (12.4.2) writes it; anything else counts as zero.
fn thousandths(text: &str) -> u16 {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = part.len() <= 3 && part.bytes().all(|byte| byte.is_ascii_digit());
    match (whole, format!("{part:0<3}").parse::<u16>()) {
        ("0", Ok(part)) if digits => part,
        ("1", Ok(0)) if digits => 1000,
        _ => 0,
    }
}

fn brotli(body: &[u8], quality: i32) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(body.len() / 3);
    // A window no larger than the body: the encoder takes memory for all of it.
    let lgwin = (body.len().max(1).ilog2() + 1).clamp(10, 20).cast_signed();
    let params = brotli::enc::BrotliEncoderParams { quality, lgwin, size_hint: body.len(), ..Default::default() };
    brotli::BrotliCompress(&mut &*body, &mut out, &params).ok()?;
    Some(out)
}

fn gzip(body: &[u8], level: i32) -> Option<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(
        Vec::with_capacity(body.len() / 3),
        flate2::Compression::new(level.cast_unsigned()),
    );
    encoder.write_all(body).ok()?;
    encoder.finish().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_read_as_the_standard_says() {
        for (accept, encoding) in [
            ("", Encoding::Identity),
            ("gzip, deflate, br, zstd", Encoding::Brotli),
            ("gzip", Encoding::Gzip),
            ("gzip;q=1.0, br;q=0.5", Encoding::Gzip),
            ("br;q=0, gzip;q=0.1", Encoding::Gzip),
            ("zstd, gzip", Encoding::Zstd),
            ("identity;q=1, br;q=0.5", Encoding::Identity),
            ("br, gzip", Encoding::Brotli),
            ("*", Encoding::Brotli),
            ("*;q=0, identity", Encoding::Identity),
            ("br;Q=0", Encoding::Identity),
            ("br;Q=0.0, gzip;Q=0.001", Encoding::Gzip),
            ("br;level=1;q=0.2,gzip ; q=0.3", Encoding::Gzip),
            ("identity;q=0, gzip", Encoding::Gzip),
            ("identity;q=0, *", Encoding::Brotli),
            ("br;q=2, gzip;q=0.1234, zstd;q=1e0", Encoding::Identity),
            ("br;q=nonsense", Encoding::Identity),
            ("deflate", Encoding::Identity),
            ("GZIP", Encoding::Gzip),
        ] {
            assert_eq!(Encoding::negotiate(accept), Some(encoding), "{accept}");
        }
        for nothing in ["*;q=0", "identity;q=0", "gzip;q=0, *;Q=0", "deflate, identity;q=0.000"] {
            assert_eq!(Encoding::negotiate(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn bodies_come_back_whole() {
        let body = Bytes::from("a page of words, ".repeat(500));
        for effort in [CompressionEffort::Least, CompressionEffort::Most] {
            let mut plain = Vec::new();
            brotli::BrotliDecompress(&mut &*Encoding::Brotli.encode(&body, effort), &mut plain).unwrap();
            assert_eq!(plain, body);
            let zstd = zstd::bulk::decompress(&Encoding::Zstd.encode(&body, effort), 100_000).unwrap();
            assert_eq!(zstd, body);
            let mut plain = Vec::new();
            let gzip = Encoding::Gzip.encode(&body, effort);
            std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&*gzip), &mut plain).unwrap();
            assert_eq!(plain, body);
        }
    }

    #[test]
    fn more_work_makes_smaller_bodies() {
        let words: Vec<String> = (0..2000).map(|n| format!("{} words on page {n}, ", n * n % 97)).collect();
        let body = Bytes::from(words.concat());
        for encoding in [Encoding::Brotli, Encoding::Zstd, Encoding::Gzip] {
            let [least, most] =
                [CompressionEffort::Least, CompressionEffort::Most].map(|effort| encoding.encode(&body, effort).len());
            assert!(most < least, "{encoding:?}: {most}, {least}");
        }
    }
}
