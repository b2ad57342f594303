//! The list of questions by category: reorder, delete, publish.

use crate::face::routes::Routes;

/// The routes of this noun.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
}
