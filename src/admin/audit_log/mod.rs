//! The audit log: reading and checking it.

pub(crate) mod check;
pub(crate) mod index;

use super::shared::routes::Routes;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    [index::routes, check::routes].into_iter().fold(routes, |routes, add| add(routes))
}
