//! The menus of the site: their order, labels, what is hidden, and what is added. What is changed here visitors see at once.

pub(crate) mod form;
pub(crate) mod index;
mod names;
mod undo;

use super::shared::routes::Routes;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    [index::routes, form::routes].into_iter().fold(routes, |routes, add| add(routes))
}
