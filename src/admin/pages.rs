//! The tree of pages: look through, search, reorder, move, delete.

use crate::face::routes::Routes;

/// The routes of this noun.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
}
