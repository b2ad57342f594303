//! Where a request comes from, and the networks that limits count by. Filled in by [`super::proxies`].

use std::net::IpAddr;

use axum::{extract::FromRequestParts, http::request::Parts};
use ipnet::IpNet;

use crate::error::Error;

/// Where a request came from. Never stored whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Client {
    /// The reliable address: the peer's, or the one before the last trusted proxy.
    pub(crate) address: IpAddr,
    /// Whether many clients may share that address, because it may be an unnamed proxy.
    pub(super) shared: bool,
    /// The address that this proxy claims to forward for. Anyone can claim anything.
    pub(super) claimed: Option<IpAddr>,
}

/// A network, as limits count it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Network {
    net: IpNet,
    claimed: Option<IpNet>,
}

/// The sizes of networks that are counted, and how many times the allowance of the smallest each has: a home, a
/// neighbourhood, an organisation.
const SIZES: [(u8, u8, u32); 3] = [(32, 64, 1), (24, 56, 3), (24, 48, 10)];
/// The same for an address that many clients share.
const SHARED: u32 = 10;

impl Client {
    #[must_use]
    pub const fn at(address: IpAddr) -> Self {
        Self { address, shared: false, claimed: None }
    }

    /// The smallest network that its address is in.
    #[must_use]
    pub(crate) fn network(self) -> Network {
        Network { net: net(self.address, SIZES[0]), claimed: None }
    }

    /// The address that an unnamed proxy claims to forward for.
    #[must_use]
    pub(crate) const fn claimed_address(self) -> Option<IpAddr> {
        self.claimed
    }

    /// The network that it queues as: the largest one, so that having many small ones gains nothing.
    #[must_use]
    pub(crate) fn group(self) -> IpNet {
        net(self.claimed.unwrap_or(self.address), SIZES[SIZES.len() - 1])
    }

    /// The networks it is in, the smallest first, each with how many times the usual allowance it has.
    #[must_use]
    pub(crate) fn networks(self) -> Vec<(Network, u32)> {
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
    fn networks_grow_with_their_allowance() {
        let of = |address: &str| Client::at(address.parse().unwrap()).networks();
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
}
