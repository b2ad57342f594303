//! Users, their roles, and their one-time links.

pub(crate) mod address;
pub(crate) mod factor_rule;
mod factors;
pub(crate) mod index;
pub(crate) mod invitations;
pub(crate) mod link;
mod role_options;
pub(crate) mod show;

use super::shared::routes::Routes;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    [address::routes, factor_rule::routes, factors::routes, invitations::routes, index::routes, show::routes]
        .into_iter()
        .fold(routes, |routes, add| add(routes))
}
