//! Pages: the list, their order, moving. Their editor is in `documents`.

pub(crate) mod index;
pub(crate) mod move_page;

use super::shared::routes::Routes;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    [index::routes, move_page::routes].into_iter().fold(routes, |routes, add| add(routes))
}
