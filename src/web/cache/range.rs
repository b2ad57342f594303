//! One byte range of a body, after RFC 9110 (14). Several ranges at once are answered with the whole body, as is allowed.

use std::ops::Range;

use axum::http::{HeaderMap, HeaderValue, Method, header};

use crate::error::{Error, Result};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RequestedRange {
    /// Everything: there is no range, or one that is not understood.
    Whole,
    Part(Range<usize>),
    /// Bytes that are not there. 416.
    Unsatisfiable,
}

/// The part that a request asks for of something with this tag and length, if it is one of this very content.
#[must_use]
pub(crate) fn requested(method: &Method, asked: &HeaderMap, tag: &HeaderValue, length: usize) -> RequestedRange {
    let is_of_this = asked.get(header::IF_RANGE).is_none_or(|named| named == tag);
    let range = asked.get(header::RANGE).filter(|_| is_of_this && method == Method::GET);
    range.and_then(|range| range.to_str().ok()).map_or(RequestedRange::Whole, |range| parse(range, length))
}

/// The `Content-Range` of a part of so many bytes.
/// Never fails in practice: all its characters are allowed in a header.
pub(crate) fn describe(part: &Range<usize>, length: usize) -> Result<HeaderValue> {
    let told = format!("bytes {}-{}/{length}", part.start, part.end.saturating_sub(1));
    HeaderValue::from_str(&told).map_err(|error| Error::internal("a range", error))
}

/// Reads a `Range` header for a body of `length` bytes.
#[must_use]
pub(crate) fn parse(header: &str, length: usize) -> RequestedRange {
    let Some((first, last)) =
        header.strip_prefix("bytes=").filter(|spec| !spec.contains(',')).and_then(|s| s.split_once('-'))
    else {
        return RequestedRange::Whole;
    };
    let (first, last) = (first.trim(), last.trim());
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if !digits(first) || !digits(last) {
        return RequestedRange::Whole;
    }
    let range = match (first.parse::<usize>(), last.parse::<usize>()) {
        (Ok(first), Ok(last)) if first <= last => first..last.saturating_add(1).min(length),
        (Ok(first), Err(_)) if last.is_empty() => first..length,
        (Err(_), Ok(last)) if first.is_empty() => length.saturating_sub(last)..length,
        _ => return RequestedRange::Whole,
    };
    if range.start >= length || range.is_empty() { RequestedRange::Unsatisfiable } else { RequestedRange::Part(range) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_the_standard_says() {
        for (header, expected) in [
            ("bytes=0-4", RequestedRange::Part(0..5)),
            ("bytes=5-", RequestedRange::Part(5..10)),
            ("bytes=-3", RequestedRange::Part(7..10)),
            ("bytes=-30", RequestedRange::Part(0..10)),
            ("bytes=9-99", RequestedRange::Part(9..10)),
            ("bytes=10-", RequestedRange::Unsatisfiable),
            ("bytes=-0", RequestedRange::Unsatisfiable),
            ("bytes=4-2", RequestedRange::Whole),
            ("bytes=0-1,3-4", RequestedRange::Whole),
            ("bytes=-", RequestedRange::Whole),
            ("items=0-1", RequestedRange::Whole),
            ("bytes=+1-2", RequestedRange::Whole),
        ] {
            assert_eq!(parse(header, 10), expected, "{header}");
        }
    }
}
