//! Signing in. One-time links sign users in through [`log_in`] too.

use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use serde::{Deserialize, Serialize};
use tower_sessions::Session;

use crate::{
    admin::{
        paths::SignInPath,
        shared::{
            admin_context::When,
            auth_context::AuthContext,
            auth_screen,
            confirm_password::BUSY,
            known_device,
            log_in::{local, log_in},
            permission,
            routes::Routes,
            session_end::SessionEnd,
        },
    },
    clock::Timestamp,
    error::{Error, Result, ValidationErrors},
    model::{
        actor::Actor,
        password::Priority,
        policy::Action,
        roles,
        settings::Settings,
        sign_in::{self, Candidate},
        user::{self, User},
        write::Write,
    },
    state::app_state::App,
    web::{
        form::Form,
        form_errors::FormErrors,
        security_log::{self, EventKind},
    },
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::SignIn, new).post(Action::SignIn, create)
}

/// What the address may ask for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SignInQuery {
    next: String,
    out: String,
    why: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SignInForm {
    email: String,
    password: String,
    next: String,
}

#[derive(Default, Serialize)]
struct View {
    email: String,
    next: String,
    errors: FormErrors,
    left: bool,
    /// Why the session has ended, in sentences; or empty.
    ended: String,
    wait: Option<When>,
    /// Whether the link for the first administrator has to be opened before anyone can be invited.
    no_administrator: bool,
    /// Whether nobody can sign in yet, so that a form would be of no use.
    no_users: bool,
}

const TEMPLATE: &str = "admin/sign_in/new.html";

pub(crate) async fn new(
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
        next: local(&query.next).to_owned(),
        left: !query.out.is_empty(),
        ended: SessionEnd::parse(&query.why).map_or_else(String::new, describe_end),
        no_administrator: !roles::has_administrator(app.read()).await?,
        no_users: !roles::has_users(app.read()).await?,
        ..View::default()
    };
    auth_screen::screen(&app, StatusCode::OK, TEMPLATE, "Sign in", &view).await
}

/// Why the session has ended, and what to do about it.
fn describe_end(end: SessionEnd) -> String {
    let then = if end == SessionEnd::Deactivated { "" } else { " Sign in to go on." };
    end.sentence() + then
}

/// Longest address that the form shows again, in bytes. Real ones are shorter, and pages for strangers stay small.
const SHOWN: usize = 2000;

pub(crate) async fn create(_: SignInPath, auth: AuthContext, Form(typed): Form<SignInForm>) -> Result<Response> {
    let app = &auth.app;
    let next = local(&typed.next).to_owned();
    let view = View {
        email: Some(&typed.email).filter(|email| email.len() <= SHOWN).cloned().unwrap_or_default(),
        next: next.clone(),
        no_administrator: !roles::has_administrator(app.read()).await?,
        no_users: !roles::has_users(app.read()).await?,
        ..View::default()
    };
    if let Err(invalid) = check_filled(&typed) {
        return form_again(app, View { errors: invalid.into(), ..view }).await;
    }
    let admitted = match check_login(&auth, &typed).await {
        Ok(Attempt::Admitted(user)) => log_in(&auth, &user, &next)
            .await
            .map(|response| security_log::attach(response, EventKind::SignIn, Some(user.id))),
        Ok(Attempt::Refused(user)) => {
            let refusal = ValidationErrors::one("", "The e-mail address or the password is not right");
            let response = form_again(app, View { errors: refusal.into(), ..view }).await?;
            return Ok(security_log::attach(response, EventKind::WrongPassword, user));
        }
        Ok(Attempt::LockedOut(seconds, user)) => {
            return Ok(security_log::attach(too_often(app, seconds, view).await?, EventKind::LockedOut, user));
        }
        Err(error) => Err(error),
    };
    match admitted {
        Err(Error::Busy(seconds)) => unavailable(app, seconds, BUSY, view).await,
        Err(Error::Storage(fault)) => {
            app.fault_log.tell("a user cannot sign in", fault);
            unavailable(app, RETRY, STORAGE, view).await
        }
        admitted => admitted,
    }
}

fn check_filled(typed: &SignInForm) -> Result<(), ValidationErrors> {
    let mut invalid = ValidationErrors::default();
    if typed.email.trim().is_empty() {
        invalid.add("email", "Enter your e-mail address");
    }
    if typed.password.is_empty() {
        invalid.add("password", "Enter your password");
    }
    invalid.finish(|| ())
}

