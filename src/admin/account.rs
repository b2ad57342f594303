//! The own account: the name that others see, and the password.

use axum::{
    http::{StatusCode, header},
    response::Response,
};
use serde::{Deserialize, Serialize};

use crate::{
    error::{Invalid, Result},
    face::{
        confirm,
        desk::{Desk, When},
        device,
        edits::{Base, Clash, Field, Log, Merged},
        problems::Problems,
        routes::Routes,
        sessions,
    },
    model::{
        password,
        policy::Action,
        roles, session,
        user::{self, User},
    },
    text::{clean, email},
    web::{
        form::Form,
        path::Path,
        security_log::{self, Kind},
    },
};

const HOME: &str = "/admin/account";
/// The field of the present password.
const CURRENT: &str = "current_password";

/// The routes of this noun.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
        .get(HOME, Action::UseDesk, show)
        .post(HOME, Action::UseDesk, rename)
        .post("/admin/account/password", Action::UseDesk, change_password)
        .post("/admin/account/sessions/end", Action::UseDesk, end_others)
        .post("/admin/account/sessions/{id}/end", Action::UseDesk, end_one)
}

#[derive(Serialize)]
struct View {
    name: String,
    base: Base,
    clashes: Vec<Clash>,
    email: String,
    role: &'static str,
    errors: Problems,
    password_min: usize,
    sessions: Vec<SessionView>,
}

/// A session as screens show it.
#[derive(Serialize)]
pub struct SessionView {
    id: i64,
    device: String,
    since: When,
    seen: When,
    own: bool,
}

/// The sessions of a user.
///
/// # Errors
/// When the database fails.
pub async fn session_views(desk: &Desk, user_id: i64) -> Result<Vec<SessionView>> {
    let open = session::open(desk.app.read(), user_id, &own_id(desk), desk.app.steady()).await?;
    let view = |open: session::Open| SessionView {
        id: open.id,
        since: desk.when(open.created_at),
        seen: desk.when(open.seen_at),
        device: open.device,
        own: open.own,
    };
    Ok(open.into_iter().map(view).collect())
}

fn own_id(desk: &Desk) -> String {
    desk.session.id().map(|id| id.to_string()).unwrap_or_default()
}

async fn screen(desk: &Desk, status: StatusCode, name: &str, errors: Problems) -> Result<Response> {
    let base = Base::of(&[name_field(&desk.user.name, &desk.user.name)]);
    draw(desk, status, Typed { name: name.to_owned(), base }, errors, Vec::new()).await
}

async fn draw(
    desk: &Desk,
    status: StatusCode,
    typed: Typed,
    errors: Problems,
    clashes: Vec<Clash>,
) -> Result<Response> {
    let view = View {
        name: typed.name,
        base: typed.base,
        clashes,
        email: email::shown(&desk.user.email),
        role: desk.user.role.as_str(),
        errors,
        password_min: password::MIN,
        sessions: session_views(desk, desk.user.id).await?,
    };
    desk.screen_as(status, "admin/account.html", "Your account", &view).await
}

/// `GET /admin/account`
pub async fn show(desk: Desk) -> Result<Response> {
    screen(&desk, StatusCode::OK, &desk.user.name, Problems::default()).await
}

/// What is typed of the user.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    name: String,
    /// What it was made from.
    #[serde(flatten)]
    base: Base,
}

const fn name_field<'a>(typed: &'a str, now: &'a str) -> Field<'a> {
    Field { name: "name", label: "Name", typed, now }
}

/// `POST /admin/account`
pub async fn rename(desk: Desk, Form(typed): Form<Typed>) -> Result<Response> {
    let write = desk.write().await?;
    let user = user::get(&write, desk.user.id).await?;
    let name = clean::line(&typed.name);
    let mut merged = typed.base.merge(&[name_field(&name, &user.name)]);
    let log = Log { action: "user.rename", subject_id: Some(user.id), names: None };
    merged.name_authors(&desk, log).await?;
    if let Err(sentence) = user::parse_name(merged.value("name")) {
        drop(write);
        let errors = Invalid::one("name", sentence).into();
        return draw(&desk, StatusCode::UNPROCESSABLE_ENTITY, typed, errors, merged.shown_before()).await;
    }
    if merged.needs_choice() {
        drop(write);
        return ask_for_choice(&desk, &user, merged).await;
    }
    if merged.changed {
        user::rename(&write, &user, merged.value("name")).await?;
        write.commit().await?;
    } else {
        drop(write);
    }
    desk.done(HOME, "Your name was saved.").await
}

async fn ask_for_choice(desk: &Desk, user: &User, merged: Merged) -> Result<Response> {
    let base = Base::of(&[name_field(&user.name, &user.name)]);
    let typed = Typed { name: merged.shown("name").to_owned(), base };
    draw(desk, merged.status(), typed, merged.invalid.into(), merged.clashes).await
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
        Ok(user) => {
            sessions::renew(&desk.session, &user).await?;
            let sentence = "Your password was changed. Your other sessions have ended.";
            let mut response = desk.done(HOME, sentence).await?;
            response.headers_mut().append(header::SET_COOKIE, device::remember(&desk.app, &user)?);
            Ok(security_log::mark(response, Kind::PasswordChanged, Some(user.id)))
        }
        Err(error) => {
            let (status, invalid) = confirm::refusal(&desk.app, error, CURRENT)?;
            // A new password that breaks a rule is no wrong one.
            let is_wrong = invalid.fields.iter().any(|(field, _)| field == CURRENT);
            let response = screen(&desk, status, &desk.user.name, invalid.into()).await?;
            Ok(if is_wrong { confirm::mark(response, desk.user.id) } else { response })
        }
    }
}

async fn replace(desk: &Desk, typed: &TypedPasswords) -> Result<User> {
    let app = &desk.app;
    confirm::prove(app, &desk.user, &typed.current_password, CURRENT).await?;
    let about = [desk.settings.site_name.as_str(), &desk.user.name, &desk.user.email];
    let hashed = app.hasher.hash_new(&typed.password, &about).await?;
    let write = desk.write().await?;
    let user = user::set_password(&write, &desk.user, &hashed).await?;
    write.commit().await?;
    Ok(user)
}

/// `POST /admin/account/sessions/{id}/end`
pub async fn end_one(desk: Desk, Path(id): Path<i64>) -> Result<Response> {
    let write = desk.write().await?;
    if roles::end_session(&write, &desk.user, id).await? {
        write.commit().await?;
    }
    let response = desk.done(HOME, "The session was ended.").await?;
    Ok(security_log::mark(response, Kind::SessionsEnded, Some(desk.user.id)))
}

/// `POST /admin/account/sessions/end`
pub async fn end_others(desk: Desk) -> Result<Response> {
    let write = desk.write().await?;
    if roles::end_sessions(&write, &desk.user, &own_id(&desk)).await? {
        write.commit().await?;
    }
    let response = desk.done(HOME, "Your other sessions were ended.").await?;
    Ok(security_log::mark(response, Kind::SessionsEnded, Some(desk.user.id)))
}
