//! The user's own account: the name that others see, and the password.

use axum::{
    http::{StatusCode, header},
    response::Response,
};
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};

use crate::{
    admin::{
        paths::{AccountEndSessionPath, AccountEndSessionsPath, AccountPasswordPath, AccountPath},
        shared::{
            admin_context::AdminContext,
            confirm_password,
            form_outcome::{FormOutcome, FormState},
            known_device,
            merged_form::{FormBase, FormField, Log},
            routes::Routes,
            session_view::{SessionView, own_id, session_views},
            sessions,
        },
    },
    error::{Result, ValidationErrors},
    model::{
        password_rules,
        policy::Action,
        roles,
        user::{self, User},
        write::Write,
    },
    text::{clean, email},
    web::{
        form::Form,
        form_errors::FormErrors,
        security_log::{self, EventKind},
    },
};

const HOME: &str = AccountPath::PATH;
const CURRENT: &str = "current_password";

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .get(Action::UseAdmin, edit)
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
    #[serde(flatten)]
    state: FormState,
    email: String,
    role: &'static str,
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

async fn draw(admin: &AdminContext, typed: NameForm, state: FormState) -> Result<Response> {
    let status = state.status();
    let view = View {
        is_unsaved: typed.name != admin.user.name,
        name: typed.name,
        base: typed.base,
        state,
        email: email::display(&admin.user.email),
        role: admin.user.role.as_str(),
        sessions: session_views(admin, admin.user.id).await?,
    };
    admin.screen_as(status, "admin/account/edit.html", "Your account", &view).await
}

pub(crate) async fn edit(_: AccountPath, admin: AdminContext) -> Result<Response> {
    draw(&admin, NameForm::of(&admin.user.name, &admin.user.name), FormState::default()).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct NameForm {
    name: String,
    #[serde(flatten)]
    base: FormBase,
}

impl NameForm {
    /// With what was typed, rendered from what is stored.
    fn of(typed: &str, now: &str) -> Self {
        Self { name: typed.to_owned(), base: FormBase::of(&[name_field(typed, now)]) }
    }
}

const fn name_field<'a>(typed: &'a str, now: &'a str) -> FormField<'a> {
    FormField { name: "name", label: "Name", typed, now }
}

pub(crate) async fn update(_: AccountPath, admin: AdminContext, Form(typed): Form<NameForm>) -> Result<Response> {
    match admin.change(async |write| rename(&admin, write, typed).await).await {
        Ok(FormOutcome::Saved(())) => admin.done(HOME, "Your name was saved.").await,
        Ok(FormOutcome::Again((typed, state))) => draw(&admin, typed, state).await,
        Err(error) => admin.refuse(HOME, error).await,
    }
}

async fn rename(
    admin: &AdminContext,
    write: &Write,
    typed: NameForm,
) -> Result<FormOutcome<(), (NameForm, FormState)>> {
    let user = user::get(write, admin.user.id).await?;
    let mut merged = typed.base.merge(&[name_field(&clean::line(&typed.name), &user.name)]);
    let log = Log { action: "user.rename", subject_id: Some(user.id), names: None };
    merged.name_authors(admin, log).await?;
    if let Err(sentence) = user::parse_name(merged.value("name")) {
        let state = merged.into_state_with(ValidationErrors::one("name", sentence));
        return Ok(FormOutcome::Again((typed, state)));
    }
    if merged.needs_choice() {
        let typed = NameForm::of(merged.displayed_value("name"), &user.name);
        return Ok(FormOutcome::Again((typed, merged.into_state())));
    }
    merged.check_changed()?;
    user::rename(write, &user, merged.value("name")).await?;
    Ok(FormOutcome::Saved(()))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PasswordForm {
    current_password: String,
    password: String,
}

pub(crate) async fn edit_password(_: AccountPasswordPath, admin: AdminContext) -> Result<Response> {
    draw_password(&admin, StatusCode::OK, FormErrors::default()).await
}

async fn draw_password(admin: &AdminContext, status: StatusCode, errors: FormErrors) -> Result<Response> {
    let view = PasswordView { email: admin.user.email.clone(), errors, password_min: password_rules::MIN };
    admin.screen_as(status, "admin/account/password.html", "Change your password", &view).await
}

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
            let (status, errors) = confirm_password::refusal(&admin.app, error, CURRENT)?;
            // A new password that breaks a rule is not a wrong password.
            let is_wrong = errors.list.iter().any(|error| error.field == CURRENT);
            let response = draw_password(&admin, status, errors).await?;
            Ok(if is_wrong { confirm_password::mark(response, admin.user.id) } else { response })
        }
    }
}

async fn replace(admin: &AdminContext, typed: &PasswordForm) -> Result<User> {
    let app = &admin.app;
    confirm_password::check_password(app, &admin.user, &typed.current_password, CURRENT).await?;
    let about = [admin.settings.site_name.as_str(), &admin.user.name, &admin.user.email];
    let hashed = app.hasher.hash_new(&typed.password, &about).await?;
    admin.change(async |write| user::set_password(write, &admin.user, &hashed).await).await
}

/// The screen after one of its other buttons, with the name as it was typed, and what was done or why it was not.
async fn draw_typed(admin: &AdminContext, typed: NameForm, done: Result<&str, &str>) -> Result<Response> {
    let response = match done {
        Ok(sentence) => admin.done(HOME, sentence).await?,
        Err(sentence) => admin.not_done(HOME, sentence).await?,
    };
    if typed.name.is_empty() || typed.name == admin.user.name {
        return Ok(response);
    }
    draw(admin, typed, FormState::default()).await
}

pub(crate) async fn end_session(
    AccountEndSessionPath { id }: AccountEndSessionPath,
    admin: AdminContext,
    Form(typed): Form<NameForm>,
) -> Result<Response> {
    if !admin.change(async |write| roles::end_session(write, &admin.user, id).await).await? {
        return draw_typed(&admin, typed, Err("This session had ended before.")).await;
    }
    let response = draw_typed(&admin, typed, Ok("The session was ended.")).await?;
    Ok(security_log::attach(response, EventKind::SessionsEnded, Some(admin.user.id)))
}

pub(crate) async fn end_other_sessions(
    _: AccountEndSessionsPath,
    admin: AdminContext,
    Form(typed): Form<NameForm>,
) -> Result<Response> {
    if admin.change(async |write| roles::end_sessions(write, &admin.user, &own_id(&admin)).await).await? == 0 {
        return draw_typed(&admin, typed, Err("You have no other session, so none was ended.")).await;
    }
    let response = draw_typed(&admin, typed, Ok("Your other sessions were ended.")).await?;
    Ok(security_log::attach(response, EventKind::SessionsEnded, Some(admin.user.id)))
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples = &[
    ("admin/account/edit.html", crate::admin::shared::admin_context::sample_screen::<View>),
    ("admin/account/password.html", crate::admin::shared::admin_context::sample_screen::<PasswordView>),
];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { name, base, state, email, role, sessions, is_unsaved }
    PasswordView { email, errors, password_min }
}
