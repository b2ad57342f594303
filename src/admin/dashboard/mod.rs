//! The dashboard, the first screen after signing in.

pub(crate) mod index;
pub(crate) mod search_terms;

use super::shared::routes::Routes;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    [index::routes].into_iter().fold(routes, |routes, add| add(routes))
}
