//! HTTP tools that know no content and no route: they would serve any other site as well.

pub mod access_log;
pub mod assets;
pub mod cache;
pub mod cache_policy;
pub mod client;
pub mod compress;
pub mod conditions;
pub mod error_info;
pub mod form;
pub mod form_errors;
pub mod host;
pub mod origin;
pub mod path;
pub mod proxies;
pub mod proxy_warning;
pub mod request_context;
pub mod security_headers;
pub mod security_log;
pub mod server;
pub mod share;
pub mod stream;
pub mod submissions;
pub mod throttle;
pub mod vary;
