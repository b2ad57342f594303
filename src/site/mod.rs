//! The public site. Sets no cookie, needs no script, and knows nothing of the admin area.

pub(crate) mod api;
pub(crate) mod contact;
pub(crate) mod feed;
pub(crate) mod health;
pub(crate) mod identity;
pub(crate) mod llms;
pub mod lookup;
mod markdown;
pub(crate) mod media;
pub(crate) mod methods;
pub(crate) mod not_found;
pub(crate) mod opensearch;
pub(crate) mod page;
mod page_file;
pub(crate) mod preview;
pub(crate) mod readiness;
pub(crate) mod robots;
pub(crate) mod search;
pub(crate) mod security_txt;
pub(crate) mod sitemap;
mod social_card;
mod table_file;
mod thanks;
pub(crate) mod versions;
