//! The public site. Sets no cookie, needs no script, and knows nothing of the admin area.

pub(crate) mod contact;
pub(crate) mod health;
pub mod lookup;
pub(crate) mod media;
pub(crate) mod methods;
pub(crate) mod not_found;
pub(crate) mod page;
pub(crate) mod preview;
pub(crate) mod readiness;
pub(crate) mod robots;
pub(crate) mod search;
pub(crate) mod sitemap;
pub(crate) mod versions;
