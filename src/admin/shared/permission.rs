//! Runs before every handler: passes on requests of users who have the right, redirects to the sign-in if nobody is
//! signed in, and refuses the rest. What users typed before their session ended is kept in the page that asks them to
//! sign in again.

use std::{net::IpAddr, time::Duration};

use axum::{
    body::to_bytes,
    extract::{FromRequestParts, Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::routing::TypedPath;
use tower_sessions::Session;

use super::{
    body_limit::{FORM, TEXT_FORM},
    confirm_password, error_page, kept_form,
    kept_page::{self, Reason},
    known_device,
    session_end::{self, SessionEnd},
    sessions::{self, ABSOLUTE, SINCE, USER, VERSION, fault},
    submission,
};
use crate::{
    admin::paths::{DashboardPath, SignInPath},
    clock::Timestamp,
    error::{Error, Result},
    model::{
        actor::Role,
        document::field_table::BODY_MAX,
        policy::Action,
        user::{self, User},
    },
    state::app_state::App,
    web::{
        client::Client,
        error_info::ErrorInfo,
        network_semaphore::NetworkPermit,
        request_context::RequestContext,
        security_log::{self, EventKind},
    },
};

/// Most bytes of a form that are kept for a user who is signed out: as many as the largest form has.
const KEPT: usize = BODY_MAX + FORM;
/// How long the sending of such a form may take.
const READING: Duration = Duration::from_secs(20);
/// The header that tells a script why the session has ended.
const SIGNED_OUT: &str = "x-signed-out";
/// The header that tells it that the user cannot sign in again.
const DEACTIVATED: &str = "x-deactivated";
/// When to send it again while too many others are read, in seconds.
const RETRY: u64 = 10;
/// What its sender reads meanwhile.
const NO_PLACE: &str = "You are signed out, and too many others who are signed out are sending forms. Nothing was saved. \
    Go back with your browser: the form most likely still holds what you typed. Keep a copy of it, sign in in another \
    tab, then send it again.";

pub(crate) async fn require_permission(
    State((app, action)): State<(App, Action)>,
    request: Request,
    next: Next,
) -> Response {
    if (app.policy)(Role::Visitor, action) {
        return submission::once(&app, request, |request| next.run(request)).await;
    }
    let session = request.extensions().get::<Session>().cloned();
    let owner = submission::owner(session.as_ref());
    match signed_in(&app, session.as_ref()).await {
        Ok(Some(user)) => handle_as(&app, user, action, request, next).await,
        Ok(None) => match submission::repeat(&app, &owner, request).await {
            Ok(response) => response,
            Err(request) => ask_to_sign_in(&app, &owner, request).await.unwrap_or_else(IntoResponse::into_response),
        },
        Err(error) => {
            keep_for_error_page(&app, request).await;
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
    let (user_id, allowed) = (user.id, (app.policy)(user.role, action));
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
    let handle = async move |request| {
        if !asks {
            return next.run(request).await;
        }
        confirm_password::check(app, request, next).await.unwrap_or_else(IntoResponse::into_response)
    };
    let response = submission::once(app, request, handle).await;
    error_page::draw(app, reader, response).await
}

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

/// For a request whose session, with the id `owner`, is not open.
async fn ask_to_sign_in(app: &App, owner: &str, request: Request) -> Result<Response> {
    let end = session_end::of(app, owner).await?;
    let path = request.uri().path_and_query().map_or(DashboardPath::PATH, |target| target.as_str()).to_owned();
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return Ok(Redirect::to(&sign_in_path(&path, end)).into_response());
    }
    let mut response = keep_typed(app, path, end, request).await?;
    if let Some(reason) = end.and_then(|end| HeaderValue::from_str(&end.sentence()).ok()) {
        response.headers_mut().insert(SIGNED_OUT, reason);
    }
    if end == Some(SessionEnd::Deactivated) {
        response.headers_mut().insert(DEACTIVATED, HeaderValue::from_static("yes"));
    }
    Ok(response)
}

/// The sign-in page that leads back to `next` afterwards and says why the session has ended.
#[must_use]
pub fn sign_in_path(next: &str, end: Option<SessionEnd>) -> String {
    let next = (next != DashboardPath::PATH).then_some(("next", next));
    let why = end.map(|end| ("why", end.as_str()));
    let query: Vec<_> = next.into_iter().chain(why).collect();
    if query.is_empty() {
        return SignInPath::PATH.to_owned();
    }
    format!("{SignInPath}?{}", serde_html_form::to_string(query).unwrap_or_default())
}

async fn keep_typed(app: &App, path: String, end: Option<SessionEnd>, request: Request) -> Result<Response> {
    let is_form = request
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/x-www-form-urlencoded"));
    if !is_form {
        return Ok(Redirect::to(SignInPath::PATH).into_response());
    }
    let Some(permit) = take_permit(app, &request) else { return Ok(no_place()) };
    let read = tokio::time::timeout(READING, to_bytes(request.into_body(), TEXT_FORM)).await;
    let Ok(read) = read else { return Ok(StatusCode::REQUEST_TIMEOUT.into_response()) };
    let Ok(bytes) = read else { return Ok(StatusCode::PAYLOAD_TOO_LARGE.into_response()) };
    let fields: Vec<(String, String)> = crate::web::form::read(&bytes)?;
    if fields.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>() > KEPT {
        return Ok(StatusCode::PAYLOAD_TOO_LARGE.into_response());
    }
    let fields = fields.into_iter().filter(|(name, _)| !kept_form::is_password(name)).collect();
    let is_deactivated = end == Some(SessionEnd::Deactivated);
    let reason = Reason {
        title: if is_deactivated { "Your account was deactivated" } else { "You have been signed out" },
        message: end.map_or_else(|| "Your session has ended.".to_owned(), SessionEnd::sentence),
        sign_in: sign_in_path(DashboardPath::PATH, None),
        is_deactivated,
        ..Reason::default()
    };
    let page = kept_page::render(app, path, fields, reason).await?;
    let response = (StatusCode::UNAUTHORIZED, page).into_response();
    Ok(permit.hold_until_sent(response))
}

/// A permit for the form of an unknown sender, which limits how much of this is in memory at one time. Users on devices on
/// which they have signed in before have places that strangers cannot take.
fn take_permit(app: &App, request: &Request) -> Option<NetworkPermit> {
    let known = known_device::find_user(app, request.headers());
    known.and_then(|user_id| app.known_signed_out.take_for_user(user_id)).or_else(|| {
        let client = request.extensions().get().copied().unwrap_or(Client::at(IpAddr::from([127, 0, 0, 1])));
        app.signed_out.take(client)
    })
}

/// The answer to a form that is not even read.
fn no_place() -> Response {
    let mut response = Error::Busy(RETRY).into_response();
    response.extensions_mut().insert(ErrorInfo { message: NO_PLACE.to_owned(), cause: None });
    response
}

/// Keeps what was sent for the error page when its sender is unknown.
async fn keep_for_error_page(app: &App, request: Request) {
    let Some(_permit) = take_permit(app, &request) else { return };
    // If this fails, the page does not show what was sent.
    let _ = tokio::time::timeout(READING, kept_form::keep(request)).await;
}

impl<S: Sync> FromRequestParts<S> for User {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut axum::http::request::Parts, _: &S) -> Result<Self> {
        parts.extensions.get::<Self>().cloned().ok_or(Error::Forbidden)
    }
}
