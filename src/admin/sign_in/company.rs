//! Signing in at the company's provider: there and back. What the answer is checked with is in a session without a user, counts
//! once, and for a few minutes. Whatever goes wrong, the screen says the same; the log says what it was.

use axum::{
    extract::{Query, rejection::QueryRejection},
    http::{HeaderName, HeaderValue, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use serde::{Deserialize, Serialize};

use super::screen::{View, retry_after, wait};
use crate::{
    admin::{
        paths::{CompanyCallbackPath, SignInCompanyPath},
        shared::{
            auth_context::AuthContext,
            auth_screen,
            log_in::{self, local},
            permission,
            routes::Routes,
            sessions::fault,
        },
    },
    clock::Timestamp,
    error::{Error, Result, ValidationErrors},
    model::{
        actor::{Actor, Role},
        company_identity::{self, CompanyAccount},
        policy::Action,
        session,
        user::User,
    },
    oidc::provider::{CompanyClaims, CompanyProvider, CompanyQuestion},
    state::app_state::App,
    web::{
        form::Form,
        security_log::{self, EventKind},
    },
};

/// Key of what the answer is checked with, among a session's values.
const STATE: &str = "company";
/// How long the sign-in at the provider may take, in milliseconds.
const LASTS: i64 = 10 * 60 * 1000;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.post(Action::SignIn, create).get(Action::SignIn, callback)
}

/// What is kept until the browser comes back.
#[derive(Debug, Serialize, Deserialize)]
struct CompanyStep {
    question: CompanyQuestion,
    next: String,
    begun_at: i64,
}

#[derive(Default, Serialize)]
struct LeavingView {
    address: String,
    company: String,
}

fn company(app: &App) -> Result<&CompanyProvider> {
    app.company.as_ref().ok_or(Error::NotFound)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct CompanyForm {
    next: String,
}

/// Leads to the provider by a page of its own: browsers let no form of this site lead elsewhere.
async fn create(_: SignInCompanyPath, auth: AuthContext, Form(typed): Form<CompanyForm>) -> Result<Response> {
    let AuthContext { app, session, client, .. } = &auth;
    let (company, next) = (company(app)?, local(&typed.next).to_owned());
    if permission::signed_in(app, Some(session)).await?.is_some() {
        return Ok(Redirect::to(&next).into_response());
    }
    // A session is stored, as for a passkey.
    match app.login_attempts.to_ask_for_passkey(*client, app.steady()) {
        Err(Error::TooMany(seconds)) => {
            let view = View { wait: Some(wait(app, seconds).await?), ..View::new(app, &next).await? };
            return Ok(retry_after(view.draw(app, StatusCode::TOO_MANY_REQUESTS).await?, seconds));
        }
        counted => counted?,
    }
    let (address, question) = match company.ask().await {
        Ok(asked) => asked,
        Err(reason) => return refuse(&auth, &next, &reason).await,
    };
    let step = CompanyStep { question, next, begun_at: app.steady().0 };
    session.insert(STATE, step).await.map_err(fault)?;
    session.save().await.map_err(fault)?;
    let refresh = HeaderValue::from_str(&format!("0;url={address}"));
    let refresh = refresh.map_err(|error| Error::internal("address of the company sign-in", error))?;
    let view = LeavingView { address, company: company.label().to_owned() };
    let mut response = auth_screen::screen(app, StatusCode::OK, "admin/sign_in/leaving.html", "Sign in", &view).await?;
    response.headers_mut().insert(HeaderName::from_static("refresh"), refresh);
    Ok(response)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct CallbackQuery {
    code: String,
    state: String,
    error: String,
}

async fn callback(
    _: CompanyCallbackPath,
    auth: AuthContext,
    query: Result<Query<CallbackQuery>, QueryRejection>,
) -> Result<Response> {
    let app = &auth.app;
    let company = company(app)?;
    let query = query.map(|Query(query)| query).unwrap_or_default();
    let Some(step) = take_step(&auth, &query.state).await? else {
        return refuse(&auth, "", "nothing was asked in this browser, or too long ago").await;
    };
    if query.code.is_empty() {
        let error: String = query.error.chars().filter(char::is_ascii_graphic).take(60).collect();
        return refuse(&auth, &step.next, &format!("it answered with the error “{error}”")).await;
    }
    let claims = match company.identify(&query.code, &step.question, app.now()).await {
        Ok(claims) => claims,
        Err(reason) => return refuse(&auth, &step.next, &reason).await,
    };
    match admit(app, &claims).await? {
        Ok(user) => {
            let response = log_in::begin(&auth, &user, &step.next).await?;
            Ok(security_log::attach(response, EventKind::SignIn, Some(user.id)))
        }
        Err(reason) => refuse(&auth, &step.next, reason).await,
    }
}

/// What this session was sent to the provider with, once: the session ends with it, on all nodes together.
async fn take_step(auth: &AuthContext, state: &str) -> Result<Option<CompanyStep>> {
    let AuthContext { app, session, .. } = auth;
    let step = session.get::<CompanyStep>(STATE).await.map_err(fault)?;
    let step = step.filter(|step| step.question.state == state);
    let (Some(step), Some(id)) = (step, session.id()) else { return Ok(None) };
    if !session::take(&app.db, &id.to_string()).await? {
        return Ok(None);
    }
    session.flush().await.map_err(fault)?;
    Ok((Timestamp(step.begun_at).plus(LASTS) > app.steady()).then_some(step))
}

/// The user whose account it is, signed in; or else a reason for the log.
async fn admit(app: &App, claims: &CompanyClaims) -> Result<std::result::Result<User, &'static str>> {
    let role = match &claims.roles {
        None => None,
        Some(names) => {
            match names.iter().filter_map(|name| Role::parse(name)).max_by_key(|role| *role == Role::Administrator) {
                None => return Ok(Err("none of the groups gives a role")),
                highest => highest,
            }
        }
    };
    let CompanyClaims { issuer, subject, email, .. } = claims;
    let account = CompanyAccount { issuer, subject, email, role };
    let admitted = app.change(Actor::visitor(), async |write| company_identity::admit(write, &account).await).await;
    match admitted {
        Err(Error::AccountChanged) => Ok(Err("the account was changed meanwhile")),
        Err(error) => Err(error),
        Ok(Err(refusal)) => Ok(Err(refusal.reason())),
        Ok(Ok(user)) => {
            if role.is_some_and(|role| role != user.role) {
                tracing::warn!(user = user.id, "the groups take the role of the last administrator, who keeps it");
            }
            Ok(Ok(user))
        }
    }
}

const REFUSAL: &str = "You could not be signed in with your company account. Try again, or ask an administrator";

async fn refuse(auth: &AuthContext, next: &str, reason: &str) -> Result<Response> {
    let app = &auth.app;
    app.fault_log.tell("the company sign-in let nobody in", reason);
    let view = View { errors: ValidationErrors::one("", REFUSAL).into(), ..View::new(app, local(next)).await? };
    let response = view.draw(app, view.errors.status()).await?;
    Ok(security_log::attach(response, EventKind::CompanyRefused, None))
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/sign_in/leaving.html", crate::admin::shared::auth_screen::sample_screen::<LeavingView>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    LeavingView { address, company }
}