/// The outcome of an attempt to sign in.
enum Attempt {
    Admitted(User),
    /// The password was wrong, or the account may not sign in; its id, if there is one.
    Refused(Option<i64>),
    /// The password was not checked; the seconds to wait, and the id of the account.
    LockedOut(u64, Option<i64>),
}

/// Checks the password; counts and logs it when it is wrong. Known and unknown accounts take the same path, so that
/// neither the answer nor its time shows which it is.
async fn check_login(auth: &AuthContext, typed: &SignInForm) -> Result<Attempt> {
    let AuthContext { app, client, headers, .. } = auth;
    let email = user::fold_email(&typed.email);
    let candidate = sign_in::find(app.read(), &email).await?;
    let device = candidate.as_ref().and_then(|candidate| known_device::recognise(app, headers, &candidate.user));
    let priority = if device.is_some() { Priority::Known } else { Priority::Stranger(client.group()) };
    let counted = match device {
        Some(device_id) => app.login_attempts.by_known_device(&device_id, app.steady()),
        None => app.login_attempts.by_unknown_device(&email, candidate.as_ref(), *client, app.steady()),
    };
    let user = candidate.as_ref().map(|candidate| candidate.user.id);
    let counted = match counted {
        Err(Error::TooMany(seconds)) => return Ok(Attempt::LockedOut(seconds, user)),
        counted => counted?,
    };
    match sign_in::verify_password(&app.hasher, candidate.as_ref(), &typed.password, priority).await {
        Ok(true) => app.login_attempts.refund(counted),
        Ok(false) => return log_failure(app, candidate.as_ref()).await,
        Err(error) => {
            // The password was not checked.
            app.login_attempts.refund(counted);
            return Err(error);
        }
    }
    let Some(Candidate { user, .. }) = candidate else { return Ok(Attempt::Refused(None)) };
    let is_admitted = app.change(user.actor(), async |write| sign_in::admit(write, &user).await).await?;
    Ok(if is_admitted { Attempt::Admitted(user) } else { Attempt::Refused(Some(user.id)) })
}

/// A failure for an account that does not exist is in the security log only, or strangers would fill the audit log. The
/// storage is written to all the same, so that the time of the answer does not tell whether there is an account.
async fn log_failure(app: &App, candidate: Option<&Candidate>) -> Result<Attempt> {
    let Some(Candidate { user, .. }) = candidate else {
        app.check_writing().await?;
        return Ok(Attempt::Refused(None));
    };
    let log = async |write: &mut Write| {
        sign_in::log_failure(write, user);
        Ok(())
    };
    app.change(Actor::visitor(), log).await?;
    Ok(Attempt::Refused(Some(user.id)))
}

async fn form_again(app: &App, view: View) -> Result<Response> {
    auth_screen::screen(app, view.errors.status(), TEMPLATE, "Sign in", &view).await
}

async fn too_often(app: &App, seconds: u64, view: View) -> Result<Response> {
    let wait = wait(app, seconds).await?;
    let view = View { wait: Some(wait), ..view };
    let mut response = auth_screen::screen(app, StatusCode::TOO_MANY_REQUESTS, TEMPLATE, "Sign in", &view).await?;
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    Ok(response)
}

/// When to try again after the storage failed, in seconds.
const RETRY: u64 = 60;
const STORAGE: &str =
    "The storage of this site does not work at the moment, so you cannot be signed in. Try again in a minute";

async fn unavailable(app: &App, seconds: u64, sentence: &str, view: View) -> Result<Response> {
    let view = View { errors: ValidationErrors::one("", sentence).into(), ..view };
    let mut response = auth_screen::screen(app, StatusCode::SERVICE_UNAVAILABLE, TEMPLATE, "Sign in", &view).await?;
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    Ok(response)
}

/// When to try again, in words.
pub(crate) async fn wait(app: &App, seconds: u64) -> Result<When> {
    let now = app.now();
    // Times are shown to the minute: rounded up, so that nobody tries too early.
    let end = now.plus(i64::try_from(seconds).unwrap_or(0) * 1000);
    let end = Timestamp((end.0 + 59_999) / 60_000 * 60_000);
    let zone = Settings::load(app.read()).await?.zone();
    Ok(When::of(end, now.minus(now.0 % 60_000), &zone))
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/sign_in/new.html", crate::admin::shared::auth_screen::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { email, next, errors, left, ended, wait, no_administrator, no_users }
}
