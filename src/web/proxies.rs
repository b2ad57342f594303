//! Proxies: which are believed about the address before theirs, and warnings when one was not named.

use std::{
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    extract::{ConnectInfo, Request, State},
    http::HeaderMap,
    middleware::Next,
    response::Response,
};
use ipnet::IpNet;

use super::{client::Client, proxy_warning::Warning};

/// Most warnings, so that strangers cannot fill the log with them.
const WARNINGS: usize = 8;

/// The field in which a proxy says for whom it forwards.
pub(crate) const FORWARDED_FOR: &str = "x-forwarded-for";

#[derive(Debug, Default)]
pub(crate) struct Proxies {
    trusted: Vec<IpNet>,
    /// Whether there must be a proxy, because visitors come over https and this program speaks plain HTTP.
    expected: bool,
    warned: Mutex<Vec<(Warning, IpAddr)>>,
}

impl Proxies {
    /// `trusted` are believed about the address before theirs; `expected` tells that there must be a proxy.
    #[must_use]
    pub(crate) fn new(trusted: &[IpNet], expected: bool) -> Self {
        Self { trusted: trusted.to_vec(), expected, ..Self::default() }
    }

    /// Whether a proxy ends TLS, as it must, and none is named.
    #[must_use]
    pub(crate) fn is_missing(&self) -> bool {
        self.expected && self.trusted.is_empty()
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.trusted.iter().any(|net| net.contains(&address))
    }

    /// Whether this peer may be the missing proxy: it is on this machine or in a private network. The claims of a
    /// public address count for nothing.
    fn may_be(&self, peer: IpAddr) -> bool {
        self.is_missing() && is_near(peer)
    }

    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> Client {
        let mut client = Client::at(peer);
        let mut hops = hops(headers).into_iter().rev();
        if self.trusted.is_empty() {
            if !self.may_be(client.address) {
                return client;
            }
            // Limits must not treat all clients of an unnamed proxy as one.
            let claimed = hops.next().map(read);
            return Client { shared: claimed.is_some(), claimed: claimed.flatten(), ..client };
        }
        for hop in hops {
            if !self.trusts(client.address) {
                break;
            }
            let Some(before) = read(hop) else {
                self.warn(Warning::NoAddress, client.address, hop);
                return Client { shared: true, ..client };
            };
            client.address = before;
        }
        client
    }

    /// What is wrong when a request was forwarded in a way that makes limits treat all visitors as one.
    fn fault(&self, peer: IpAddr, headers: &HeaderMap) -> Option<Warning> {
        let has = |name: &str| headers.contains_key(name);
        let (forwarded_for, others) = (has(FORWARDED_FOR), has("forwarded") || has("x-real-ip"));
        let is_proxied = self.expected || !self.trusted.is_empty();
        if !is_proxied || !(forwarded_for || others) {
            return None;
        }
        match self.trusts(peer) {
            true if forwarded_for => None,
            true => Some(Warning::NoForwardedFor),
            false if forwarded_for && self.may_be(peer) => Some(Warning::NotNamedNear),
            false => Some(Warning::NotNamed),
        }
    }

    /// What was wrong since the start, each kind once.
    #[must_use]
    pub(crate) fn seen(&self) -> Vec<&'static str> {
        let warned = self.warned.lock().unwrap_or_else(PoisonError::into_inner);
        let mut seen = Vec::new();
        for (warning, _) in warned.iter() {
            if !seen.contains(&warning.text()) {
                seen.push(warning.text());
            }
        }
        seen
    }

    /// Writes each warning once for each address.
    fn warn(&self, warning: Warning, peer: IpAddr, hop: &str) {
        let mut warned = self.warned.lock().unwrap_or_else(PoisonError::into_inner);
        if warned.len() < WARNINGS && !warned.contains(&(warning, peer)) {
            warned.push((warning, peer));
            let hop: String = hop.chars().take(60).collect();
            let hop = Some(hop).filter(|hop| !hop.is_empty());
            tracing::warn!(%peer, hop, "{}", warning.text());
        }
    }
}

/// On this machine, or in a private network.
fn is_near(address: IpAddr) -> bool {
    address.is_loopback()
        || match address {
            IpAddr::V4(address) => address.is_private() || address.is_link_local(),
            IpAddr::V6(address) => address.is_unique_local() || address.is_unicast_link_local(),
        }
}

fn hops(headers: &HeaderMap) -> Vec<&str> {
    headers
        .get_all(FORWARDED_FOR)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .filter(|hop| !hop.is_empty())
        .collect()
}

/// An address, alone or with a port: `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:80`.
fn read(hop: &str) -> Option<IpAddr> {
    let bare = hop.strip_prefix('[').and_then(|hop| hop.strip_suffix(']')).unwrap_or(hop);
    let address = bare.parse().or_else(|_| hop.parse::<SocketAddr>().map(|address| address.ip()));
    address.ok().map(|address: IpAddr| address.to_canonical())
}

