//! The user's own account: the name that others see, and the password.

use axum::{
    http::{StatusCode, header},
    response::Response,
};
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};

use super::{
    paths::{AccountEndSessionPath, AccountEndSessionsPath, AccountPasswordPath, AccountPath},
    shared::{
        admin_context::AdminContext,
        confirm_password, known_device,
        merged_form::{FieldConflict, FormBase, FormField, Log, MergedForm},
        routes::Routes,
        session_view::{SessionView, own_id, session_views},
        sessions,
    },
};
use crate::{
    error::{Result, ValidationErrors},
    model::{
        password,
        policy::Action,
        roles,
        user::{self, User},
    },
    text::{clean, email},
    web::{
        form::Form,
        form_errors::FormErrors,
        security_log::{self, EventKind},
    },
};

const HOME: &str = AccountPath::PATH;
/// The field of the present password.
const CURRENT: &str = "current_password";

/// The routes of this noun.
#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .get(Action::UseAdmin, show)
        .post(Action::UseAdmin, update)
        .get(Action::UseAdmin, edit_password)
        .post(Action::UseAdmin, update_password)
        .post(Action::UseAdmin, end_other_sessions)
        .post(Action::UseAdmin, end_session)
}

#[derive(Serialize)]
struct View {
    name: String,
    base: FormBase,
    clashes: Vec<FieldConflict>,
    email: String,
    role: &'static str,
    errors: FormErrors,
    sessions: Vec<SessionView>,
    /// Whether the name is not the one that is saved.
    is_unsaved: bool,
}

#[derive(Serialize)]
struct PasswordView {
    email: String,
    errors: FormErrors,
    password_min: usize,
}

async fn draw(
    admin: &AdminContext,
    status: StatusCode,
    typed: NameForm,
    errors: FormErrors,
    clashes: Vec<FieldConflict>,
) -> Result<Response> {
    let view = View {
        is_unsaved: typed.name != admin.user.name,
        name: typed.name,
        base: typed.base,
        clashes,
        email: email::display(&admin.user.email),
        role: admin.user.role.as_str(),
        errors,
        sessions: session_views(admin, admin.user.id).await?,
    };
    admin.screen_as(status, "admin/account.html", "Your account", &view).await
}

/// `GET /admin/account`
pub(crate) async fn show(_: AccountPath, admin: AdminContext) -> Result<Response> {
    let base = FormBase::of(&[name_field(&admin.user.name, &admin.user.name)]);
    let saved = NameForm { name: admin.user.name.clone(), base };
    draw(&admin, StatusCode::OK, saved, FormErrors::default(), Vec::new()).await
}

/// The form of the name.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct NameForm {
    name: String,
    #[serde(flatten)]
    base: FormBase,
}

const fn name_field<'a>(typed: &'a str, now: &'a str) -> FormField<'a> {
    FormField { name: "name", label: "Name", typed, now }
}

/// `POST /admin/account`
pub(crate) async fn update(_: AccountPath, admin: AdminContext, Form(typed): Form<NameForm>) -> Result<Response> {
    let write = admin.write().await?;
    let user = user::get(&write, admin.user.id).await?;
    let name = clean::line(&typed.name);
    let mut merged = typed.base.merge(&[name_field(&name, &user.name)]);
    let log = Log { action: "user.rename", subject_id: Some(user.id), names: None };
    merged.name_authors(&admin, log).await?;
    if let Err(sentence) = user::parse_name(merged.value("name")) {
        drop(write);
        let errors = ValidationErrors::one("name", sentence).into();
        return draw(&admin, StatusCode::UNPROCESSABLE_ENTITY, typed, errors, merged.into_seen_clashes()).await;
    }
    if merged.needs_choice() {
        drop(write);
        return ask_for_choice(&admin, &user, merged).await;
    }
    let renamed = user::rename(&write, &user, merged.value("name")).await;
    write.finish(renamed).await?;
    admin.done(HOME, "Your name was saved.").await
}

async fn ask_for_choice(admin: &AdminContext, user: &User, merged: MergedForm) -> Result<Response> {
    let base = FormBase::of(&[name_field(&user.name, &user.name)]);
    let typed = NameForm { name: merged.displayed_value("name").to_owned(), base };
    draw(admin, merged.status(), typed, merged.invalid.into(), merged.clashes).await
}

