//! Answers only to the site's own name, so that no foreign name can be planted in links or caches.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{StatusCode, header, uri::Authority},
    middleware::Next,
    response::{IntoResponse, Response},
};

/// The names that are answered.
#[derive(Debug, Clone)]
pub struct Hosts {
    /// Host and, if not the scheme's own, port of the public address; lower case.
    pub public: Arc<str>,
    /// The port that the scheme implies, as `:443`.
    pub own_port: &'static str,
    /// Whether the loopback names are answered too, on any port: in development.
    pub loopback: bool,
}

/// No host or two of them: 400. A foreign one: 421.
pub async fn check(State(hosts): State<Hosts>, request: Request, next: Next) -> Response {
    let mut named = request.headers().get_all(header::HOST).iter();
    let (Some(host), None) = (named.next(), named.next()) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let Some(host) = host.to_str().ok().and_then(|host| host.parse::<Authority>().ok()) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    // An absolute request target has the last word over the Host header, so it must agree.
    let target = request.uri().authority();
    if !hosts.answers(&host) || target.is_some_and(|target| !hosts.answers(target)) {
        return StatusCode::MISDIRECTED_REQUEST.into_response();
    }
    next.run(request).await
}

impl Hosts {
    /// Whether a `Host` header names us; the usual spelling is found without reading it.
    #[must_use]
    pub fn answers_header(&self, host: &[u8]) -> bool {
        host == self.public.as_bytes() || Authority::try_from(host).is_ok_and(|host| self.answers(&host))
    }

    fn answers(&self, host: &Authority) -> bool {
        if host.as_str().contains('@') {
            return false;
        }
        let name = host.host().to_ascii_lowercase();
        // A client may spell out the scheme's own port.
        let spelled = host.as_str().strip_suffix(self.own_port).unwrap_or(host.as_str());
        host.as_str().eq_ignore_ascii_case(&self.public)
            || spelled.eq_ignore_ascii_case(&self.public)
            || self.loopback && matches!(name.as_str(), "localhost" | "127.0.0.1" | "[::1]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_to_its_own_names_only() {
        let production = Hosts { public: "portal.example".into(), own_port: ":443", loopback: false };
        let development = Hosts { public: "127.0.0.1:3000".into(), own_port: ":80", loopback: true };
        let answers = |hosts: &Hosts, host: &str| hosts.answers(&host.parse().unwrap());
        assert!(answers(&production, "Portal.Example") && answers(&production, "portal.example:443"));
        for foreign in [
            "portal.example:8080",
            "portal.example:80",
            "portal.example.evil.example",
            "evil.example",
            "localhost",
            "a@portal.example",
        ] {
            assert!(!answers(&production, foreign), "{foreign}");
        }
        for own in ["127.0.0.1:3000", "localhost:9999", "[::1]:3000"] {
            assert!(answers(&development, own), "{own}");
        }
    }
}
