//! A cached body in one encoding, with a strong tag of its own, and its answers as bytes ready for the wire.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use bytes::{BufMut, Bytes, BytesMut};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::encoding::Encoding;
use crate::web::conditions;

/// The headers that matter to a client that has the body already (RFC 9110, 15.4.5); the date comes with the sending.
const NOT_MODIFIED_HEADERS: [HeaderName; 2] = [header::CACHE_CONTROL, header::VARY];

/// An answer as it goes over the wire, without the date, which is the last field of the head.
pub struct Wire {
    /// Status line and all fields but the last.
    pub head: Bytes,
    pub body: Bytes,
}

impl Wire {
    /// How many bytes it takes, without the date.
    #[must_use]
    pub(crate) const fn len(&self) -> u64 {
        (self.head.len() + self.body.len()) as u64
    }

    /// The same with another version and one more field.
    #[must_use]
    pub(crate) fn with_head(self, version: &str, field: &str) -> Self {
        let head = [version.as_bytes(), &self.head[version.len()..], field.as_bytes()].concat();
        Self { head: head.into(), ..self }
    }
}

#[derive(Clone)]
pub(crate) struct EncodedBody {
    pub(crate) body: Bytes,
    pub(crate) tag: HeaderValue,
    encoding: Encoding,
    ok_head: Bytes,
    not_modified_head: Bytes,
}

impl EncodedBody {
    /// `common` are the headers that all encodings share.
    #[must_use]
    pub(crate) fn new(common: &HeaderMap, encoding: Encoding, body: Bytes) -> Self {
        // A tag of the bytes that are sent, so that it differs whenever they do.
        let tag = format!("\"{}\"", HEXLOWER.encode(&Sha256::digest(&body)[..12]));
        let tag = HeaderValue::from_str(&tag).unwrap_or(HeaderValue::from_static("\"\""));
        let mut variant = Self { body, tag, encoding, ok_head: Bytes::new(), not_modified_head: Bytes::new() };
        let mut headers = variant.headers(common);
        headers.insert(header::CONTENT_LENGTH, variant.body.len().into());
        variant.ok_head = write_head("HTTP/1.1 200 OK", &headers);
        variant.not_modified_head = write_head("HTTP/1.1 304 Not Modified", &variant.not_modified_headers(common));
        variant
    }

    /// The headers of an answer with this body.
    #[must_use]
    pub(crate) fn headers(&self, common: &HeaderMap) -> HeaderMap {
        let mut headers = common.clone();
        headers.insert(header::ETAG, self.tag.clone());
        if let Some(token) = self.encoding.token() {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(token));
        }
        headers
    }

    #[must_use]
    pub(crate) fn not_modified_headers(&self, common: &HeaderMap) -> HeaderMap {
        let common_headers =
            NOT_MODIFIED_HEADERS.into_iter().filter_map(|name| common.get(&name).map(|value| (name, value.clone())));
        common_headers.chain([(header::ETAG, self.tag.clone())]).collect()
    }

    /// Whether the client has these bytes, by its `If-None-Match`.
    #[must_use]
    pub(crate) fn matches_any(&self, tags: &str) -> bool {
        // Nearly always it is this tag alone.
        tags.as_bytes() == self.tag.as_bytes() || conditions::lists(tags, &self.tag)
    }

    /// 200 with the body, or without it, to a HEAD.
    #[must_use]
    pub(crate) fn ok(&self, is_head: bool) -> Wire {
        Wire { head: self.ok_head.clone(), body: if is_head { Bytes::new() } else { self.body.clone() } }
    }

    #[must_use]
    pub(crate) fn not_modified(&self) -> Wire {
        Wire { head: self.not_modified_head.clone(), body: Bytes::new() }
    }
}

fn write_head(status: &str, headers: &HeaderMap) -> Bytes {
    let mut text = BytesMut::with_capacity(1024);
    text.put_slice(status.as_bytes());
    text.put_slice(b"\r\n");
    for (name, value) in headers {
        text.put_slice(name.as_str().as_bytes());
        text.put_slice(b": ");
        text.put_slice(value.as_bytes());
        text.put_slice(b"\r\n");
    }
    Bytes::copy_from_slice(&text)
}
