//! The contact desk: messages, answers, export, deletion and retention.

pub mod conflict;
pub mod deletion;
pub mod export;
pub mod index;
pub mod message;
pub mod query;
pub mod retention;
pub mod screen;

use super::shared::routes::Routes;

/// All routes of this noun.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    [message::routes, deletion::routes, export::routes, retention::routes, index::routes]
        .into_iter()
        .fold(routes, |routes, add| add(routes))
}
