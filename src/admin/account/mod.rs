//! The own account of a user: the name that others see, the password, the sessions.

pub(crate) mod edit;

use super::shared::routes::Routes;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    edit::routes(routes)
}
