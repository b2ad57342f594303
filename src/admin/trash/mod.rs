//! The trash: what was deleted, and restoring it. Moving something there is the business of `documents`.

pub(crate) mod index;
mod outcome;
mod restore;

use super::shared::routes::Routes;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    [index::routes, restore::routes].into_iter().fold(routes, |routes, add| add(routes))
}
