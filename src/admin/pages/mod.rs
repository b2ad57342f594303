//! Pages: the list, the editor, moving, unpublishing, the trash.

pub mod edit;
pub mod form;
pub mod index;
pub mod move_page;
pub mod preview;
pub mod removal;

use super::shared::routes::Routes;

/// All routes of this noun.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    [edit::routes, move_page::routes, preview::routes, removal::routes, index::routes]
        .into_iter()
        .fold(routes, |routes, add| add(routes))
}
