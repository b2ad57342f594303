//! What a maintainer sets: command-line options and environment variables, with their defaults. The same names are in
//! `.env.example`; a test compares them. Knows nothing of what the settings do.

use std::{
    fmt::Display,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    ops::RangeInclusive,
    path::PathBuf,
    str::FromStr,
};

use clap::{Args, Command, ValueEnum};
use ipnet::IpNet;
use url::Url;

pub mod backup;
pub mod mail;
pub mod media_s3;
pub mod oidc;
pub mod tls;
pub mod webhooks;

use backup::BackupConfig;
use mail::MailConfig;
use media_s3::MediaS3;
use oidc::OidcConfig;
use tls::TlsConfig;
use webhooks::WebhookMode;

/// The port when none is named.
const PORT: u16 = 3000;

/// Highest limit of messages or passwords in an hour.
const LIMIT_MAX: u32 = 1_000_000_000;
/// Largest memory for finished pages, in MB.
const PAGE_CACHE_MAX: u64 = 1_000_000;
/// Most MiB of files at once.
const UPLOAD_MAX: usize = 10_000;

/// What an empty database is filled with when it is first served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Starter {
    /// The ISO 20000 Certification Portal
    Portal,
    None,
}

/// Whether something is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// It is
    On,
    /// It is not
    Off,
}

/// The configuration of one process.
#[derive(Debug, Clone, Args)]
pub struct Config {
    /// Address and port to listen on, or a port alone
    #[arg(long, env = "PLINTH_LISTEN", default_value = "127.0.0.1:3000", value_parser = listen, global = true)]
    pub listen: SocketAddr,

    /// Address and port where Prometheus reads /metrics, such as 127.0.0.1:9464; when not set, there is none
    #[arg(long, env = "PLINTH_METRICS_LISTEN", value_parser = listen, global = true)]
    pub metrics_listen: Option<SocketAddr>,

    #[command(flatten)]
    pub(crate) tls: TlsConfig,

    /// Address and port of a plain listener that sends visitors to the public address over https; needs a certificate
    #[arg(long, env = "PLINTH_TLS_REDIRECT_LISTEN", value_parser = listen, global = true)]
    pub(crate) tls_redirect_listen: Option<SocketAddr>,

    #[arg(long, env = "PLINTH_DATA", default_value = "data", global = true)]
    pub data: PathBuf,

    /// Database address, sqlite:… or postgres:…; when not set, plinth.db in the data directory
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, global = true)]
    pub database_url: Option<String>,

    /// Address past a pooler to the same PostgreSQL database, for migrations and news of other nodes
    #[arg(long, env = "PLINTH_DATABASE_DIRECT_URL", hide_env_values = true, global = true)]
    pub database_direct_url: Option<String>,

    /// Whether statements stay prepared; off behind a pooler that gives each transaction another connection
    #[arg(long, env = "PLINTH_STATEMENT_CACHE", value_enum, default_value_t = Switch::On, global = true)]
    pub statement_cache: Switch,

    #[command(flatten)]
    pub(crate) backup: BackupConfig,

    /// Begin a new site although something is left of an old one whose database is missing
    #[arg(long, global = true)]
    pub new_site: bool,

    /// The address visitors use, such as <https://portal.example>; when not set, that of the listener
    #[arg(long, env = "PLINTH_PUBLIC_URL", value_parser = public_url, global = true)]
    pub public_url: Option<Url>,

    /// Networks of the proxies whose X-Forwarded-For is believed, separated by commas
    #[arg(long, env = "PLINTH_TRUSTED_PROXIES", value_delimiter = ',', value_parser = network, global = true)]
    pub trusted_proxies: Vec<IpNet>,

    /// What to log: error, warn, info, debug, trace, or a filter such as plinth=debug
    #[arg(long, env = "PLINTH_LOG", default_value = "info", global = true)]
    pub log: String,

    /// How many messages one network may send in an hour
    #[arg(long, env = "PLINTH_CONTACT_LIMIT", default_value_t = 10, value_parser = whole_number(1..=LIMIT_MAX), global = true)]
    pub contact_limit: u32,

    /// How many wrong passwords one network may enter in an hour
    #[arg(long, env = "PLINTH_LOGIN_LIMIT", default_value_t = 10, value_parser = whole_number(1..=LIMIT_MAX), global = true)]
    pub login_limit: u32,

    #[arg(long, env = "PLINTH_PAGE_CACHE", default_value_t = 32, value_parser = whole_number(0..=PAGE_CACHE_MAX), global = true)]
    pub page_cache: u64,

    /// Most MiB of files that are added to the media library at once
    #[arg(long, env = "PLINTH_UPLOAD_LIMIT", default_value_t = 100, value_parser = whole_number(1..=UPLOAD_MAX), global = true)]
    pub upload_limit: usize,

    #[command(flatten)]
    pub(crate) media_s3: MediaS3,

    #[command(flatten)]
    pub(crate) mail: MailConfig,

    #[command(flatten)]
    pub(crate) oidc: OidcConfig,

    /// Whether administrators may have other programs told by webhooks what happens
    #[arg(long, env = "PLINTH_WEBHOOKS", value_enum, default_value_t = WebhookMode::Off, global = true)]
    pub webhooks: WebhookMode,

    /// Seconds that a client may take for the head of a request
    #[arg(long, env = "PLINTH_HEADER_TIMEOUT", default_value_t = 10, value_parser = whole_number(1..=3600_u64), global = true)]
    pub header_timeout: u64,

    /// Seconds that a connection is kept between requests
    #[arg(long, env = "PLINTH_KEEPALIVE_TIMEOUT", default_value_t = 75, value_parser = whole_number(1..=3600_u64), global = true)]
    pub keepalive_timeout: u64,

    /// Seconds that requests are still taken after a signal to stop, while /readyz sends proxies away; when not set, 3 with
    /// PostgreSQL and 0 with SQLite
    #[arg(long, env = "PLINTH_DRAIN_TIME", value_parser = clap::value_parser!(u64).range(..=600), global = true)]
    pub drain_time: Option<u64>,

    /// What to begin with when the database is empty
    #[arg(long, env = "PLINTH_STARTER", value_enum, default_value_t = Starter::Portal, global = true)]
    pub starter: Starter,
}

