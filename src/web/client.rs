//! Whose request it is: the peer's address, or what a trusted proxy says. IPv6 counts by /64, the size of one home.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::{
    extract::{ConnectInfo, FromRequestParts, Request, State},
    http::{HeaderMap, request::Parts},
    middleware::Next,
    response::Response,
};
use ipnet::{IpNet, Ipv6Net};

use crate::error::Error;

/// The network a request came from, as limits count it. Never stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Client(pub IpAddr);

/// The layer that finds out; `proxies` are believed about the address before theirs.
pub async fn identify(State(proxies): State<Arc<[IpNet]>>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map_or(IpAddr::from([127, 0, 0, 1]), |c| c.0.ip());
    let address = real_address(peer, request.headers(), &proxies);
    request.extensions_mut().insert(Client(network(address)));
    next.run(request).await
}

/// From the right, the first address that is not one of our proxies.
fn real_address(peer: IpAddr, headers: &HeaderMap, proxies: &[IpNet]) -> IpAddr {
    let trusted = |address: &IpAddr| proxies.iter().any(|net| net.contains(address));
    let mut address = peer.to_canonical();
    let forwarded: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    for hop in forwarded.into_iter().rev() {
        if !trusted(&address) {
            break;
        }
        let Ok(before) = hop.trim().parse::<IpAddr>() else { break };
        address = before.to_canonical();
    }
    address
}

fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => Ipv6Net::new(v6, 64).map_or(address, |net| IpAddr::V6(net.network())),
        IpAddr::V4(_) => address,
    }
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

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let proxies: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap()];
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", "6.6.6.6, 203.0.113.9, 10.0.0.2".parse().unwrap());
        let at = |peer: &str| real_address(peer.parse().unwrap(), &headers, &proxies).to_string();
        assert_eq!(at("10.0.0.1"), "203.0.113.9");
        assert_eq!(at("198.51.100.7"), "198.51.100.7");
        assert_eq!(at("::ffff:10.0.0.1"), "203.0.113.9");
    }

    #[test]
    fn a_home_counts_once() {
        let net = |text: &str| network(text.parse().unwrap());
        assert_eq!(net("2001:db8:1:2:3::4"), net("2001:db8:1:2:ffff::1"));
        assert_ne!(net("2001:db8:1:2::1"), net("2001:db8:1:3::1"));
    }
}
