//! Finding in the admin area: the screen with the results, which needs no script, and what the palette of the scripts is told.

mod finding;
pub(crate) mod index;
mod palette;
mod places;
mod recent;

use super::shared::routes::Routes;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    [index::routes, palette::routes].into_iter().fold(routes, |routes, add| add(routes))
}
