//! HTTP tools that know no content and no route: they would serve any other site as well.

pub(crate) mod access_log;
pub mod assets;
pub mod cache;
pub mod cache_policy;
pub mod client;
pub(crate) mod compress;
pub(crate) mod conditions;
pub(crate) mod error_info;
pub(crate) mod fault_log;
pub(crate) mod form;
pub(crate) mod form_errors;
pub mod host;
pub mod network_semaphore;
pub(crate) mod origin;
pub(crate) mod path;
pub(crate) mod proxies;
pub(crate) mod proxy_warning;
pub(crate) mod request_context;
pub mod security_headers;
pub(crate) mod security_log;
pub mod server;
pub mod stream;
pub(crate) mod submissions;
pub(crate) mod throttle;
pub(crate) mod time_limit;
pub(crate) mod vary;
