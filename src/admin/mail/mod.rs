//! The e-mails that were not sent: which wait, which failed and why.

pub(crate) mod index;

use super::shared::routes::Routes;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    index::routes(routes)
}
