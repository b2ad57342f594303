//! The messages of the contact form: inbox, answers, export, deletion and retention.

mod bulk;
pub(crate) mod bulk_deletion;
pub(crate) mod conflict;
pub(crate) mod deletion;
pub(crate) mod export;
mod form_view;
pub(crate) mod index;
mod labels;
pub(crate) mod message;
mod message_form;
mod message_view;
mod outcome;
mod press;
pub(crate) mod query;
mod question;
pub(crate) mod retention;
pub(crate) mod screen;
pub(crate) mod templates;

use super::shared::routes::Routes;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    [
        message::routes,
        bulk::routes,
        bulk_deletion::routes,
        deletion::routes,
        export::routes,
        retention::routes,
        templates::routes,
        index::routes,
    ]
    .into_iter()
    .fold(routes, |routes, add| add(routes))
}
