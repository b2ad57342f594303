//! The own account of a user: the name that others see, the password, the sessions.

pub(crate) mod edit;
pub(crate) mod password;
mod sessions;

use super::shared::routes::Routes;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    [edit::routes, password::routes, sessions::routes].into_iter().fold(routes, |routes, add| add(routes))
}
