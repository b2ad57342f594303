//! Tells a page whether its session is still open and for how long, for the script that warns a user who is typing. A
//! GET does not count as use of the session; a `POST` says that the user is typing, and does.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use serde::Serialize;
use tower_sessions::Session;

use super::{
    paths::SessionCheckPath,
    shared::{
        permission,
        routes::Routes,
        session_end::{self, SessionEnd},
        sessions, submission,
    },
};
use crate::{
    clock::Timestamp,
    error::Result,
    model::{policy::Action, session},
    state::app_state::App,
};

/// Open to all, so that signed-out users are told why.
#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::SignIn, show).post(Action::SignIn, update)
}

#[derive(Default, Serialize)]
struct View {
    signed_in: bool,
    /// Seconds until the session ends if it is not used any more.
    ends_in: i64,
    /// Why it has ended, in a sentence; or empty.
    why: String,
    /// Whether its user cannot sign in again.
    #[serde(rename = "final")]
    is_final: bool,
}

async fn show(_: SessionCheckPath, State(app): State<App>, session: Session) -> Result<Response> {
    check(&app, &session, false).await
}

async fn update(_: SessionCheckPath, State(app): State<App>, session: Session) -> Result<Response> {
    check(&app, &session, true).await
}

async fn check(app: &App, session: &Session, is_used: bool) -> Result<Response> {
    let id = submission::owner(Some(session));
    if permission::signed_in(app, Some(session)).await?.is_none() {
        let end = session_end::of(app, &id).await?;
        let is_final = end == Some(SessionEnd::Deactivated);
        return Ok(answer(View {
            why: end.map_or_else(String::new, SessionEnd::sentence),
            is_final,
            ..View::default()
        }));
    }
    if is_used {
        sessions::note_use(app, session).await?;
    }
    let stored = session::times(app.read(), &id).await?.map_or(Timestamp(0), |times| times.expires_at);
    let end = sessions::end_time(session).await?.max(stored);
    Ok(answer(View { signed_in: true, ends_in: (end.0 - app.steady().0) / 1000, ..View::default() }))
}

fn answer(view: View) -> Response {
    Json(view).into_response()
}
