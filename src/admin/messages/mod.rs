//! The messages of the contact form: inbox, answers, export, deletion and retention.

pub(crate) mod conflict;
pub(crate) mod deletion;
pub(crate) mod export;
mod form_view;
pub(crate) mod index;
mod labels;
pub(crate) mod message;
mod message_view;
pub(crate) mod query;
pub(crate) mod retention;
pub(crate) mod screen;

use super::shared::routes::Routes;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    [message::routes, deletion::routes, export::routes, retention::routes, index::routes]
        .into_iter()
        .fold(routes, |routes, add| add(routes))
}
