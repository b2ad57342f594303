//! Says whether the session is still open, to a page on which somebody is typing. Who is signed out is sent to the
//! sign-in like everywhere else, and the script knows what that means.

use axum::http::StatusCode;

use crate::{face::routes::Routes, model::policy::Action};

/// The routes of this noun.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes.get("/admin/session-check", Action::UseDesk, show)
}

async fn show() -> StatusCode {
    StatusCode::NO_CONTENT
}
