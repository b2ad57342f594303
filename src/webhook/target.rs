//! Which addresses a webhook may lead to: public ones, so that nobody reaches by it what is behind this machine. The name is checked
//! when it is typed, and what it resolves to whenever a connection is made.

use std::{
    fmt, io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    pin::Pin,
    task::{Context, Poll},
};

use hyper_util::client::legacy::connect::dns::Name;
use tokio::net::lookup_host;
use tower::Service;
use url::{Host, Url};

use crate::text::clean;

/// Longest address, in characters.
const LONGEST: usize = 500;

/// Where webhooks may lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WebhookReach {
    Public,
    /// For tests: this machine too, without encryption.
    PublicAndLoopback,
}

impl WebhookReach {
    fn allows(self, ip: IpAddr) -> bool {
        let ip = ip.to_canonical();
        is_public(ip) || self == Self::PublicAndLoopback && ip.is_loopback()
    }

    /// What was typed as an address of the web, if a webhook may lead there as far as the text says.
    /// Errors: a sentence for the form.
    pub(crate) fn parse(self, typed: &str) -> Result<Url, String> {
        let typed = clean::line(typed);
        if typed.chars().count() > LONGEST {
            return Err(format!("Shorten the address to {LONGEST} characters or fewer"));
        }
        let url = Url::parse(&typed).map_err(|_| "Enter an address that begins with https://")?;
        let number: Option<IpAddr> = match url.host() {
            Some(Host::Ipv4(ip)) => Some(ip.into()),
            Some(Host::Ipv6(ip)) => Some(ip.into()),
            _ => None,
        };
        let is_own = self == Self::PublicAndLoopback && number.is_some_and(|ip| ip.is_loopback());
        if !(url.scheme() == "https" || is_own && url.scheme() == "http") || !url.has_host() {
            return Err("Enter an address that begins with https://".to_owned());
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("Leave name and password out of the address: each request is signed instead".to_owned());
        }
        if url.fragment().is_some() {
            return Err("Leave out the # and what is behind it: it is never sent".to_owned());
        }
        match number {
            Some(ip) if !self.allows(ip) => Err(format!("Enter a public address: {ip} is within a network of its own")),
            _ => Ok(url),
        }
    }
}

/// Whether the internet leads there: neither this machine, nor a network of its own, nor what clouds keep secrets at.
fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [first, second, third, _] = ip.octets();
    let is_special = match (first, second) {
        // “This network”, multicast and what is reserved, with the broadcast; shared by providers; networks for measuring.
        (0 | 224..=255, _) | (100, 64..=127) | (198, 18 | 19) => true,
        // Protocols, and the old relays of 6to4.
        (192, 0) => third == 0,
        (192, 88) => third == 99,
        _ => ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_documentation(),
    };
    !is_special
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let parts = ip.segments();
    // What is given out on the internet, without Teredo, 6to4, documentation and other special uses.
    let is_global = (0x2000..0x4000).contains(&parts[0]);
    let is_special = match (parts[0], parts[1]) {
        (0x2001, second) => second < 0x0200 || second == 0x0db8,
        (0x2002 | 0x3fff, _) => true,
        _ => false,
    };
    is_global && !is_special
}

/// Why a name leads nowhere.
#[derive(Debug)]
pub(super) enum ResolveFault {
    Unknown(io::Error),
    /// It leads to this address, which is not public.
    Refused(IpAddr),
}

impl fmt::Display for ResolveFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(error) => write!(f, "its name cannot be resolved: {error}"),
            Self::Refused(ip) => write!(f, "its name leads to {ip}, which is not a public address"),
        }
    }
}

impl std::error::Error for ResolveFault {}

/// Resolves names, and refuses one that leads to any address that is not public.
#[derive(Debug, Clone)]
pub(super) struct PublicResolver(pub(super) WebhookReach);

impl Service<Name> for PublicResolver {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = ResolveFault;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, ResolveFault>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ResolveFault>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let reach = self.0;
        Box::pin(async move {
            let found = lookup_host((name.as_str(), 0)).await.map_err(ResolveFault::Unknown)?;
            let found: Vec<_> = found.collect();
            match found.iter().find(|address| !reach.allows(address.ip())) {
                Some(address) => Err(ResolveFault::Refused(address.ip())),
                None => Ok(found.into_iter()),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_are_reached() {
        for ip in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "192.0.0.8",
            "198.18.0.1",
            "203.0.113.1",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "fe80::1",
            "fc00::1",
            "fd00:ec2::254",
            "ff02::1",
            "64:ff9b::a00:1",
            "2002:7f00:1::",
            "2001:0:7f00:1::",
            "2001:db8::1",
        ] {
            assert!(!WebhookReach::Public.allows(ip.parse().unwrap()), "{ip}");
        }
        for ip in ["1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450::1", "::ffff:1.1.1.1"] {
            assert!(WebhookReach::Public.allows(ip.parse().unwrap()), "{ip}");
        }
        assert!(WebhookReach::PublicAndLoopback.allows("::ffff:127.0.0.1".parse().unwrap()));
        assert!(!WebhookReach::PublicAndLoopback.allows("10.0.0.1".parse().unwrap()));
    }

    #[test]
    fn addresses_are_encrypted_public_and_without_secrets() {
        let parse = |typed| WebhookReach::Public.parse(typed);
        assert_eq!(parse(" https://Hooks.example/a?b=c ").unwrap().as_str(), "https://hooks.example/a?b=c");
        for bad in [
            "",
            "hooks.example",
            "http://hooks.example",
            "file:///etc/passwd",
            "https://user:secret@hooks.example",
            "https://hooks.example/#x",
            "https://127.0.0.1/",
            "https://0x7f.1/",
            "https://2130706433/",
            "https://[::ffff:10.0.0.1]/",
            "https://[fd00:ec2::254]/",
        ] {
            assert!(parse(bad).is_err(), "{bad}");
        }
        assert!(WebhookReach::PublicAndLoopback.parse("http://127.0.0.1:4000/").is_ok());
        assert!(WebhookReach::PublicAndLoopback.parse("http://hooks.example/").is_err());
    }
}
