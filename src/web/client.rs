//! Whose request it is: the peer's address, or what a trusted proxy says; and the networks that limits count by.

use std::{
    net::{IpAddr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::{
    extract::{ConnectInfo, FromRequestParts, Request, State},
    http::{HeaderMap, request::Parts},
    middleware::Next,
    response::Response,
};
use ipnet::IpNet;

use crate::error::Error;

/// Where a request came from. Never stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Client {
    /// The address that can be relied on: the peer's, or the one before the last trusted proxy.
    pub address: IpAddr,
    /// Whether many clients may share that address, because it may be a proxy that is not named.
    shared: bool,
    /// The address that this proxy claims to forward for. Anybody can claim anything.
    claimed: Option<IpAddr>,
}

/// A network, as limits count it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Network {
    net: IpNet,
    claimed: Option<IpNet>,
}

/// The sizes of networks that are counted, and how many times the allowance of the smallest each has: a home, a
/// neighbourhood, an organisation.
const SIZES: [(u8, u8, u32); 3] = [(32, 64, 1), (24, 56, 3), (24, 48, 10)];
/// The same for an address that many clients share.
const SHARED: u32 = 10;

impl Client {
    /// One that comes by itself.
    #[must_use]
    pub const fn at(address: IpAddr) -> Self {
        Self { address, shared: false, claimed: None }
    }

    /// The smallest network that its address is in.
    #[must_use]
    pub fn network(self) -> Network {
        Network { net: net(self.address, SIZES[0]), claimed: None }
    }

    /// The address that a proxy which is not named claims to forward for.
    #[must_use]
    pub const fn claimed(self) -> Option<IpAddr> {
        self.claimed
    }

    /// The network it takes its turn with where many wait: the largest one, so that who has many small ones gains nothing.
    #[must_use]
    pub fn group(self) -> IpNet {
        net(self.claimed.unwrap_or(self.address), SIZES[SIZES.len() - 1])
    }

    /// The networks it is in, the smallest first, each with how many times the usual allowance it has.
    #[must_use]
    pub fn networks(self) -> Vec<(Network, u32)> {
        let claimed = self
            .claimed
            .map(|claimed| Network { net: net(self.address, SIZES[0]), claimed: Some(net(claimed, SIZES[0])) });
        let mut networks: Vec<_> = claimed.map(|network| (network, 1)).into_iter().collect();
        for size in SIZES {
            let network = Network { net: net(self.address, size), claimed: None };
            let times = if self.shared { SHARED } else { size.2 };
            if !networks.iter().any(|(known, _)| *known == network) {
                networks.push((network, times));
            }
        }
        networks
    }
}

fn net(address: IpAddr, (v4, v6, _): (u8, u8, u32)) -> IpNet {
    let prefix = if address.is_ipv4() { v4 } else { v6 };
    IpNet::new(address, prefix).map_or_else(|_| address.into(), |net| net.trunc())
}

/// The proxies that are believed, and what has been said about others.
#[derive(Debug, Default)]
pub struct Proxies {
    trusted: Vec<IpNet>,
    /// Whether there must be a proxy, because visitors come over https.
    expected: bool,
    told_unnamed: AtomicBool,
    told_odd: AtomicBool,
}

impl Proxies {
    /// `trusted` are believed about the address before theirs; `https` tells that visitors come over https.
    #[must_use]
    pub fn new(trusted: &[IpNet], https: bool) -> Self {
        Self { trusted: trusted.to_vec(), expected: https, ..Self::default() }
    }

