//! Asks a signed-in user for their password again, or for a code or a passkey: before they change who may sign in and do
//! what, and before they change the password itself. So someone who finds or steals an open session cannot do this.

use axum::{
    body::{Body, to_bytes},
    extract::{FromRequestParts, Request},
    http::{Method, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use serde::Serialize;
use tower_sessions::Session;

use super::{admin_context::AdminContext, confirm_passkey, sessions::fault};
use crate::{
    admin::paths::{
        AccountPath, BackupDownloadPath, BackupPath, DashboardPath, ExportPersonalDataPath, MessageExportPath,
        MessagesPath, PersonalDataPath, UsersPath, WebhooksPath,
    },
    clock::Timestamp,
    error::{Error, Result, ValidationErrors},
    model::{code_app, one_time_code, password::Priority, policy::Action, sign_in, user::User},
    state::app_state::App,
    web::{
        form,
        form_errors::FormErrors,
        path::is_at_or_below,
        security_log::{self, EventKind},
        submissions::SUBMISSION_FIELD,
    },
};

/// Key of the time of the last confirmation among a session's values.
const CONFIRMED: &str = "confirmed";
/// How long a confirmation lasts, in milliseconds.
const LASTS: i64 = 10 * 60 * 1000;
const FIELD: &str = "confirm_password";
/// A passkey in its place: the browser's answer, as JSON.
const PASSKEY: &str = "confirm_passkey";
/// Largest body that is kept while the password is asked for, in bytes.
const LARGEST: usize = 64 * 1024;

/// Whether this request needs a recent confirmation: everything that changes who may sign in and do
/// what, and what takes personal data out.
#[must_use]
pub(crate) fn is_needed(method: &Method, action: Action) -> bool {
    use Action::{ChangeOwnFactors, DownloadBackups, ExportMessages, HandlePersonalData, ManageUsers, ManageWebhooks};
    !method.is_safe()
        && matches!(
            action,
            ManageUsers | ChangeOwnFactors | ExportMessages | DownloadBackups | HandlePersonalData | ManageWebhooks
        )
}

/// Passes the request on if the user confirmed recently or does so with it; otherwise asks for the password, and keeps
/// what was sent. The request carries the user.
/// Fails when the form cannot be read or the session fails.
pub(crate) async fn check(app: &App, request: Request, next: Next) -> Result<Response> {
    let (mut parts, body) = request.into_parts();
    let session = parts.extensions.get::<Session>().cloned().ok_or(Error::Forbidden)?;
    if is_recent(app, &session).await? {
        return Ok(next.run(Request::from_parts(parts, body)).await);
    }
    let Ok(bytes) = to_bytes(body, LARGEST).await else {
        return Ok(StatusCode::PAYLOAD_TOO_LARGE.into_response());
    };
    let mut fields: Vec<(String, String)> = form::read(&bytes)?;
    let find = |field: &str| fields.iter().find(|(name, _)| name == field).map(|(_, value)| value.clone());
    let (typed, passkey) = (find(FIELD), find(PASSKEY).filter(|answer| !answer.is_empty()));
    // The screen has a submission of its own, and adds the user name for password managers.
    fields.retain(|(name, _)| ![FIELD, PASSKEY, "username", SUBMISSION_FIELD].contains(&name.as_str()));
    let admin = AdminContext::from_request_parts(&mut parts, app).await?;
    let proved = match (typed, passkey) {
        (_, Some(answer)) => confirm_passkey::check(&admin, &answer).await,
        (Some(typed), None) => check_proof(app, &admin.user, &typed).await,
        (None, None) => return ask(&admin, &parts, fields, StatusCode::OK, FormErrors::default()).await,
    };
    if let Err(error) = proved {
        let (status, errors) = refusal(app, error, FIELD)?;
        let response = ask(&admin, &parts, fields, status, errors).await?;
        return Ok(mark(response, admin.user.id));
    }
    session.insert(CONFIRMED, app.steady().0).await.map_err(fault)?;
    let body = serde_html_form::to_string(&fields).map_err(|error| Error::internal("form", error))?;
    parts.headers.remove(header::CONTENT_LENGTH);
    Ok(next.run(Request::from_parts(parts, Body::from(body))).await)
}

async fn is_recent(app: &App, session: &Session) -> Result<bool> {
    let at = session.get::<i64>(CONFIRMED).await.map_err(fault)?;
    let now = app.steady();
    Ok(at.is_some_and(|at| Timestamp(at) <= now && Timestamp(at).plus(LASTS) > now))
}

/// Whether `typed` is this user's password, or a code from their app.
/// The errors of [`check_password`].
async fn check_proof(app: &App, user: &User, typed: &str) -> Result<()> {
    if !user.has_second_factor || one_time_code::parse_code(typed).is_none() {
        return check_password(app, user, typed, FIELD).await;
    }
    let counted = app.login_attempts.by_signed_in_user(user.id, app.steady())?;
    if !code_app::use_code(&app.db, user.id, &app.signing_key, typed, app.now()).await? {
        return Err(
            ValidationErrors::one(FIELD, "This is not the code that your app shows now, or you have used it").into()
        );
    }
    app.login_attempts.refund(counted);
    Ok(())
}

/// Whether `typed` is this user's password. Attempts are limited, so that it cannot be guessed here.
/// `Validation` on `field` when it is not; `TooMany`; `Busy`.
pub(crate) async fn check_password(app: &App, user: &User, typed: &str, field: &str) -> Result<()> {
    let counted = app.login_attempts.by_signed_in_user(user.id, app.steady())?;
    let candidate = sign_in::find(app.read(), &user.email).await?;
    match sign_in::verify_password(&app.hasher, candidate.as_ref(), typed, Priority::Known).await {
        Ok(false) => Err(ValidationErrors::one(field, "This is not your present password").into()),
        proved => {
            app.login_attempts.refund(counted);
            proved.map(|_| ())
        }
    }
}

/// A status and a sentence beside `field` for an error of [`check_password`].
pub(crate) fn refusal(app: &App, error: Error, field: &str) -> Result<(StatusCode, FormErrors)> {
    let beside = |sentence: String| FormErrors::from(ValidationErrors::one(field, sentence));
    match error {
        Error::Validation(invalid) => {
            let errors = FormErrors::from(invalid);
            Ok((errors.status(), errors))
        }
        Error::TooMany(seconds) => {
            let now = app.now();
            let until = now.plus(i64::try_from(seconds).unwrap_or(0).saturating_mul(1000).saturating_add(59_999));
            let sentence = format!("Too many attempts with a wrong password. Try again {}", until.relative(now));
            Ok((StatusCode::TOO_MANY_REQUESTS, beside(sentence)))
        }
        Error::Busy(_) => Ok((StatusCode::SERVICE_UNAVAILABLE, beside(BUSY.to_owned()))),
        other => Err(other),
    }
}

/// Said when too many wait for their passwords to be checked.
pub(crate) const BUSY: &str = "Too many users are signing in at the moment. Wait a few seconds, then try again";

/// Marks a refusal of [`check_password`] for the security log.
#[must_use]
pub(crate) fn mark(response: Response, user_id: i64) -> Response {
    match response.status() {
        StatusCode::UNPROCESSABLE_ENTITY => security_log::attach(response, EventKind::WrongPassword, Some(user_id)),
        StatusCode::TOO_MANY_REQUESTS => security_log::attach(response, EventKind::LockedOut, Some(user_id)),
        _ => response,
    }
}

#[derive(Serialize)]
struct View {
    action: String,
    fields: Vec<(String, String)>,
    email: String,
    minutes: i64,
    /// Whether a code from their app will do too.
    takes_code: bool,
    /// What the script asks the browser for when the user has passkeys, as JSON; or empty.
    passkey_options: String,
    /// Where to go instead.
    cancel: &'static str,
    /// Whether something typed or chosen would be lost with this screen.
    holds_input: bool,
    /// Whether a file is downloaded then, so that the browser stays on this screen.
    is_download: bool,
    errors: FormErrors,
}

/// What answers with a file.
const DOWNLOADS: [&str; 3] = [BackupDownloadPath::PATH, ExportPersonalDataPath::PATH, MessageExportPath::PATH];

async fn ask(
    admin: &AdminContext,
    parts: &Parts,
    fields: Vec<(String, String)>,
    status: StatusCode,
    errors: FormErrors,
) -> Result<Response> {
    let action = parts.uri.path_and_query().map_or(DashboardPath::PATH, |target| target.as_str()).to_owned();
    let holds_input = fields.iter().any(|(name, value)| !name.starts_with("was_") && !value.is_empty());
    let (email, minutes) = (admin.user.email.clone(), LASTS / 60_000);
    let cancel = match parts.uri.path() {
        path if is_at_or_below(path, AccountPath::PATH) => AccountPath::PATH,
        path if is_at_or_below(path, MessagesPath::PATH) => MessagesPath::PATH,
        path if is_at_or_below(path, BackupPath::PATH) => BackupPath::PATH,
        path if is_at_or_below(path, PersonalDataPath::PATH) => PersonalDataPath::PATH,
        path if is_at_or_below(path, WebhooksPath::PATH) => WebhooksPath::PATH,
        _ => UsersPath::PATH,
    };
    let takes_code = code_app::find(admin.app.read(), admin.user.id).await?.is_some();
    let passkey_options = confirm_passkey::ask(admin).await?;
    let is_download = DOWNLOADS.contains(&parts.uri.path());
    let view =
        View { action, fields, email, minutes, takes_code, passkey_options, cancel, holds_input, is_download, errors };
    admin.screen_as(status, "admin/confirm.html", "Confirm with your password", &view).await
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/confirm.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { action, fields, email, minutes, takes_code, passkey_options, cancel, holds_input, is_download, errors }
}
