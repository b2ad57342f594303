//! Signing in with a password. One-time links sign users in without one, through `shared::log_in`.

pub(crate) mod create;

use super::shared::routes::Routes;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    create::routes(routes)
}
