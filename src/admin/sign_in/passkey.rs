//! Signing in with a passkey, alone or after the password: the browser asks its user to unlock it, which proves two things at
//! once. It finds the passkey by itself, so no account is named before. What it has to sign is in a session without a user,
//! counts once, and for a few minutes.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::screen::{ONLY_COMPANY, View, retry_after, wait};
use crate::{
    admin::{
        paths::{PasskeyChallengePath, SignInPasskeyPath},
        shared::{
            auth_context::AuthContext,
            known_device,
            log_in::{self, local},
            permission,
            routes::Routes,
            sessions::fault,
        },
    },
    clock::Timestamp,
    error::{Error, Result, ValidationErrors},
    model::{
        actor::Actor,
        passkey::{self, StoredPasskey},
        policy::Action,
        relying_party::{PasskeyAnswer, RelyingParty},
        session, sign_in,
        user::{self, User},
    },
    state::app_state::App,
    web::{
        form::Form,
        security_log::{self, EventKind},
    },
};

/// Key of what the answer is checked with, among a session's values.
const STATE: &str = "passkey";
/// How long an answer may take, in milliseconds. `static/admin/passkey.js` asks again before.
const LASTS: i64 = 5 * 60 * 1000;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.post(Action::SignIn, challenge).post(Action::SignIn, create)
}

fn party(app: &App) -> Result<&RelyingParty> {
    if app.has_only_company_sign_in() {
        return Err(Error::BadRequest(format!("{ONLY_COMPANY}.")));
    }
    app.relying_party.as_ref().map_err(|_| Error::NotFound)
}

/// What the script asks the browser for, as JSON. A user who is signed in is not asked, and keeps their session.
async fn challenge(_: PasskeyChallengePath, auth: AuthContext) -> Result<Response> {
    let AuthContext { app, session, client, .. } = &auth;
    let party = party(app)?;
    if permission::signed_in(app, Some(session)).await?.is_some() {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    app.login_attempts.to_ask_for_passkey(*client, app.steady())?;
    let question = party.ask()?;
    session.insert(STATE, (question.state, app.steady().0)).await.map_err(fault)?;
    session.save().await.map_err(fault)?;
    Ok(([(header::CONTENT_TYPE, "application/json")], question.options).into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PasskeyForm {
    /// The browser's answer, as JSON.
    answer: String,
    next: String,
}

async fn create(_: SignInPasskeyPath, auth: AuthContext, Form(typed): Form<PasskeyForm>) -> Result<Response> {
    let (app, next) = (&auth.app, local(&typed.next).to_owned());
    party(app)?;
    let (Some(state), Some(answer)) = (take_state(&auth).await?, PasskeyAnswer::parse(&typed.answer)) else {
        return refuse(app, &next, None).await;
    };
    let owner = find_owner(app, &answer).await?;
    let user = owner.as_ref().map(|(_, user)| user);
    let device = match user {
        Some(user) => known_device::recognise(app, &auth.headers, user).await?,
        None => None,
    };
    let counted = match app.login_attempts.with_passkey(device.as_deref(), auth.client, app.steady()) {
        Err(Error::TooMany(seconds)) => return too_often(app, seconds, &next, user).await,
        counted => counted?,
    };
    if let Some((stored, user)) = &owner
        && admit(app, &state, &answer, (stored, user)).await?
    {
        app.login_attempts.refund(counted);
        let response = log_in::begin(&auth, user, &next).await?;
        return Ok(security_log::attach(response, EventKind::SignIn, Some(user.id)));
    }
    refuse(app, &next, user).await
}

/// What this session was asked to sign, once: the session ends with it, on all nodes together.
async fn take_state(auth: &AuthContext) -> Result<Option<String>> {
    let AuthContext { app, session, .. } = auth;
    let state = session.get::<(String, i64)>(STATE).await.map_err(fault)?;
    let (Some((state, at)), Some(id)) = (state, session.id()) else { return Ok(None) };
    if !session::take(&app.db, &id.to_string()).await? {
        return Ok(None);
    }
    session.flush().await.map_err(fault)?;
    Ok((Timestamp(at).plus(LASTS) > app.steady()).then_some(state))
}

/// The passkey that an answer names, and whose it is.
async fn find_owner(app: &App, answer: &PasskeyAnswer) -> Result<Option<(StoredPasskey, User)>> {
    let Some(stored) = passkey::find(app.read(), &answer.credential_id()).await? else { return Ok(None) };
    let user = Error::optional(user::get(app.read(), stored.user_id).await)?;
    Ok(user.map(|user| (stored, user)))
}

/// Whether an answer proves that its sender is this user, and they may sign in. Either is recorded.
async fn admit(
    app: &App,
    state: &str,
    answer: &PasskeyAnswer,
    (stored, user): (&StoredPasskey, &User),
) -> Result<bool> {
    let proof = party(app)?.check(answer, state, &stored.passkey()?, user.id)?;
    let admitted = app
        .change(Actor::visitor(), async |write| sign_in::admit_with_passkey(write, user, stored, proof.as_ref()).await)
        .await;
    match admitted {
        Err(Error::AccountChanged) => Ok(false),
        admitted => admitted,
    }
}

const REFUSAL: &str = "No account here has this passkey, or it took too long. Try again, or sign in with your password";

async fn refuse(app: &App, next: &str, user: Option<&User>) -> Result<Response> {
    let view = View { errors: ValidationErrors::one("", REFUSAL).into(), ..View::new(app, next).await? };
    let response = view.draw(app, view.errors.status()).await?;
    Ok(security_log::attach(response, EventKind::WrongPasskey, user.map(|user| user.id)))
}

async fn too_often(app: &App, seconds: u64, next: &str, user: Option<&User>) -> Result<Response> {
    let view = View { wait: Some(wait(app, seconds).await?), ..View::new(app, next).await? };
    let response = retry_after(view.draw(app, StatusCode::TOO_MANY_REQUESTS).await?, seconds);
    Ok(security_log::attach(response, EventKind::LockedOut, user.map(|user| user.id)))
}
