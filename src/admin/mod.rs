//! The admin area: where editors and administrators work, a folder for each noun. Knows nothing of `site`.

pub mod account;
pub mod audit_log;
pub mod dashboard;
pub mod documents;
pub mod faq;
pub mod messages;
pub mod pages;
pub mod search;
pub mod session_check;
pub mod settings;
pub mod shared;
pub mod sign_in;
pub mod slug;
pub mod trash;
pub mod users;

use shared::routes::Routes;

/// All routes of the admin area.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    [
        account::routes,
        dashboard::routes,
        documents::routes,
        faq::routes,
        users::routes,
        audit_log::routes,
        messages::routes,
        pages::routes,
        search::routes,
        session_check::routes,
        settings::routes,
        sign_in::routes,
        slug::routes,
        trash::routes,
    ]
    .into_iter()
    .fold(routes, |routes, add| add(routes))
}
