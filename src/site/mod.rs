//! The public face. Sets no cookie, needs no script, and knows nothing of the admin area.

pub mod contact;
pub mod health;
pub mod methods;
pub mod page;
pub mod robots;
pub mod search;
pub mod sitemap;
