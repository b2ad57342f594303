//! Items such as questions: their lists, one for each page that shows some, their order, their categories. Their editor is in
//! `documents`.

pub(crate) mod categories;
mod category_changes;
pub(crate) mod index;
mod item_pages;
mod query;

use super::shared::routes::Routes;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    [index::routes, categories::routes, category_changes::routes].into_iter().fold(routes, |routes, add| add(routes))
}
