//! Signing out.

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Redirect, Response},
};
use tower_sessions::Session;

use super::{
    paths::{SignInPath, SignOutPath},
    shared::{permission, routes::Routes, sessions},
};
use crate::{
    error::{Error, Result},
    model::{policy::Action, sign_in, user::User, write::Write},
    render::error_page::CLEAR_SITE_DATA,
    state::app_state::App,
    web::{
        error_info::ErrorInfo,
        security_log::{self, EventKind},
    },
};

/// Open to all: users who are signed out already get the same redirect.
#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.post(Action::SignIn, delete)
}

pub(crate) async fn delete(_: SignOutPath, State(app): State<App>, session: Session) -> Result<Response> {
    let user = permission::signed_in(&app, Some(&session)).await?;
    let ended = end_session(&app, &session, user.as_ref()).await;
    // A session that could not be ended here is forgotten by its browser, and ends by itself.
    let mut response = match ended {
        Ok(()) => Redirect::to(&format!("{SignInPath}?out=yes")).into_response(),
        Err(error) => not_ended(error),
    };
    response.headers_mut().append(header::SET_COOKIE, sessions::forget(&app)?);
    // Screens that the browser kept for its Back button, and what scripts stored. Not "cookies": that of the known
    // device stays, and the session's was just removed.
    let clear = HeaderValue::from_static(r#""cache", "storage""#);
    response.headers_mut().insert(CLEAR_SITE_DATA, clear);
    Ok(match user {
        Some(user) => security_log::attach(response, EventKind::SignOut, Some(user.id)),
        None => response,
    })
}

/// Said when the session is forgotten by its browser alone.
const NOT_ENDED: &str = "This browser is signed out. The server could not end the session, because its storage does not work \
    at the moment: it ends by itself when it is not used for two hours.";

fn not_ended(error: Error) -> Response {
    let mut response = error.into_response();
    if let Some(info) = response.extensions_mut().get_mut::<ErrorInfo>() {
        NOT_ENDED.clone_into(&mut info.message);
    }
    response
}

async fn end_session(app: &App, session: &Session, user: Option<&User>) -> Result<()> {
    if let Some(user) = user {
        let log = async |write: &mut Write| {
            sign_in::log_sign_out(write, user);
            Ok(())
        };
        app.change(user.actor(), log).await?;
    }
    sessions::end(app, session).await
}
