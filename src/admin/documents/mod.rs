//! The editor that pages and FAQ items share: saving, conflicts, previews, revisions, publications.

pub mod conflict;
pub mod diff;
pub mod difference;
pub mod discards;
pub mod form;
pub mod link_check;
pub mod links;
pub mod paths;
pub mod preview;
pub mod publication_status;
pub mod publications;
pub mod revisions;
pub mod save;

use super::shared::routes::Routes;

/// All routes of this noun.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    [discards::routes, publications::routes, revisions::routes].into_iter().fold(routes, |routes, add| add(routes))
}
