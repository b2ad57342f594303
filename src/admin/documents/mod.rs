//! The editor of documents, whatever their kind: writing, saving, conflicts, previews, revisions, publishing, the trash.
//! Which action each of its routes asks for is in the `routes` of each file.

mod blame;
pub mod by_kind;
pub mod conflict;
pub mod diff;
pub mod difference;
pub mod discards;
pub mod edit;
pub mod editor;
pub mod faq_item;
pub mod field_view;
pub mod form;
pub mod link_check;
pub mod links;
pub mod listing;
pub mod offers;
pub mod page;
pub mod paths;
pub mod preview;
pub mod preview_text;
pub mod publication_status;
pub mod publications;
pub mod removal;
pub mod revisions;
pub mod save;
pub mod surroundings;
pub mod trashed;

use super::shared::routes::Routes;

/// All routes of this noun.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    [edit::routes, preview::routes, publications::routes, discards::routes, removal::routes, revisions::routes]
        .into_iter()
        .fold(routes, |routes, add| add(routes))
}
