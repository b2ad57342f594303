//! Handles a form that is sent twice once: the second request waits for the first and gets the same response. All forms
//! of the admin area and the sign-in pages carry a random value for this, from the template function `submission`.
//!
//! A response that was too large to be kept is made again; its handler learns from [`Repeated`] that the change is done
//! already.
//!
//! [`finish`] is the layer around the sessions: it keeps the response with its cookie, and finishes the work even when
//! the browser has closed the connection. [`once`] runs after the guard, so only permitted requests get a response.

use std::{
    convert::Infallible,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    body::Body,
    extract::{FromRequest, FromRequestParts, Request},
    http::{Method, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use tower_sessions::Session;
use tracing::Instrument;

use super::{
    flash,
    other_user::OtherUsersForm,
    sessions::USER,
    shared_submission::{self, SharedClaim},
    submission_effect::{self, SubmissionEffect},
};
use crate::{
    error::Result,
    model::user::User,
    state::app_state::App,
    web::submissions::{Claim, SubmissionGuard, find_mark, sent::SentForm, stored_response::StoredResponse},
};

/// The header by which a script asks for the target of a redirect instead of being redirected.
pub(crate) const BY_SCRIPT: &str = "x-submit";
/// The header with that target.
pub(crate) const LEADS_TO: &str = "x-location";

/// How long the answer to a signed-in user is kept.
const SIGNED_IN: Duration = Duration::from_mins(5);
/// How long a refusal is kept for a script that sent the form first: the browser sends the same form at once to show
/// the page.
const PASSED_ON: Duration = Duration::from_secs(5);
/// How long an answer that may hold a new session is kept: long enough for a double click.
const SIGNED_OUT: Duration = Duration::from_secs(10);

/// Whether the form was handled a moment ago, and only the response is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Repeated(pub bool);

impl<S: Sync> FromRequestParts<S> for Repeated {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get().copied().unwrap_or(Self(false)))
    }
}

/// What [`once`] tells [`finish`].
#[derive(Clone, Default)]
struct Slot(Arc<Mutex<Option<Found>>>);

enum Found {
    First { permit: SubmissionGuard, shared: Option<SharedClaim>, note: String, time: Duration },
    Again(Arc<StoredResponse>),
}

impl Slot {
    fn set(&self, found: Found) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(found);
    }

    async fn answer(&self, response: Response, by_script: bool) -> Response {
        let found = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        match found {
            None => response,
            Some(Found::First { permit, shared, note, time }) => {
                let refused = (by_script && is_shown_next(response.status())).then_some(PASSED_ON);
                let (response, kept) = permit.finish(response, note, time, refused).await;
                if let (Some(shared), Some(kept)) = (shared, kept) {
                    shared.keep(kept).await;
                }
                response
            }
            Some(Found::Again(kept)) => kept.into_response(),
        }
    }
}

/// The layer around all routes of the admin area.
pub(crate) async fn finish(mut request: Request, next: Next) -> Response {
    if *request.method() != Method::POST {
        return next.run(request).await;
    }
    let by_script = request.headers().contains_key(BY_SCRIPT);
    let slot = Slot::default();
    request.extensions_mut().insert(slot.clone());
    let work = async move { slot.answer(next.run(request).await, by_script).await };
    let response = match tokio::spawn(work.in_current_span()).await {
        Ok(response) => response,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        },
    };
    if by_script { for_script(response) } else { response }
}

/// Whether `static/admin/send.js` lets the browser show a refusal, by sending the form itself.
fn is_shown_next(status: StatusCode) -> bool {
    matches!(status, StatusCode::BAD_REQUEST | StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY)
}

/// Turns a redirect into a header, because scripts cannot read a redirect's target.
fn for_script(response: Response) -> Response {
    let location = response.headers().get(header::LOCATION).filter(|_| response.status() == StatusCode::SEE_OTHER);
    let Some(location) = location.cloned() else { return response };
    let (mut parts, _) = response.into_parts();
    parts.status = StatusCode::NO_CONTENT;
    parts.headers.remove(header::LOCATION);
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(LEADS_TO, location);
    Response::from_parts(parts, Body::empty())
}

