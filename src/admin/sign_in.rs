//! Signing in and out. Whoever comes in by a one-time link goes through [`welcome`] too.

use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use serde::{Deserialize, Serialize};
use tower_sessions::Session;

use crate::{
    error::{Error, Invalid, Result},
    face::{desk::When, device, door, guard, problems::Problems, routes::Routes, sessions, state::App},
    model::{
        actor::Actor,
        person::{self, Person},
        policy::Action,
        settings::Settings,
        sign_in,
    },
    text::time::Timestamp,
    web::{client::Client, form::Form},
};

/// The routes of this noun. Signing out is open to all: whoever is out already is led to the same place.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes.get("/admin/sign-in", Action::Enter, show).post("/admin/sign-in", Action::Enter, enter).post(
        "/admin/sign-out",
        Action::Enter,
        leave,
    )
}

/// What the address may ask for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wish {
    /// Where to go afterwards.
    next: String,
    /// Filled after signing out.
    out: String,
}

/// What is typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    email: String,
    password: String,
    next: String,
}

#[derive(Default, Serialize)]
struct View {
    email: String,
    next: String,
    errors: Problems,
    left: bool,
    wait: Option<When>,
}

const TEMPLATE: &str = "admin/sign_in.html";

/// `GET /admin/sign-in`
pub async fn show(
    State(app): State<App>,
    session: Session,
    wish: Result<Query<Wish>, QueryRejection>,
) -> Result<Response> {
    let wish = wish.map(|Query(wish)| wish).unwrap_or_default();
    if guard::signed_in(&app, Some(&session)).await?.is_some() {
        return Ok(Redirect::to(local(&wish.next)).into_response());
    }
    let view = View { next: local(&wish.next).to_owned(), left: !wish.out.is_empty(), ..View::default() };
    door::screen(&app, StatusCode::OK, TEMPLATE, "Sign in", &view).await
}

/// `POST /admin/sign-in`
pub async fn enter(
    State(app): State<App>,
    session: Session,
    client: Client,
    headers: HeaderMap,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let next = local(&typed.next).to_owned();
    let view = View { email: typed.email.clone(), next: next.clone(), ..View::default() };
    if let Err(invalid) = filled(&typed) {
        return again(&app, View { errors: invalid.into(), ..view }).await;
    }
    match attempt(&app, client, &headers, &typed).await {
        Ok(Some(person)) => {
            let write = app.write(person.actor()).await?;
            sign_in::note(&write, &person).await?;
            write.commit().await?;
            welcome(&app, &session, person.id, &next).await
        }
        Ok(None) => {
            let refusal = Invalid::one("", "The e-mail address or the password is not right");
            again(&app, View { errors: refusal.into(), ..view }).await
        }
        Err(Error::TooMany(seconds)) => too_often(&app, seconds, view).await,
        Err(other) => Err(other),
    }
}

fn filled(typed: &Typed) -> Result<(), Invalid> {
    let mut invalid = Invalid::default();
    if typed.email.trim().is_empty() {
        invalid.add("email", "Enter your e-mail address");
    }
    if typed.password.is_empty() {
        invalid.add("password", "Enter your password");
    }
    invalid.finish(|| ())
}

/// The person, if the password is right; counts and notes it when it is not. One way through for every account,
/// known or not, so that neither answer nor time tells them apart.
async fn attempt(app: &App, client: Client, headers: &HeaderMap, typed: &Typed) -> Result<Option<Person>> {
    app.login_throttle.check(&client)?;
    let email = person::fold_email(&typed.email);
    let candidate = sign_in::find(app.read(), &email).await?;
    let device = candidate.as_ref().and_then(|candidate| device::mark(app, headers, candidate.person.id));
    let counted = app.wrong_passwords.at_the_door(&email, device, client, app.now())?;
    if sign_in::proves(&app.hasher, candidate.as_ref(), &typed.password).await? {
        app.wrong_passwords.forgive(counted);
        return Ok(candidate.map(|candidate| candidate.person));
    }
    let write = app.write(Actor::visitor()).await?;
    sign_in::note_failure(&write, candidate.as_ref());
    write.commit().await?;
    Ok(None)
}

async fn again(app: &App, view: View) -> Result<Response> {
    door::screen(app, StatusCode::UNPROCESSABLE_ENTITY, TEMPLATE, "Sign in", &view).await
}

async fn too_often(app: &App, seconds: u64, view: View) -> Result<Response> {
    let wait = wait(app, seconds).await?;
    let view = View { wait: Some(wait), ..view };
    let mut response = door::screen(app, StatusCode::TOO_MANY_REQUESTS, TEMPLATE, "Sign in", &view).await?;
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    Ok(response)
}

/// When to try again, in words.
///
/// # Errors
/// When the database fails.
pub async fn wait(app: &App, seconds: u64) -> Result<When> {
    let now = app.now();
    // Times are shown to the minute: rounded up, so that nobody comes too early.
    let end = now.plus(i64::try_from(seconds).unwrap_or(0) * 1000);
    let end = Timestamp((end.0 + 59_999) / 60_000 * 60_000);
    let zone = Settings::load(app.read()).await?.zone();
    Ok(When { iso: end.iso(), long: end.long(&zone), relative: end.relative(now.minus(now.0 % 60_000)) })
}

/// Lets somebody in who has proved who they are: a fresh session, a known device, and on to `next`.
///
/// # Errors
/// When the session cannot be begun.
pub async fn welcome(app: &App, session: &Session, person_id: i64, next: &str) -> Result<Response> {
    sessions::begin(app, session, person_id).await?;
    let mut response = Redirect::to(local(next)).into_response();
    response.headers_mut().append(header::SET_COOKIE, device::remember(app, person_id)?);
    Ok(response)
}

/// `POST /admin/sign-out`
pub async fn leave(State(app): State<App>, session: Session) -> Result<Response> {
    if let Some(person) = guard::signed_in(&app, Some(&session)).await? {
        let write = app.write(person.actor()).await?;
        sign_in::note_leaving(&write, &person);
        write.commit().await?;
    }
    let forget = sessions::end(&app, &session).await?;
    let mut response = Redirect::to("/admin/sign-in?out=yes").into_response();
    response.headers_mut().append(header::SET_COOKIE, forget);
    Ok(response)
}

/// Where to go after signing in: a path on this site, or else the desk. Browsers read a backslash as a slash and
/// drop tabs and line breaks, so `/\` and `/<tab>/` would lead elsewhere as `//` does.
fn local(next: &str) -> &str {
    let plain = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if plain && next.starts_with('/') && !next.starts_with("//") { next } else { "/admin" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_local_paths_are_gone_to() {
        for good in ["/admin", "/admin/pages/7?tab=history&x=%2F%2Fevil.example", "/"] {
            assert_eq!(local(good), good);
        }
        for bad in [
            "",
            "admin",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "https://evil.example",
            "/admin\r\nx: y",
            "javascript:x",
            "/a b",
        ] {
            assert_eq!(local(bad), "/admin", "{bad}");
        }
    }
}