/// The names of all environment variables that are read.
#[must_use]
pub(crate) fn variables() -> Vec<String> {
    let command = Config::augment_args(Command::new(""));
    let names = command.get_arguments().filter_map(clap::Arg::get_env);
    names.map(|name| name.to_string_lossy().into_owned()).collect()
}

/// An address with a port; either may be missing. No name except `localhost` is resolved.
fn listen(text: &str) -> Result<SocketAddr, String> {
    let text = text.trim();
    if let Ok(address) = text.parse() {
        return Ok(address);
    }
    let loopback = IpAddr::from(Ipv4Addr::LOCALHOST);
    let ip = |host: &str| match host {
        "" => Some(loopback),
        host if host.eq_ignore_ascii_case("localhost") => Some(loopback),
        host => host.trim_start_matches('[').trim_end_matches(']').parse().ok(),
    };
    let port = |port: &str| port.parse::<u16>().ok().filter(|_| port.bytes().all(|byte| byte.is_ascii_digit()));
    let read = match text.rsplit_once(':') {
        _ if text.is_empty() => None,
        None => port(text).map(|port| (loopback, port)).or_else(|| Some((ip(text)?, PORT))),
        Some((host, number)) => port(number).zip(ip(host)).map(|(port, ip)| (ip, port)),
    };
    read.map(SocketAddr::from).ok_or_else(|| {
        "it must be an address and a port, such as 127.0.0.1:3000, [::1]:3000, localhost:3000 or 3000; 0.0.0.0:3000 \
         means all addresses of this machine"
            .to_owned()
    })
}

/// Reads a whole number within `range`.
fn whole_number<T>(range: RangeInclusive<T>) -> impl Fn(&str) -> Result<T, String> + Clone
where
    T: FromStr + PartialOrd + Display + Clone,
{
    move |text| {
        let number = text.trim().parse::<T>().ok().filter(|number| range.contains(number));
        number.ok_or_else(|| format!("it must be a whole number from {} to {}", range.start(), range.end()))
    }
}

/// A network such as `10.0.0.0/8`, or one address.
fn network(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    text.parse()
        .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
        .map_err(|_| "it must be an address such as 10.0.0.1 or a network such as 10.0.0.0/8".to_owned())
}

fn public_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let url = url.ok_or("it must begin with http:// or https:// and name a host, such as https://portal.example")?;
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err("it must be an origin without a path, such as https://portal.example".to_owned());
    }
    Ok(url)
}

impl Config {
    /// Scheme, host and port as visitors write them, without a slash at the end.
    #[must_use]
    pub(crate) fn origin(&self) -> String {
        let url = self.public_url.as_ref().map(|url| url.origin().ascii_serialization());
        let scheme = if self.tls.is_set() { "https" } else { "http" };
        url.unwrap_or_else(|| format!("{scheme}://{}", self.reachable()))
    }

    /// The host of [`Self::origin`], without its port.
    #[must_use]
    pub(crate) fn host(&self) -> String {
        let host = self.public_url.as_ref().and_then(|url| url.host_str().map(ToOwned::to_owned));
        host.unwrap_or_else(|| self.reachable().ip().to_string())
    }

    /// The listener's address as it can be opened on this machine: “all addresses” cannot.
    #[must_use]
    pub(crate) fn reachable(&self) -> SocketAddr {
        let ip = match self.listen.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            ip => ip,
        };
        SocketAddr::new(ip, self.listen.port())
    }

    /// Whether visitors come over https, directly or through a proxy.
    #[must_use]
    pub(crate) fn is_https(&self) -> bool {
        self.public_url.as_ref().map_or(self.tls.is_set(), |url| url.scheme() == "https")
    }

    /// Whether there must be a proxy that ends TLS.
    #[must_use]
    pub(crate) fn needs_proxy(&self) -> bool {
        self.is_https() && !self.tls.is_set()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_to_listen_on_is_read_as_it_is_usually_written() {
        for (typed, read) in [
            ("127.0.0.1:3000", "127.0.0.1:3000"),
            (" localhost:4000 ", "127.0.0.1:4000"),
            (":4000", "127.0.0.1:4000"),
            ("4000", "127.0.0.1:4000"),
            ("localhost", "127.0.0.1:3000"),
            ("10.0.0.1", "10.0.0.1:3000"),
            ("[::1]:4000", "[::1]:4000"),
            ("0.0.0.0:0", "0.0.0.0:0"),
        ] {
            assert_eq!(listen(typed).unwrap().to_string(), read, "{typed:?}");
        }
        for bad in
            ["", "portal.example:3000", "3000x", "127.0.0.1:70000", "127.0.0.1:", "::", "http://127.0.0.1:3000", ":+4"]
        {
            assert!(listen(bad).unwrap_err().contains("such as"), "{bad:?}");
        }
    }

    #[test]
    fn a_public_address_is_an_origin() {
        assert_eq!(public_url("https://portal.example/").unwrap().as_str(), "https://portal.example/");
        for bad in ["", "portal.example", "ftp://portal.example", "https://", "/about"] {
            assert!(public_url(bad).unwrap_err().contains("begin with http"), "{bad:?}");
        }
        assert!(public_url("https://portal.example/wiki").unwrap_err().contains("without a path"));
    }
}
