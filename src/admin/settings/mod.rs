//! The settings of the site: one form for all of them. What is saved here visitors see at once.

pub(crate) mod edit;
mod values;

use super::shared::routes::Routes;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    edit::routes(routes)
}
