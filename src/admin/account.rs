//! The own account: the name that others see, and the password.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use serde::{Deserialize, Serialize};

use super::sign_in::wait;
use crate::{
    error::{Error, Invalid, Result},
    face::{desk::Desk, problems::Problems, routes::Routes},
    model::{password, person, policy::Action, sign_in},
    web::form::Form,
};

const HOME: &str = "/admin/account";

/// The routes of this noun.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes.get(HOME, Action::UseDesk, show).post(HOME, Action::UseDesk, rename).post(
        "/admin/account/password",
        Action::UseDesk,
        change_password,
    )
}

#[derive(Serialize)]
struct View {
    name: String,
    email: String,
    role: &'static str,
    errors: Problems,
    password_min: usize,
}

async fn screen(desk: &Desk, status: StatusCode, name: &str, errors: Problems) -> Result<Response> {
    let view = View {
        name: name.to_owned(),
        email: desk.person.email.clone(),
        role: desk.person.role.as_str(),
        errors,
        password_min: password::MIN,
    };
    desk.screen_as(status, "admin/account.html", "Your account", &view).await
}

/// `GET /admin/account`
pub async fn show(desk: Desk) -> Result<Response> {
    screen(&desk, StatusCode::OK, &desk.person.name, Problems::default()).await
}

/// What is typed of the person.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct TypedName {
    name: String,
}

/// `POST /admin/account`
pub async fn rename(desk: Desk, Form(typed): Form<TypedName>) -> Result<Response> {
    let name = match person::parse_name(&typed.name) {
        Ok(name) => name,
        Err(sentence) => {
            let errors = Invalid::one("name", sentence).into();
            return screen(&desk, StatusCode::UNPROCESSABLE_ENTITY, &typed.name, errors).await;
        }
    };
    if name != desk.person.name {
        let write = desk.write().await?;
        person::rename(&write, &desk.person, &name).await?;
        write.commit().await?;
    }
    desk.done(HOME, "Your name was saved.").await
}

/// What is typed of passwords.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct TypedPasswords {
    current_password: String,
    password: String,
}

/// `POST /admin/account/password`
pub async fn change_password(desk: Desk, Form(typed): Form<TypedPasswords>) -> Result<Response> {
    match replace(&desk, &typed).await {
        Ok(()) => desk.done(HOME, "Your password was changed. Your other sessions have ended.").await,
        Err(Error::Invalid(invalid)) => {
            screen(&desk, StatusCode::UNPROCESSABLE_ENTITY, &desk.person.name, invalid.into()).await
        }
        Err(Error::TooMany(seconds)) => {
            let wait = wait(&desk.app, seconds).await?;
            let sentence = format!("You have entered a wrong password too often. Try again {}", wait.relative);
            let errors = Invalid::one("current_password", sentence).into();
            let mut response = screen(&desk, StatusCode::TOO_MANY_REQUESTS, &desk.person.name, errors).await?;
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            Ok(response)
        }
        Err(other) => Err(other),
    }
}

async fn replace(desk: &Desk, typed: &TypedPasswords) -> Result<()> {
    let app = &desk.app;
    // Whoever finds an open session must not be able to guess the password here.
    let counted = app.wrong_passwords.at_the_desk(desk.person.id, app.now())?;
    let candidate = sign_in::find(app.read(), &desk.person.email).await?;
    if !sign_in::proves(&app.hasher, candidate.as_ref(), &typed.current_password).await? {
        return Err(Invalid::one("current_password", "This is not your present password").into());
    }
    app.wrong_passwords.forgive(counted);
    let about = [desk.settings.site_name.as_str(), &desk.person.name, &desk.person.email];
    let hashed = app.hasher.hash_new(&typed.password, &about).await?;
    let keep = desk.session.id().map(|id| id.to_string()).unwrap_or_default();
    let write = desk.write().await?;
    person::set_password(&write, &desk.person, &hashed, &keep).await?;
    write.commit().await
}
