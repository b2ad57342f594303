//! What a maintainer sets: command-line options and environment variables, with their defaults.
//! The same names stand in `.env.example`; a test compares them. Knows nothing of what the settings cause.

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

use clap::Args;
use ipnet::IpNet;
use url::Url;

/// The configuration of one process.
#[derive(Debug, Clone, Args)]
pub struct Config {
    /// Address and port to listen on
    #[arg(long, env = "PLINTH_LISTEN", default_value = "127.0.0.1:3000", global = true)]
    pub listen: SocketAddr,

    /// Directory that holds the database
    #[arg(long, env = "PLINTH_DATA", default_value = "data", global = true)]
    pub data: PathBuf,

    /// Database address; when not set, plinth.db in the data directory
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, global = true)]
    pub database_url: Option<String>,

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
    #[arg(long, env = "PLINTH_CONTACT_LIMIT", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..), global = true)]
    pub contact_limit: u32,

    /// How many wrong passwords one network may enter in an hour
    #[arg(long, env = "PLINTH_LOGIN_LIMIT", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..), global = true)]
    pub login_limit: u32,

    /// Memory for finished pages, in MiB
    #[arg(long, env = "PLINTH_PAGE_CACHE", default_value_t = 32, global = true)]
    pub page_cache: u64,
}

/// A network such as `10.0.0.0/8`, or one address.
fn network(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    text.parse()
        .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
        .map_err(|_| "it must be an address such as 10.0.0.1 or a network such as 10.0.0.0/8".to_owned())
}

fn public_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| error.to_string())?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err("it must begin with http:// or https:// and name a host".to_owned());
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err("it must be an origin without a path, such as https://portal.example".to_owned());
    }
    Ok(url)
}

impl Config {
    /// The database's address: as set, or the file in the data directory.
    #[must_use]
    pub fn database(&self) -> String {
        let in_data_directory = || {
            let path = self.data.join("plinth.db").to_string_lossy().into_owned();
            format!("sqlite:{}", path.replace('%', "%25").replace('?', "%3f"))
        };
        self.database_url.clone().filter(|url| !url.is_empty()).unwrap_or_else(in_data_directory)
    }

    /// Scheme, host and port as visitors write them, without a slash at the end.
    #[must_use]
    pub fn origin(&self) -> String {
        self.public_url
            .as_ref()
            .map_or_else(|| format!("http://{}", self.listen), |url| url.origin().ascii_serialization())
    }

    /// Whether visitors come over https, be it through a proxy.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.public_url.as_ref().is_some_and(|url| url.scheme() == "https")
    }
}
