//! FAQ items and their categories.

pub mod categories;
pub mod index;
pub mod item;
pub mod item_form;
pub mod preview;
pub mod removal;

use super::shared::routes::Routes;

/// All routes of this noun.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    [index::routes, categories::routes, item::routes, removal::routes, preview::routes]
        .into_iter()
        .fold(routes, |routes, add| add(routes))
}
