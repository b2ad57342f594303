//! The public face. Sets no cookie, needs no script, and knows nothing of the admin area.

pub mod contact;
pub mod health;
pub mod lookup;
pub mod methods;
pub mod not_found;
pub mod page;
pub mod readiness;
pub mod robots;
pub mod search;
pub mod sitemap;
