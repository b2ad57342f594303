//! “Forgotten password?”: has a link sent to an address, if an account has it. Neither the answer nor its time says whether one
//! does: the same is stored for every address, and looked up when it is sent.

use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};

use super::screen::{ONLY_COMPANY, retry_after, wait};
use crate::{
    admin::{
        paths::{ForgottenPasswordPath, SignInPath},
        shared::{auth_context::AuthContext, auth_screen, routes::Routes},
    },
    error::{Error, Result, ValidationErrors},
    model::{invitation, policy::Action, user},
    state::app_state::App,
    web::{
        form::Form,
        form_errors::FormErrors,
        security_log::{self, EventKind},
    },
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::SignIn, show).post(Action::SignIn, ask)
}

#[derive(Default, Serialize)]
struct ForgottenView {
    email: String,
    errors: FormErrors,
    /// Whether this portal sends e-mails.
    is_sent: bool,
    /// Whether a link was asked for.
    is_asked: bool,
}

impl ForgottenView {
    fn new(app: &App) -> Self {
        Self { is_sent: app.mailer.is_some(), ..Self::default() }
    }

    async fn draw(&self, app: &App, status: StatusCode) -> Result<Response> {
        auth_screen::screen(app, status, "admin/sign_in/forgotten.html", "Forgotten password", self).await
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ForgottenQuery {
    asked: String,
}

async fn show(
    _: ForgottenPasswordPath,
    State(app): State<App>,
    Query(query): Query<ForgottenQuery>,
) -> Result<Response> {
    if app.has_only_company_sign_in() {
        return Ok(Redirect::to(SignInPath::PATH).into_response());
    }
    ForgottenView { is_asked: !query.asked.is_empty(), ..ForgottenView::new(&app) }.draw(&app, StatusCode::OK).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ForgottenForm {
    email: String,
}

/// Longest address that the form shows again, in bytes.
const SHOWN: usize = 2000;

async fn ask(_: ForgottenPasswordPath, auth: AuthContext, Form(typed): Form<ForgottenForm>) -> Result<Response> {
    let app = &auth.app;
    if app.has_only_company_sign_in() {
        return Err(Error::BadRequest(format!("{ONLY_COMPANY}.")));
    }
    let Some(mailer) = &app.mailer else {
        return Err(Error::BadRequest("This portal sends no e-mail.".to_owned()));
    };
    let Some(email) = user::parse_email(&typed.email) else {
        let invalid = ValidationErrors::one("email", user::NO_EMAIL);
        return again(app, typed, StatusCode::UNPROCESSABLE_ENTITY, invalid).await;
    };
    match app.login_attempts.by_forgetting(&email, auth.client, app.steady()) {
        Ok(()) => {}
        Err(Error::TooMany(seconds)) => {
            let until = wait(app, seconds).await?.relative;
            let sentence = format!("Several links were asked for. Look for the e-mail, or try again {until}");
            let invalid = ValidationErrors::one("", sentence);
            return Ok(retry_after(again(app, typed, StatusCode::TOO_MANY_REQUESTS, invalid).await?, seconds));
        }
        Err(error) => return Err(error),
    }
    invitation::ask(&app.db, &email, app.now()).await?;
    mailer.wake();
    let response = Redirect::to(&format!("{ForgottenPasswordPath}?asked=yes")).into_response();
    Ok(security_log::attach(response, EventKind::LinkAsked, None))
}

async fn again(app: &App, typed: ForgottenForm, status: StatusCode, invalid: ValidationErrors) -> Result<Response> {
    let email = Some(typed.email).filter(|email| email.len() <= SHOWN).unwrap_or_default();
    ForgottenView { email, errors: invalid.into(), ..ForgottenView::new(app) }.draw(app, status).await
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/sign_in/forgotten.html", crate::admin::shared::auth_screen::sample_screen::<ForgottenView>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    ForgottenView { email, errors, is_sent, is_asked }
}
