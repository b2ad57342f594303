//! The editor of documents, whatever their kind: writing, saving, conflicts, previews, revisions, publishing, the trash.
//! Which action each of its routes asks for is in the `routes` of each file.

mod blame;
pub(crate) mod bulk;
mod bulk_removal;
mod bulk_target;
mod bulk_words;
pub(crate) mod by_kind;
pub(crate) mod care;
pub(crate) mod checks;
mod clash_choice;
mod clash_view;
pub(crate) mod comment_view;
pub(crate) mod comments;
pub(crate) mod compare;
pub(crate) mod conflict;
pub(crate) mod diff;
pub(crate) mod discard;
pub(crate) mod draft;
pub(crate) mod draft_offers;
pub(crate) mod draft_search;
pub(crate) mod draft_status;
pub(crate) mod edit;
pub(crate) mod edit_screen;
pub(crate) mod editor_context;
pub(crate) mod field_view;
pub(crate) mod flash_actions;
pub(crate) mod form;
pub(crate) mod form_draft;
pub(crate) mod inbound_links;
pub(crate) mod link_check;
mod link_choices;
pub(crate) mod menu_notice;
pub(crate) mod new_from;
pub(crate) mod owner;
pub(crate) mod paths;
pub(crate) mod presence;
pub(crate) mod preview;
pub(crate) mod preview_links;
pub(crate) mod preview_text;
pub(crate) mod publication_status;
pub(crate) mod publications;
pub(crate) mod reading_diff;
pub(crate) mod remove_screen;
pub(crate) mod republish;
pub(crate) mod review;
pub(crate) mod revisions;
pub(crate) mod save;
pub(crate) mod schedule_view;
pub(crate) mod schedules;
pub(crate) mod trash;
pub(crate) mod trashed;
pub(crate) mod unpublish;
pub(crate) mod uses;
pub(crate) mod version_diff;

use super::shared::routes::Routes;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    [
        edit::routes,
        draft::routes,
        checks::routes,
        preview::routes,
        presence::routes,
        publications::routes,
        republish::routes,
        discard::routes,
        unpublish::routes,
        trash::routes,
        bulk::routes,
        revisions::routes,
        compare::routes,
        schedules::routes,
        preview_links::routes,
        review::routes,
        owner::routes,
        comments::routes,
        uses::routes,
        link_choices::routes,
    ]
    .into_iter()
    .fold(routes, |routes, add| add(routes))
}
