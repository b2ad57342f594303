//! Tells a page whether its session is still open, while something is being typed there. Without a session the guard
//! redirects to the sign-in page, and the script takes that as the answer.

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