/// The form of the password.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PasswordForm {
    current_password: String,
    password: String,
}

/// `GET /admin/account/password`
pub(crate) async fn edit_password(_: AccountPasswordPath, admin: AdminContext) -> Result<Response> {
    draw_password(&admin, StatusCode::OK, FormErrors::default()).await
}

async fn draw_password(admin: &AdminContext, status: StatusCode, errors: FormErrors) -> Result<Response> {
    let view = PasswordView { email: admin.user.email.clone(), errors, password_min: password::MIN };
    admin.screen_as(status, "admin/password.html", "Change your password", &view).await
}

/// `POST /admin/account/password`
pub(crate) async fn update_password(
    _: AccountPasswordPath,
    admin: AdminContext,
    Form(typed): Form<PasswordForm>,
) -> Result<Response> {
    match replace(&admin, &typed).await {
        Ok(user) => {
            sessions::renew(&admin.session, &user).await?;
            let sentence = "Your password was changed. Your other sessions have ended.";
            let mut response = admin.done(HOME, sentence).await?;
            response.headers_mut().append(header::SET_COOKIE, known_device::remember(&admin.app, &user)?);
            Ok(security_log::attach(response, EventKind::PasswordChanged, Some(user.id)))
        }
        Err(error) => {
            let (status, invalid) = confirm_password::refusal(&admin.app, error, CURRENT)?;
            // A new password that breaks a rule is not a wrong password.
            let is_wrong = invalid.list.iter().any(|error| error.field == CURRENT);
            let response = draw_password(&admin, status, invalid.into()).await?;
            Ok(if is_wrong { confirm_password::mark(response, admin.user.id) } else { response })
        }
    }
}

async fn replace(admin: &AdminContext, typed: &PasswordForm) -> Result<User> {
    let app = &admin.app;
    confirm_password::check_password(app, &admin.user, &typed.current_password, CURRENT).await?;
    let about = [admin.settings.site_name.as_str(), &admin.user.name, &admin.user.email];
    let hashed = app.hasher.hash_new(&typed.password, &about).await?;
    let write = admin.write().await?;
    let user = user::set_password(&write, &admin.user, &hashed).await?;
    write.commit().await?;
    Ok(user)
}

/// The screen after one of its other buttons, with the name as it was typed.
async fn draw_typed(admin: &AdminContext, typed: NameForm, sentence: &str) -> Result<Response> {
    let response = admin.done(HOME, sentence).await?;
    if typed.name.is_empty() || typed.name == admin.user.name {
        return Ok(response);
    }
    draw(admin, StatusCode::OK, typed, FormErrors::default(), Vec::new()).await
}

/// `POST /admin/account/sessions/{id}/end`
pub(crate) async fn end_session(
    AccountEndSessionPath { id }: AccountEndSessionPath,
    admin: AdminContext,
    Form(typed): Form<NameForm>,
) -> Result<Response> {
    let write = admin.write().await?;
    let ended = roles::end_session(&write, &admin.user, id).await;
    write.finish(ended).await?;
    let response = draw_typed(&admin, typed, "The session was ended.").await?;
    Ok(security_log::attach(response, EventKind::SessionsEnded, Some(admin.user.id)))
}

/// `POST /admin/account/sessions/end`
pub(crate) async fn end_other_sessions(
    _: AccountEndSessionsPath,
    admin: AdminContext,
    Form(typed): Form<NameForm>,
) -> Result<Response> {
    let write = admin.write().await?;
    let ended = roles::end_sessions(&write, &admin.user, &own_id(&admin)).await;
    write.finish(ended).await?;
    let response = draw_typed(&admin, typed, "Your other sessions were ended.").await?;
    Ok(security_log::attach(response, EventKind::SessionsEnded, Some(admin.user.id)))
}

/// For the test that renders every template.
#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples = &[
    ("admin/account.html", crate::admin::shared::admin_context::sample_screen::<View>),
    ("admin/password.html", crate::admin::shared::admin_context::sample_screen::<PasswordView>),
];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { name, base, clashes, email, role, errors, sessions, is_unsaved }
    PasswordView { email, errors, password_min }
}
