//! Signing in with a password. One-time links sign users in without one, through `shared::log_in`.

mod attempt;
mod create;
mod new;
pub(crate) mod screen;

use super::shared::routes::Routes;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    [create::routes, new::routes].into_iter().fold(routes, |routes, add| add(routes))
}