    /// Whether a proxy ends TLS, as it must, and none is named.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        self.expected && self.trusted.is_empty()
    }

    /// Whether this peer may be the missing proxy: it is near, on this machine or in a private network. A public address
    /// gains nothing by what it claims.
    fn may_be(&self, peer: IpAddr) -> bool {
        self.is_missing() && is_near(peer.to_canonical())
    }

    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> Client {
        let mut client = Client { address: peer.to_canonical(), shared: false, claimed: None };
        let mut hops = hops(headers).into_iter().rev();
        if self.trusted.is_empty() {
            if !self.may_be(peer) {
                return client;
            }
            // Limits must not treat all clients of a proxy as one, although it is not named.
            let claimed = hops.next().map(read);
            return Client { shared: claimed.is_some(), claimed: claimed.flatten(), ..client };
        }
        for hop in hops {
            if !self.trusted.iter().any(|net| net.contains(&client.address)) {
                break;
            }
            let Some(before) = read(hop) else {
                self.tell_odd(hop);
                return Client { shared: true, ..client };
            };
            client.address = before;
        }
        client
    }

    /// Says once that a proxy is not named.
    fn tell_unnamed(&self, peer: IpAddr, headers: &HeaderMap) {
        let forwards = ["x-forwarded-for", "forwarded", "x-real-ip"].iter().any(|name| headers.contains_key(*name));
        if self.may_be(peer) && forwards && !self.told_unnamed.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                %peer,
                "a request was forwarded by a proxy that PLINTH_TRUSTED_PROXIES does not name; what it says is not \
                 believed, and all visitors behind it share at most ten times the limits of one address"
            );
        }
    }

    /// Says once that a trusted proxy names something that is no address.
    fn tell_odd(&self, hop: &str) {
        if !self.told_odd.swap(true, Ordering::Relaxed) {
            let hop: String = hop.chars().take(60).collect();
            tracing::warn!(?hop, "a trusted proxy sends an X-Forwarded-For that is no address; it is passed over");
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
        .get_all("x-forwarded-for")
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

/// The layer that finds out.
pub async fn identify(State(proxies): State<Arc<Proxies>>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map_or(IpAddr::from([127, 0, 0, 1]), |c| c.0.ip());
    proxies.tell_unnamed(peer, request.headers());
    let client = proxies.client(peer, request.headers());
    request.extensions_mut().insert(client);
    next.run(request).await
}

impl<S: Sync> FromRequestParts<S> for Client {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        parts
            .extensions
            .get()
            .copied()
            .ok_or_else(|| Error::Internal("no client address; a layer is missing".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(proxies: &Proxies, peer: &str, forwarded: &str) -> Client {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", forwarded.parse().unwrap());
        proxies.client(peer.parse().unwrap(), &headers)
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
    fn networks_grow_with_their_allowance() {
        let proxies = Proxies::default();
        let of = |address: &str| proxies.client(address.parse().unwrap(), &HeaderMap::new()).networks();
        let common = |one: &str, other: &str| {
            let other = of(other);
            of(one).into_iter().filter(|network| other.contains(network)).map(|(_, times)| times).collect::<Vec<_>>()
        };
        assert_eq!(common("2001:db8:1:2:3::4", "2001:db8:1:2:ffff::1"), [1, 3, 10]);
        assert_eq!(common("2001:db8:1:2::1", "2001:db8:1:3::1"), [3, 10]);
        assert_eq!(common("2001:db8:1:2::1", "2001:db8:1:ff00::1"), [10]);
        assert_eq!(common("2001:db8:1::1", "2001:db8:2::1"), Vec::<u32>::new());
        assert_eq!(common("192.0.2.1", "192.0.2.1"), [1, 3]);
        assert_eq!(common("192.0.2.1", "192.0.2.2"), [3]);
    }

    #[test]
    fn clients_of_an_unnamed_proxy_are_told_apart_within_its_own_allowance() {
        let proxies = Proxies::new(&[], true);
        let (one, other) = (at(&proxies, "127.0.0.1", "192.0.2.1"), at(&proxies, "127.0.0.1", "192.0.2.9"));
        let times = |client: Client| client.networks().into_iter().map(|(_, times)| times).collect::<Vec<_>>();
        assert_eq!(times(one), [1, 10, 10]);
        assert_ne!(one.networks()[0], other.networks()[0]);
        assert_eq!(one.networks()[1..], other.networks()[1..]);
        // Who is not behind that proxy cannot spend what its clients have.
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
