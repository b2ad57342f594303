//! The answer to what is not HTTP, or comes too slowly. hyper would answer by itself, without the headers and the reference
//! that every other answer has.

use axum::http::StatusCode;

use super::{date, prefixed_stream::PrefixedStream};
use crate::web::refusal::Refusal;

/// The status for what hyper could not read, or could not read in time.
pub(super) fn status_of(error: &hyper::Error, io: &PrefixedStream, read: &[u8]) -> Option<StatusCode> {
    if error.is_parse() {
        let other_version = || read.starts_with(b"PRI ").then_some(StatusCode::HTTP_VERSION_NOT_SUPPORTED);
        return io.refused.or_else(other_version);
    }
    (io.timed_out && !read.is_empty()).then_some(StatusCode::REQUEST_TIMEOUT)
}

/// The answer as it goes over the wire; it is the last one of its connection.
pub(super) fn to_bytes(Refusal { status, headers, text }: &Refusal) -> Vec<u8> {
    let (code, reason, length) = (status.as_u16(), status.canonical_reason().unwrap_or_default(), text.len());
    let mut bytes =
        format!("HTTP/1.1 {code} {reason}\r\nconnection: close\r\ncontent-length: {length}\r\n").into_bytes();
    for (name, value) in headers {
        bytes.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    bytes.extend(date::last_field());
    bytes.extend(text.as_bytes());
    bytes
}
