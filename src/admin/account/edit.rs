//! The name of the user that others see.

use axum::response::Response;
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};

use super::passkeys::{PasskeyView, passkey_views};
use crate::{
    admin::{
        paths::AccountPath,
        shared::{
            admin_context::{AdminContext, When},
            device_view::{DeviceView, device_views},
            form_outcome::{FormOutcome, FormState},
            merged_form::{FormBase, FormField, Log},
            routes::Routes,
            session_view::{SessionView, session_views},
        },
    },
    error::{Result, ValidationErrors},
    model::{
        code_app::{self, CodeApp},
        policy::Action,
        recovery_code, user,
        write::Write,
    },
    text::{clean, email},
    web::form::Form,
};

const HOME: &str = AccountPath::PATH;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::UseAdmin, edit).post(Action::UseAdmin, update)
}

#[derive(Serialize)]
struct View {
    name: String,
    base: FormBase,
    #[serde(flatten)]
    state: FormState,
    email: String,
    role: &'static str,
    passkeys: Vec<PasskeyView>,
    /// Why the site can have none; or empty.
    no_passkeys: &'static str,
    /// Since when there is a code app.
    code_app: Option<When>,
    /// Whether its codes are not taken any more.
    is_locked: bool,
    most_wrong: i64,
    has_second_factor: bool,
    recovery_codes: i64,
    sessions: Vec<SessionView>,
    devices: Vec<DeviceView>,
    /// Whether the name is not the one that is saved.
    is_unsaved: bool,
}

pub(super) async fn draw(admin: &AdminContext, typed: NameForm, state: FormState) -> Result<Response> {
    let status = state.status();
    let code_app = code_app::find(admin.app.read(), admin.user.id).await?;
    let view = View {
        is_unsaved: typed.name != admin.user.name,
        name: typed.name,
        base: typed.base,
        state,
        email: email::display(&admin.user.email),
        role: admin.user.role.with_article(),
        passkeys: passkey_views(admin).await?,
        no_passkeys: admin.app.relying_party.as_ref().err().copied().unwrap_or_default(),
        code_app: code_app.map(|app| admin.when(app.added_at)),
        is_locked: code_app.is_some_and(CodeApp::is_locked),
        most_wrong: code_app::MOST_WRONG,
        has_second_factor: admin.user.has_second_factor,
        recovery_codes: recovery_code::count_left(admin.app.read(), admin.user.id).await?,
        sessions: session_views(admin, admin.user.id).await?,
        devices: device_views(admin).await?,
    };
    admin.screen_as(status, "admin/account/edit.html", "Your account", &view).await
}

async fn edit(_: AccountPath, admin: AdminContext) -> Result<Response> {
    draw(&admin, NameForm::of(&admin.user.name, &admin.user.name), FormState::default()).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct NameForm {
    pub(super) name: String,
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

async fn update(_: AccountPath, admin: AdminContext, Form(typed): Form<NameForm>) -> Result<Response> {
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

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/account/edit.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { name, base, state, email, role, passkeys, no_passkeys, code_app, is_locked, most_wrong, has_second_factor, recovery_codes, sessions, devices, is_unsaved }
}
