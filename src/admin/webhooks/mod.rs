//! Webhooks: whom administrators have told of what happens, and what could not be told.

pub(crate) mod index;

use super::shared::routes::Routes;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    index::routes(routes)
}
