//! Users, their roles, and their one-time links.

pub(crate) mod edit;
pub(crate) mod index;
pub(crate) mod invitations;

use super::shared::routes::Routes;

/// All routes of this noun.
#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    [invitations::routes, index::routes, edit::routes].into_iter().fold(routes, |routes, add| add(routes))
}
