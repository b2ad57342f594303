//! The company sign-in (OIDC): what the provider is asked, and whether its answer is right. Knows no user, no role
//! and no database.

mod client;
pub(crate) mod provider;
