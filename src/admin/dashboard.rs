//! The first screen of the desk: what waits for somebody.

use axum::response::Response;
use serde::Serialize;

use crate::{
    error::Result,
    face::{desk::Desk, routes::Routes},
    model::policy::Action,
};

/// The routes of this noun.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes.get("/admin", Action::UseDesk, show)
}

#[derive(Serialize)]
struct View {}

/// `GET /admin`
pub async fn show(desk: Desk) -> Result<Response> {
    desk.screen("admin/dashboard.html", "Dashboard", &View {}).await
}
