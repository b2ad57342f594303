//! What a request gets when nobody is signed in: the way to the sign-in, and back. What users typed before their session
//! ended is kept in the page that asks them to sign in again.

use std::{net::IpAddr, time::Duration};

use axum::{
    body::to_bytes,
    extract::Request,
    http::{HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::routing::TypedPath;

use super::{
    body_limit::{FORM, TEXT_FORM},
    kept_form,
    kept_page::{self, Reason},
    known_device,
    session_end::{self, SessionEnd},
};
use crate::{
    admin::paths::{DashboardPath, SignInPath},
    error::{Error, Result},
    model::document::field_table::BODY_MAX,
    state::app_state::App,
    web::{client::Client, error_info::ErrorInfo, network_semaphore::NetworkPermit},
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
    Reload this page in ten seconds and let your browser send the form once more. Or go back with your browser: the form \
    most likely still holds what you typed. Keep a copy of it, sign in in another tab, then send it again.";

/// For a request whose session, with the id `owner`, is not open.
pub(super) async fn ask_to_sign_in(app: &App, owner: &str, request: Request) -> Result<Response> {
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
pub(super) async fn keep_for_error_page(app: &App, request: Request) {
    let Some(_permit) = take_permit(app, &request) else { return };
    // If this fails, the page does not show what was sent.
    let _ = tokio::time::timeout(READING, kept_form::keep(request)).await;
}
