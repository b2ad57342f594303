//! The FAQ: the list of its questions, their order, their categories. Their editor is in `documents`.

pub(crate) mod categories;
pub(crate) mod index;
mod query;

use super::shared::routes::Routes;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    [index::routes, categories::routes].into_iter().fold(routes, |routes, add| add(routes))
}
