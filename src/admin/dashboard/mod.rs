//! The dashboard, the first screen after signing in.

pub(crate) mod index;
mod opening;
mod search_terms;
mod todo;

use super::shared::routes::Routes;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    [index::routes, opening::routes].into_iter().fold(routes, |routes, add| add(routes))
}
