//! Webhooks: the addresses that administrators added, and what could not be sent to them.

pub(crate) mod index;

use super::shared::routes::Routes;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    index::routes(routes)
}
