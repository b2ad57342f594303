//! Reads the head of a request that the fast path can answer: a plain GET or HEAD without anything unusual. Everything
//! else is left to hyper.

use httparse::{EMPTY_HEADER, Request, Status};

use super::persistence::Persistence;
use crate::web::proxies::FORWARDED_FOR;

/// More header fields than this are unusual.
const FIELDS: usize = 48;

/// A usual request. Borrows from the bytes that were read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct RequestHead<'b> {
    /// HEAD, not GET.
    pub(crate) is_head: bool,
    pub(crate) path: &'b str,
    pub(crate) query: Option<&'b str>,
    pub(crate) host: &'b [u8],
    pub(crate) accept_encoding: Option<&'b str>,
    pub(crate) forwarded_for: Option<&'b [u8]>,
    pub(crate) if_none_match: Option<&'b str>,
    /// Whether the connection stays open after the answer, and how the answer says so.
    pub(crate) persistence: Persistence,
    /// How many bytes it takes.
    pub(crate) length: usize,
}

impl<'b> RequestHead<'b> {
    /// The first request in `bytes`; none when it is unusual, incomplete or invalid.
    #[must_use]
    pub(crate) fn read(bytes: &'b [u8]) -> Option<Self> {
        let mut fields = [EMPTY_HEADER; FIELDS];
        let mut request = Request::new(&mut fields);
        let Ok(Status::Complete(length)) = request.parse(bytes) else { return None };
        let is_head = match request.method? {
            "GET" => false,
            "HEAD" => true,
            _ => return None,
        };
        let target = request.path?;
        if !target.starts_with('/') || target.contains('#') {
            return None;
        }
        let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
        if query.is_some_and(|query| !query.bytes().all(is_usual_in_query)) {
            return None;
        }
        let mut host = None;
        let mut accept_encoding = None;
        let mut if_none_match = None;
        let mut forwarded_for = None;
        let mut connection = None;
        for field in request.headers {
            match kind(field.name) {
                Kind::Host => once(&mut host, field.value)?,
                Kind::Encodings => once(&mut accept_encoding, visible(field.value)?)?,
                Kind::Tags => once(&mut if_none_match, visible(field.value)?)?,
                Kind::ForwardedFor => once(&mut forwarded_for, field.value)?,
                Kind::Connection => once(&mut connection, field.value)?,
                Kind::Unusual => return None,
                Kind::Other => {}
            }
        }
        let persistence = Persistence::of(request.version?, connection)?;
        let host = host?;
        Some(Self { is_head, path, query, host, accept_encoding, forwarded_for, if_none_match, persistence, length })
    }
}

/// What a field means here.
enum Kind {
    Host,
    Encodings,
    Tags,
    ForwardedFor,
    Connection,
    /// A body, a condition or a header that only hyper and the router understand.
    Unusual,
    Other,
}

fn kind(name: &str) -> Kind {
    let is = |known: &str| name.eq_ignore_ascii_case(known);
    // By length first, which tells nearly all fields of a browser apart.
    match name.len() {
        4 if is("host") => Kind::Host,
        15 if is("accept-encoding") => Kind::Encodings,
        15 if is(FORWARDED_FOR) => Kind::ForwardedFor,
        13 if is("if-none-match") => Kind::Tags,
        10 if is("connection") => Kind::Connection,
        5 if is("range") => Kind::Unusual,
        6 if is("expect") => Kind::Unusual,
        7 if is("upgrade") || is("trailer") => Kind::Unusual,
        8 if is("if-match") => Kind::Unusual,
        14 if is("content-length") => Kind::Unusual,
        17 if is("transfer-encoding") => Kind::Unusual,
        _ => Kind::Other,
    }
}

/// Fills `field`; none when it was there already.
fn once<T>(field: &mut Option<T>, value: T) -> Option<()> {
    field.replace(value).is_none().then_some(())
}

/// A value as text, by the rule of `HeaderValue::to_str`.
fn visible(value: &[u8]) -> Option<&str> {
    let is_visible = value.iter().all(|byte| matches!(byte, b' '..=b'~' | b'\t'));
    std::str::from_utf8(value).ok().filter(|_| is_visible)
}

/// What RFC 3986 (3.4) allows. Of other bytes, hyper accepts some and refuses the rest.
const fn is_usual_in_query(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'%' | b'&' | b'=' | b'+' | b'-' | b'.' | b'_' | b'~' | b'/' | b'?' | b':' | b'@')
        || matches!(byte, b'!' | b'$' | b'\'' | b'(' | b')' | b'*' | b',' | b';')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Option<RequestHead<'_>> {
        RequestHead::read(text.as_bytes())
    }

    #[test]
    fn a_browsers_request_is_usual() {
        let text = "GET /about HTTP/1.1\r\nHost: portal.example\r\nConnection: keep-alive\r\naccept-encoding: br\r\n\
                    If-None-Match: \"1\"\r\nCookie: a=b\r\n\r\nGET /next";
        let head = read(text).unwrap();
        assert_eq!((head.path, head.host, head.is_head), ("/about", &b"portal.example"[..], false));
        assert_eq!((head.accept_encoding, head.if_none_match), (Some("br"), Some("\"1\"")));
        assert_eq!(&text[head.length..], "GET /next");
        assert_eq!(
            read("GET /a?b=c?d HTTP/1.1\r\nhost: a\r\n\r\n").map(|head| (head.path, head.query)),
            Some(("/a", Some("b=c?d")))
        );
        assert!(read("HEAD / HTTP/1.1\r\nhost: a\r\n\r\n").unwrap().is_head);
    }

    #[test]
    fn everything_else_is_left_to_hyper() {
        for text in [
            "",
            "GET / HTTP/1.1\r\nHost: a\r\n",
            "GET / HTTP/1.1\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
            "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: br\r\nAccept-Encoding: gzip\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: b\r\nX-Forwarded-For: c\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nConnection: close\r\n\r\n",
            "GET /?a=\"b\" HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /?a=é HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: é, br\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nIf-None-Match: \"é\"\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, upgrade\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nRange: bytes=0-1\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\n folded: b\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n",
        ] {
            assert_eq!(read(text), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_break_it(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            if let Some(head) = RequestHead::read(&bytes) {
                prop_assert!(head.length <= bytes.len());
            }
        }
    }
}
