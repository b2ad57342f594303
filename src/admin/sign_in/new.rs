//! The screen to sign in, which says why the last session has ended.

use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use tower_sessions::Session;

use super::screen::View;
use crate::{
    admin::{
        paths::SignInPath,
        shared::{log_in::local, permission, routes::Routes, session_end::SessionEnd},
    },
    error::Result,
    model::policy::Action,
    state::app_state::App,
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::SignIn, new)
}

/// What the address may ask for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SignInQuery {
    next: String,
    out: String,
    why: String,
}

async fn new(
    _: SignInPath,
    State(app): State<App>,
    session: Session,
    query: Result<Query<SignInQuery>, QueryRejection>,
) -> Result<Response> {
    let query = query.map(|Query(query)| query).unwrap_or_default();
    if permission::signed_in(&app, Some(&session)).await?.is_some() {
        return Ok(Redirect::to(local(&query.next)).into_response());
    }
    let view = View {
        left: !query.out.is_empty(),
        ended: SessionEnd::parse(&query.why).map_or_else(String::new, describe_end),
        ..View::new(&app, local(&query.next)).await?
    };
    view.draw(&app, StatusCode::OK).await
}

/// Why the session has ended, and what to do about it.
fn describe_end(end: SessionEnd) -> String {
    let then = if end == SessionEnd::Deactivated { "" } else { " Sign in to go on." };
    end.sentence() + then
}
