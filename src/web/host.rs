//! Answers only to the site's own name, so that no foreign name can be planted in links or caches.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::error_info::ErrorInfo;

/// The names that are answered.
#[derive(Debug, Clone)]
pub struct Hosts {
    /// Host and, if not the scheme's own, port of the public address; lower case.
    pub public: Arc<str>,
    /// The port that the scheme implies, as `:443`.
    pub own_port: &'static str,
    /// Whether the loopback names are answered too, on any port: in development.
    pub loopback: bool,
    /// What to tell others; empty for the usual sentence.
    pub refusal: Arc<str>,
}

/// Whether a host, with or without a port, names this machine by loopback.
#[must_use]
pub(crate) fn is_loopback(host: &str) -> bool {
    Host::parse(host.as_bytes()).is_some_and(|host| host.is_loopback())
}

/// No host, or two: 400. A foreign one: 421.
pub(crate) async fn check(State(hosts): State<Hosts>, request: Request, next: Next) -> Response {
    let mut named = request.headers().get_all(header::HOST).iter();
    let (Some(host), None) = (named.next(), named.next()) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let Some(host) = Host::parse(host.as_bytes()) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    // An absolute request target overrides the Host header, so both must agree.
    let target = request.uri().authority().map(|target| Host::parse(target.as_str().as_bytes()));
    if !hosts.answers(&host) || target.is_some_and(|target| target.is_none_or(|target| !hosts.answers(&target))) {
        return hosts.refuse();
    }
    next.run(request).await
}

impl Hosts {
    /// Whether a `Host` header names us; the usual spelling is recognised without parsing.
    #[must_use]
    pub(crate) fn answers_header(&self, host: &[u8]) -> bool {
        host == self.public.as_bytes() || Host::parse(host).is_some_and(|host| self.answers(&host))
    }

    fn refuse(&self) -> Response {
        let mut response = StatusCode::MISDIRECTED_REQUEST.into_response();
        response.extensions_mut().insert(ErrorInfo { message: self.refusal.to_string(), cause: None });
        response
    }

    fn answers(&self, host: &Host) -> bool {
        let own = Host::parse(self.public.as_bytes());
        let port = |host: &Host| host.port.or_else(|| self.own_port.strip_prefix(':')?.parse().ok());
        own.is_some_and(|own| own.name == host.name && port(&own) == port(host)) || self.loopback && host.is_loopback()
    }
}

/// A host in its normal form: lower case, in the ASCII spelling of the DNS, without the dot of the root.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Host {
    name: String,
    port: Option<u16>,
}

impl Host {
    /// Reads `name`, `name:port` and `[address]:port` in any spelling.
    pub(super) fn parse(host: &[u8]) -> Option<Self> {
        let host = std::str::from_utf8(host).ok()?;
        let (name, port) = match host.rsplit_once(':') {
            Some((name, port)) if !port.contains(']') => (name, port),
            _ => (host, ""),
        };
        // An empty port is the default one.
        let port = match port {
            "" => None,
            port if port.bytes().all(|b| b.is_ascii_digit()) => Some(port.parse().ok()?),
            _ => return None,
        };
        let name = name.strip_suffix('.').unwrap_or(name);
        if name.contains(['%', '@']) {
            return None;
        }
        Some(Self { name: url::Host::parse(name).ok()?.to_string(), port })
    }

    fn is_loopback(&self) -> bool {
        matches!(self.name.as_str(), "localhost" | "127.0.0.1" | "[::1]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_to_its_own_names_only() {
        let production =
            Hosts { public: "portal.example".into(), own_port: ":443", loopback: false, refusal: "".into() };
        let development =
            Hosts { public: "127.0.0.1:3000".into(), own_port: ":80", loopback: true, refusal: "".into() };
        let answers = |hosts: &Hosts, host: &str| hosts.answers_header(host.as_bytes());
        for own in [
            "portal.example",
            "Portal.Example",
            "portal.example.",
            "portal.example:443",
            "portal.example:",
            "PORTAL.example.:443",
        ] {
            assert!(answers(&production, own), "{own}");
        }
        for foreign in [
            "portal.example:8080",
            "portal.example:80",
            "portal.example.evil.example",
            "evil.example",
            "localhost",
            "a@portal.example",
            "portal.example..",
            ".portal.example",
            "portal%2eexample",
            "portal.example:x",
            "portal.example:99999",
            "",
            ".",
            ":443",
        ] {
            assert!(!answers(&production, foreign), "{foreign}");
        }
        let foreign_letters = Hosts {
            public: "xn--mller-kva.example:8443".into(),
            own_port: ":443",
            loopback: false,
            refusal: "".into(),
        };
        for own in ["müller.example:8443", "MÜLLER.example.:8443", "XN--mller-kva.example:8443"] {
            assert!(answers(&foreign_letters, own), "{own}");
        }
        assert!(!answers(&foreign_letters, "müller.example") && !answers(&foreign_letters, "muller.example:8443"));
        for own in ["127.0.0.1:3000", "localhost:9999", "[::1]:3000"] {
            assert!(answers(&development, own), "{own}");
        }
    }
}
