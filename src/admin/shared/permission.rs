//! Runs before every handler: passes on requests of users who have the right, leaves those of nobody to `signed_out`, and
//! refuses the rest.

use axum::{
    extract::{FromRequestParts, Request, State},
    http::Method,
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::routing::TypedPath;
use tower_sessions::Session;

use super::{
    confirm_password, error_page, kept_form,
    sessions::{self, ABSOLUTE, SINCE, USER, VERSION, fault},
    signed_out, submission,
};
use crate::{
    admin::paths::SecondFactorPath,
    clock::Timestamp,
    error::{Error, Result},
    model::{
        actor::Role,
        factor_rule::FactorRule,
        policy::Action,
        user::{self, User},
    },
    state::app_state::App,
    web::{
        request_context::RequestContext,
        security_log::{self, EventKind},
    },
};

pub(crate) async fn require_permission(
    State((app, action)): State<(App, Action)>,
    request: Request,
    next: Next,
) -> Response {
    // It asks for the methods alone, and no handler takes it.
    if *request.method() == Method::OPTIONS {
        return next.run(request).await;
    }
    if (app.policy)(Role::Visitor, action) {
        return submission::once(&app, request, |request| next.run(request)).await;
    }
    let session = request.extensions().get::<Session>().cloned();
    let owner = submission::owner(session.as_ref());
    match signed_in(&app, session.as_ref()).await {
        Ok(Some(user)) => handle_as(&app, user, action, request, next).await,
        Ok(None) => match submission::repeat(&app, &owner, request).await {
            Ok(response) => response,
            Err(request) => {
                signed_out::ask_to_sign_in(&app, &owner, request).await.unwrap_or_else(IntoResponse::into_response)
            }
        },
        Err(error) => {
            signed_out::keep_for_error_page(&app, request).await;
            error.into_response()
        }
    }
}

/// Passes the request on if this user has the right. An error page shows what they sent.
async fn handle_as(app: &App, user: User, action: Action, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    if let Some(session) = parts.extensions.get::<Session>()
        && let Err(error) = sessions::note_use(app, session).await
    {
        return error.into_response();
    }
    let (user_id, role, allowed) = (user.id, user.role, (app.policy)(user.role, action));
    let is_safe = parts.method.is_safe();
    let may_need_factor = !user.has_second_factor && action != Action::ChangeOwnFactors;
    if let Some(context) = parts.extensions.get::<RequestContext>() {
        context.set_user(user_id);
    }
    parts.extensions.insert(user);
    let asks = confirm_password::is_needed(&parts.method, action);
    let reader = error_page::reader(&parts);
    let request = match kept_form::keep(Request::from_parts(parts, body)).await {
        Ok(request) => request,
        Err(refusal) => return refusal,
    };
    if !allowed {
        let refusal = security_log::attach(Error::Forbidden.into_response(), EventKind::Forbidden, Some(user_id));
        return error_page::draw(app, reader, refusal).await;
    }
    if may_need_factor && let Some(refusal) = lead_to_factor(app, role, is_safe).await {
        return error_page::draw(app, reader, refusal).await;
    }
    let handle = async move |request| {
        if !asks {
            return next.run(request).await;
        }
        confirm_password::check(app, request, next).await.unwrap_or_else(IntoResponse::into_response)
    };
    let response = submission::once(app, request, handle).await;
    error_page::draw(app, reader, response).await
}

/// What a user without a second factor gets whose role needs one: the way to add it.
async fn lead_to_factor(app: &App, role: Role, is_safe: bool) -> Option<Response> {
    match FactorRule::load(app.read()).await {
        Ok(needed) if !needed.requires(role) => None,
        Ok(_) if is_safe => Some(Redirect::to(SecondFactorPath::PATH).into_response()),
        Ok(_) => Some(Error::Conflict(NEEDS_FACTOR.to_owned()).into_response()),
        Err(error) => Some(error.into_response()),
    }
}

/// Said to a user who sends a form before they have one.
const NEEDS_FACTOR: &str = "Nothing was saved, because your role needs a second factor and you have none. Add one on your \
    account screen in another tab, then send this again.";

/// The user behind a session that is neither idle nor too old, and whose password, role and activation are the same
/// as when it began.
pub(crate) async fn signed_in(app: &App, session: Option<&Session>) -> Result<Option<User>> {
    let Some(session) = session else { return Ok(None) };
    let Some(id) = session.get::<i64>(USER).await.map_err(fault)? else { return Ok(None) };
    let since = session.get::<i64>(SINCE).await.map_err(fault)?.unwrap_or(0);
    let version = session.get::<i64>(VERSION).await.map_err(fault)?;
    let now = app.steady();
    let user = Error::optional(user::get(app.read(), id).await)?;
    let user = user.filter(|user| user.active && version == Some(user.credential_version));
    let Some(user) = user.filter(|_| Timestamp(since).plus(ABSOLUTE * 1000) > now) else {
        session.flush().await.map_err(fault)?;
        return Ok(None);
    };
    Ok(Some(user))
}

impl<S: Sync> FromRequestParts<S> for User {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut axum::http::request::Parts, _: &S) -> Result<Self> {
        parts.extensions.get::<Self>().cloned().ok_or(Error::Forbidden)
    }
}
