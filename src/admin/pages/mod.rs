//! Pages: the list, their order, moving. Their editor is in `documents`.

pub(crate) mod duplicate;
pub(crate) mod index;
mod listing;
pub(crate) mod move_page;
mod position;
mod query;
mod row;

use super::shared::routes::Routes;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    [index::routes, position::routes, move_page::routes, duplicate::routes]
        .into_iter()
        .fold(routes, |routes, add| add(routes))
}