/// The layer that finds out where a request comes from.
pub(crate) async fn identify(State(proxies): State<Arc<Proxies>>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map_or(IpAddr::from([127, 0, 0, 1]), |c| c.0.ip());
    let peer = peer.to_canonical();
    if let Some(warning) = proxies.fault(peer, request.headers()) {
        proxies.warn(warning, peer, "");
    }
    let client = proxies.client(peer, request.headers());
    request.extensions_mut().insert(client);
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    fn at(proxies: &Proxies, peer: &str, forwarded: &str) -> Client {
        let mut headers = HeaderMap::new();
        headers.insert(FORWARDED_FOR, forwarded.parse().unwrap());
        proxies.client(peer.parse::<IpAddr>().unwrap().to_canonical(), &headers)
    }

    #[test]
    fn a_warning_says_what_is_wrong() {
        use Warning::{NoForwardedFor, NotNamed, NotNamedNear};
        let (none, http) = (Proxies::new(&[], true), Proxies::new(&[], false));
        let named = Proxies::new(&["203.0.113.7/32".parse().unwrap()], true);
        for (proxies, peer, name, warning) in [
            (&none, "10.0.0.1", FORWARDED_FOR, Some(NotNamedNear)),
            (&none, "10.0.0.1", "x-real-ip", Some(NotNamed)),
            (&none, "203.0.113.7", FORWARDED_FOR, Some(NotNamed)),
            (&none, "203.0.113.7", "forwarded", Some(NotNamed)),
            (&none, "203.0.113.7", "accept", None),
            (&named, "203.0.113.8", FORWARDED_FOR, Some(NotNamed)),
            (&named, "203.0.113.7", "x-real-ip", Some(NoForwardedFor)),
            (&named, "203.0.113.7", FORWARDED_FOR, None),
            (&http, "203.0.113.7", FORWARDED_FOR, None),
        ] {
            let headers =
                HeaderMap::from_iter([(HeaderName::from_static(name), HeaderValue::from_static("192.0.2.1"))]);
            assert_eq!(proxies.fault(peer.parse().unwrap(), &headers), warning, "{peer} {name}");
        }
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let proxies = Proxies::new(&["10.0.0.0/8".parse().unwrap()], true);
        let forwarded = "6.6.6.6, 203.0.113.9, 10.0.0.2";
        for (peer, address) in
            [("10.0.0.1", "203.0.113.9"), ("198.51.100.7", "198.51.100.7"), ("::ffff:10.0.0.1", "203.0.113.9")]
        {
            let client = at(&proxies, peer, forwarded);
            assert_eq!(client.address.to_string(), address, "{peer}");
            assert!(!client.shared && client.claimed.is_none(), "{peer}: what a client adds widens no allowance");
        }
    }

    #[test]
    fn ports_and_brackets_are_understood() {
        let proxies = Proxies::new(&["10.0.0.0/8".parse().unwrap()], true);
        for (hop, address) in [
            ("192.0.2.1:4711", "192.0.2.1"),
            ("[2001:db8::1]:4711", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("2001:db8::1", "2001:db8::1"),
            ("::ffff:192.0.2.1", "192.0.2.1"),
            ("unknown", "10.0.0.1"),
            ("_hidden, 192.0.2.1:1", "192.0.2.1"),
        ] {
            assert_eq!(at(&proxies, "10.0.0.1", hop).address.to_string(), address, "{hop}");
        }
    }

    #[test]
    fn clients_of_an_unnamed_proxy_are_told_apart_within_its_own_allowance() {
        let proxies = Proxies::new(&[], true);
        let (one, other) = (at(&proxies, "127.0.0.1", "192.0.2.1"), at(&proxies, "127.0.0.1", "192.0.2.9"));
        let times = |client: Client| client.networks().into_iter().map(|(_, times)| times).collect::<Vec<_>>();
        assert_eq!(times(one), [1, 10, 10]);
        assert_ne!(one.networks()[0], other.networks()[0]);
        assert_eq!(one.networks()[1..], other.networks()[1..]);
        // A client of another proxy cannot use up what the clients of this one have.
        assert_ne!(at(&proxies, "10.0.0.1", "192.0.2.1").networks()[0], one.networks()[0]);
    }

    #[test]
    fn a_claim_widens_an_allowance_only_where_a_proxy_may_be_missing() {
        let (https, http) = (Proxies::new(&[], true), Proxies::new(&[], false));
        for (proxies, peer, shared) in [
            (&https, "127.0.0.1", true),
            (&https, "::ffff:10.0.0.1", true),
            (&https, "fd00::1", true),
            (&https, "198.51.100.1", false),
            (&https, "2001:db8::1", false),
            (&http, "127.0.0.1", false),
            (&http, "198.51.100.1", false),
        ] {
            let client = at(proxies, peer, "192.0.2.1");
            assert_eq!((client.shared, client.claimed.is_some()), (shared, shared), "{peer}");
        }
    }
}
