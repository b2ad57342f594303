//! The report over the whole site: how much of what is to be looked after, and the lists of it that are nowhere else.

pub(crate) mod external;
pub(crate) mod index;
pub(crate) mod messages;
pub(crate) mod orphans;
pub(crate) mod pictures;
mod rows;

use super::shared::routes::Routes;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    [external::routes, index::routes, messages::routes, orphans::routes, pictures::routes]
        .into_iter()
        .fold(routes, |routes, add| add(routes))
}
