//! Signs a user in, or says why not.

use axum::{http::StatusCode, response::Response};
use serde::Deserialize;

use super::{
    attempt::{self, Attempt},
    screen::{ONLY_COMPANY, View, retry_after, wait},
};
use crate::{
    admin::{
        paths::SignInPath,
        shared::{
            auth_context::AuthContext,
            confirm_password::BUSY,
            log_in::{local, log_in},
            routes::Routes,
            second_step::{self, SecondStep},
        },
    },
    error::{Error, Result, ValidationErrors},
    model::{policy::Action, user},
    state::app_state::App,
    web::{
        form::Form,
        security_log::{self, EventKind},
    },
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.post(Action::SignIn, create)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SignInForm {
    email: String,
    password: String,
    next: String,
}

/// Longest address that the form shows again, in bytes. Real ones are shorter, and pages for strangers stay small.
const SHOWN: usize = 2000;

async fn create(_: SignInPath, auth: AuthContext, Form(typed): Form<SignInForm>) -> Result<Response> {
    let app = &auth.app;
    let next = local(&typed.next).to_owned();
    let view = View {
        email: Some(&typed.email).filter(|email| email.len() <= SHOWN).cloned().unwrap_or_default(),
        ..View::new(app, &next).await?
    };
    if app.has_only_company_sign_in() {
        return form_again(app, View { errors: ValidationErrors::one("", ONLY_COMPANY).into(), ..view }).await;
    }
    if let Err(invalid) = check_filled(&typed) {
        return form_again(app, View { errors: invalid.into(), ..view }).await;
    }
    let admitted = match attempt::check(&auth, &typed.email, &typed.password).await {
        Ok(Attempt::Admitted(user)) => log_in(&auth, &user, &next)
            .await
            .map(|response| security_log::attach(response, EventKind::SignIn, Some(user.id))),
        Ok(Attempt::Proved(user)) => return log_in(&auth, &user, &next).await,
        Ok(Attempt::Refused { user, asks: true }) => {
            let step = SecondStep::of_nobody(&auth, &user::fold_email(&typed.email), &next);
            let response = second_step::begin(&auth, step).await?;
            return Ok(security_log::attach(response, EventKind::WrongPassword, user));
        }
        Ok(Attempt::Refused { user, asks: false }) => {
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

async fn form_again(app: &App, view: View) -> Result<Response> {
    view.draw(app, view.errors.status()).await
}

async fn too_often(app: &App, seconds: u64, view: View) -> Result<Response> {
    let wait = wait(app, seconds).await?;
    let view = View { wait: Some(wait), ..view };
    Ok(retry_after(view.draw(app, StatusCode::TOO_MANY_REQUESTS).await?, seconds))
}

/// When to try again after the storage failed, in seconds.
const RETRY: u64 = 60;
const STORAGE: &str =
    "The storage of this site does not work at the moment, so you cannot be signed in. Try again in a minute";

async fn unavailable(app: &App, seconds: u64, sentence: &str, view: View) -> Result<Response> {
    let view = View { errors: ValidationErrors::one("", sentence).into(), ..view };
    Ok(retry_after(view.draw(app, StatusCode::SERVICE_UNAVAILABLE).await?, seconds))
}
