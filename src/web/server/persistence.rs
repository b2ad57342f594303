//! Whether a connection stays open after an answer (RFC 9112, 9.3), and how the answer says so. Decides as hyper does.

use crate::web::cache::encoded_body::Wire;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Persistence {
    /// HTTP/1.1, as usual.
    KeepAlive,
    /// HTTP/1.1 with `Connection: close`.
    Close,
    /// HTTP/1.0, as usual.
    Http10,
    /// HTTP/1.0 with `Connection: keep-alive`.
    Http10KeepAlive,
}

impl Persistence {
    /// What a request asks for with its minor version and its `Connection`; none when that is unusual.
    #[must_use]
    pub(crate) fn of(version: u8, connection: Option<&[u8]>) -> Option<Self> {
        let is = |token: &[u8]| connection.is_some_and(|value| value.eq_ignore_ascii_case(token));
        match version {
            1 if connection.is_none() || is(b"keep-alive") => Some(Self::KeepAlive),
            1 if is(b"close") => Some(Self::Close),
            0 if connection.is_none() || is(b"close") => Some(Self::Http10),
            0 if is(b"keep-alive") => Some(Self::Http10KeepAlive),
            _ => None,
        }
    }

    /// Whether the connection ends after the answer.
    #[must_use]
    pub(crate) const fn ends(self) -> bool {
        matches!(self, Self::Close | Self::Http10)
    }

    /// An answer for HTTP/1.1 as it is to be sent.
    #[must_use]
    pub(crate) fn apply(self, wire: Wire) -> Wire {
        match self {
            Self::KeepAlive => wire,
            Self::Close => wire.with_head("HTTP/1.1", "connection: close\r\n"),
            Self::Http10 => wire.with_head("HTTP/1.0", ""),
            Self::Http10KeepAlive => wire.with_head("HTTP/1.0", "connection: keep-alive\r\n"),
        }
    }
}
