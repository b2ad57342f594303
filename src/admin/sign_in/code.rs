//! The second step of signing in: a code from the user's app, or a recovery code.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};
use tower_sessions::Session;

use super::screen::{SignInOffer, retry_after, wait};
use crate::{
    admin::{
        paths::{SignInCodePath, SignInPath},
        shared::{
            admin_context::When,
            auth_context::AuthContext,
            auth_screen, flash, known_device, log_in,
            routes::Routes,
            second_step::{self, SecondStep},
            signed_out::sign_in_path,
        },
    },
    error::{Error, Result, ValidationErrors},
    model::{
        actor::Actor,
        code_app::{self, Proof},
        policy::Action,
        recovery_code, sign_in,
        user::User,
    },
    state::app_state::App,
    text::count::pluralise,
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

#[derive(Default, Serialize)]
struct View {
    errors: FormErrors,
    wait: Option<When>,
    /// The sign-in page, to begin again.
    again: String,
    /// Where to go afterwards.
    next: String,
    #[serde(flatten)]
    offer: SignInOffer,
    /// Wrong codes in a row that an account bears.
    most_wrong: i64,
}

impl View {
    fn of(app: &App, step: &SecondStep) -> Self {
        Self {
            again: sign_in_path(&step.next, None),
            next: step.next.clone(),
            offer: SignInOffer::of(app),
            most_wrong: code_app::MOST_WRONG,
            ..Self::default()
        }
    }

    async fn draw(&self, app: &App, status: StatusCode) -> Result<Response> {
        auth_screen::screen(app, status, "admin/sign_in/code.html", "Enter a code", self).await
    }
}

/// For those who have not given a password, or a while ago.
fn begin_again() -> Response {
    Redirect::to(SignInPath::PATH).into_response()
}

async fn new(_: SignInCodePath, State(app): State<App>, session: Session) -> Result<Response> {
    match second_step::load(&app, &session).await? {
        Some(step) => View::of(&app, &step).draw(&app, StatusCode::OK).await,
        None => Ok(begin_again()),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct CodeForm {
    code: String,
}

async fn create(_: SignInCodePath, auth: AuthContext, Form(typed): Form<CodeForm>) -> Result<Response> {
    let app = &auth.app;
    let step = second_step::load(app, &auth.session).await?.filter(|_| !app.has_only_company_sign_in());
    let Some(step) = step else { return Ok(begin_again()) };
    let view = View::of(app, &step);
    if typed.code.trim().is_empty() {
        let errors = ValidationErrors::one("code", "Enter the code that your app shows").into();
        return View { errors, ..view }.draw(app, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let user = step.user(app).await?;
    let device = match &user {
        Some(user) => known_device::recognise(app, &auth.headers, user).await?,
        None => None,
    };
    let counted = match app.login_attempts.with_code(&step.email, device.as_deref(), auth.client, app.steady()) {
        Err(Error::TooMany(seconds)) => {
            let response = too_often(app, seconds, view).await?;
            return Ok(security_log::attach(response, EventKind::LockedOut, user.map(|user| user.id)));
        }
        counted => counted?,
    };
    let (Some(proof), Some(user)) = (prove(app, user.as_ref(), &typed.code).await?, user.as_ref()) else {
        let refusal =
            "The e-mail address, the password or the code is not right. A code works once, so wait for the next one";
        let view = View { errors: ValidationErrors::one("", refusal).into(), ..view };
        let response = view.draw(app, view.errors.status()).await?;
        return Ok(security_log::attach(response, EventKind::WrongCode, user.map(|user| user.id)));
    };
    app.login_attempts.refund(counted);
    finish(&auth, user, proof, &step.next).await
}

/// What `typed` is, if it proves who this user is. It is used up.
async fn prove(app: &App, user: Option<&User>, typed: &str) -> Result<Option<Proof>> {
    let Some(user) = user else {
        // As long as a failure takes to be recorded.
        app.check_writing().await?;
        return Ok(None);
    };
    let admitted = app
        .change(Actor::visitor(), async |write| sign_in::admit_with_code(write, user, &app.signing_key, typed).await)
        .await;
    match admitted {
        Err(Error::AccountChanged) => Ok(None),
        admitted => admitted,
    }
}

async fn finish(auth: &AuthContext, user: &User, proof: Proof, next: &str) -> Result<Response> {
    let response = log_in::begin(auth, user, next).await?;
    if proof == Proof::Code {
        return Ok(security_log::attach(response, EventKind::SignIn, Some(user.id)));
    }
    let left = recovery_code::count_left(auth.app.read(), user.id).await?;
    let sentence = format!(
        "You used a recovery code, and {} left. Is your app gone? Remove it on your account screen, then add a new one.",
        pluralise(u64::try_from(left).unwrap_or(0), "is", "are"),
    );
    flash::warning(&auth.session, sentence).await?;
    Ok(security_log::attach(response, EventKind::RecoveryCodeUsed, Some(user.id)))
}

async fn too_often(app: &App, seconds: u64, view: View) -> Result<Response> {
    let view = View { wait: Some(wait(app, seconds).await?), ..view };
    Ok(retry_after(view.draw(app, StatusCode::TOO_MANY_REQUESTS).await?, seconds))
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/sign_in/code.html", crate::admin::shared::auth_screen::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { errors, wait, again, next, offer, most_wrong }
}
