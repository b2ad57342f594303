//! Redirects: old paths and where they lead.

pub(crate) mod form;
pub(crate) mod import;
pub(crate) mod index;
pub(crate) mod missing;
pub(crate) mod test_path;

use super::shared::routes::Routes;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    [form::routes, index::routes, import::routes, missing::routes, test_path::routes]
        .into_iter()
        .fold(routes, |routes, add| add(routes))
}
