//! Backups: when the last one was made and proved, how often one is made, the files that are there.

mod download;
pub(crate) mod files;
pub(crate) mod index;

use super::shared::routes::Routes;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    [index::routes, files::routes, download::routes].into_iter().fold(routes, |routes, add| add(routes))
}
