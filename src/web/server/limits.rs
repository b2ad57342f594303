//! How many connections there may be, and how long clients may take.

use std::time::Duration;

use ipnet::IpNet;

use super::timeouts::Timeouts;

#[derive(Debug, Clone)]
pub struct Limits {
    pub all: usize,
    /// Of one network: an IPv4 address, or a /64.
    pub each: usize,
    /// More, for a moment, when all slots are taken: they answer health checks, and 503 to everything else.
    pub reserved: usize,
    /// How long a connection may keep us waiting within a request before it can lose its slot to another.
    pub patience: Duration,
    /// Networks that may take every slot: proxies, which forward for many.
    pub exempt: Vec<IpNet>,
    pub timeouts: Timeouts,
}

impl Limits {
    /// The usual limits; `proxies` and this machine are exempt from the one for a network.
    #[must_use]
    pub fn usual(proxies: &[IpNet], timeouts: Timeouts) -> Self {
        let own = ["127.0.0.0/8", "::1/128"].into_iter().filter_map(|net| net.parse().ok());
        let exempt = proxies.iter().copied().chain(own).collect();
        Self { all: 4096, each: 1024, reserved: 64, patience: Duration::from_secs(1), exempt, timeouts }
    }
}