/// Handles the request, unless the same form was sent before.
pub(crate) async fn once<F>(app: &App, request: Request, handle: impl FnOnce(Request) -> F) -> Response
where
    F: Future<Output = Response>,
{
    let Some(slot) = slot(&request) else { return handle_other(app, request, handle).await };
    let (request, bytes) = match read(request).await {
        Ok(read) => read,
        Err(refusal) => return refusal,
    };
    if find_mark(&bytes).is_none() {
        return handle(request).await;
    }
    if let Some(form) = OtherUsersForm::of(&request, &bytes) {
        return form.refuse(app).await;
    }
    let session = request.extensions().get::<Session>().cloned();
    let user_id = request.extensions().get::<User>().map(|user| user.id);
    let time = if user_id.is_some() { SIGNED_IN } else { SIGNED_OUT };
    let owner = owner(session.as_ref());
    let sent = SentForm { signed_in: user_id.is_some(), ..sent_form(&owner, &request, &bytes) };
    let (claim, shared) = match app.submissions.claim(sent).await {
        Claim::First(permit) => shared_submission::claim(app, sent, permit).await,
        other => (other, None),
    };
    match claim {
        Claim::Untracked => handle(request).await,
        Claim::First(permit) => {
            let before = submission_effect::newest_entry(app).await;
            let response = handle(request).await;
            let flash = match &session {
                Some(session) => flash::peek(session).await,
                None => String::new(),
            };
            let note = note(app, user_id, before, flash).await;
            slot.set(Found::First { permit, shared, note, time });
            response
        }
        Claim::Again { kept, .. } if !kept.is_whole() => {
            let mut request = request;
            request.extensions_mut().insert(Repeated(true));
            handle(request).await
        }
        Claim::Again { kept, waited } => {
            if let Some(session) = session {
                let effect = SubmissionEffect::from_note(&kept.note);
                let flash = if waited { String::new() } else { effect.flash_again(app).await };
                catch_up(&session, &flash).await;
            }
            slot.set(Found::Again(kept));
            StatusCode::NO_CONTENT.into_response()
        }
    }
}

/// Handles what is not remembered: a form with files would have to be read for that, and sent again it adds nothing.
async fn handle_other<F>(app: &App, request: Request, handle: impl FnOnce(Request) -> F) -> Response
where
    F: Future<Output = Response>,
{
    match OtherUsersForm::pass_files(request).await {
        Ok(request) => handle(request).await,
        Err(form) => form.refuse(app).await,
    }
}

/// What is kept beside the response to a form that a user sent, from the newest audit entry `before` it on.
async fn note(app: &App, user_id: Option<i64>, before: Result<i64>, flash: String) -> String {
    let (Some(user_id), Ok(before)) = (user_id, before) else {
        return SubmissionEffect::only(flash).to_note();
    };
    let effect = SubmissionEffect::find(app, user_id, before, flash.clone()).await;
    effect.unwrap_or_else(|_| SubmissionEffect::only(flash)).to_note()
}

/// Reads the session again, because the first request may have changed it, and restores the flash if it was shown already.
async fn catch_up(session: &Session, flash: &str) {
    if session.id().is_none() || session.load().await.is_err() || flash.is_empty() {
        return;
    }
    if let Ok(Some(_)) = session.get::<i64>(USER).await {
        flash::put_back(session, flash).await;
    }
}

/// For a request whose session (`owner`) has ended: the redirect of the same form that ended it, such as signing out or
/// changing the password.
/// Errors: the request, when no such form is known.
pub(crate) async fn repeat(app: &App, owner: &str, request: Request) -> Result<Response, Request> {
    let Some(slot) = slot(&request).filter(|_| !owner.is_empty() && app.submissions.knows(owner)) else {
        return Err(request);
    };
    let (request, bytes) = match read(request).await {
        Ok(read) => read,
        Err(refusal) => return Ok(refusal),
    };
    let kept = app.submissions.find(sent_form(owner, &request, &bytes)).await.filter(|kept| kept.is_redirect());
    let Some(kept) = kept else { return Err(request) };
    slot.set(Found::Again(kept));
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The slot of a form that may change something. A preview never does, and is sent with every pause in typing.
fn slot(request: &Request) -> Option<Slot> {
    let kind = request.headers().get(header::CONTENT_TYPE)?;
    let is_form = kind.as_bytes().starts_with(b"application/x-www-form-urlencoded");
    let changes = is_form && !request.uri().path().ends_with("/preview");
    request.extensions().get::<Slot>().filter(|_| changes).cloned()
}

/// Reads the body within the limit of the route.
async fn read(request: Request) -> Result<(Request, Bytes), Response> {
    let (parts, body) = request.into_parts();
    let bytes = Bytes::from_request(Request::from_parts(parts.clone(), body), &()).await;
    let bytes = bytes.map_err(IntoResponse::into_response)?;
    Ok((Request::from_parts(parts, Body::from(bytes.clone())), bytes))
}

/// The id of the session that sent a request. Call it before the session is loaded: that drops the id of an ended one.
#[must_use]
pub(crate) fn owner(session: Option<&Session>) -> String {
    session.and_then(Session::id).map(|id| id.to_string()).unwrap_or_default()
}

fn sent_form<'a>(owner: &'a str, request: &'a Request, body: &'a [u8]) -> SentForm<'a> {
    let target = request.uri().path_and_query().map_or("", |target| target.as_str());
    SentForm { owner, signed_in: false, target, body }
}
