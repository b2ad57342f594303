//! One user seen by an administrator: role, deactivating and reactivating, a new link.

use axum::response::Response;
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};

use super::{
    link::{mail_link, show_link},
    role_options::role_options,
};
use crate::{
    admin::{
        paths::{
            DashboardPath, DeactivateUserPath, ReactivateUserPath, UserEndSessionsPath, UserLinkPath, UserPath,
            UserRolePath,
        },
        shared::{
            admin_context::{AdminContext, When},
            form_outcome::{FormOutcome, FormState},
            merged_form::{FormBase, FormField, Log},
            routes::Routes,
            session_view::{SessionView, session_views},
            sessions,
        },
    },
    error::{Result, ValidationErrors},
    model::{
        actor::Role,
        invitation,
        policy::Action,
        roles,
        user::{self, User},
        write::Write,
    },
    text::{email, isolate::isolate},
    web::{
        form::Form,
        form_errors::SelectOption,
        security_log::{self, EventKind},
    },
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .get(Action::ManageUsers, show)
        .post(Action::ManageUsers, update_role)
        .post(Action::ManageUsers, deactivate)
        .post(Action::ManageUsers, reactivate)
        .post(Action::ManageUsers, create_link)
        .post(Action::ManageUsers, end_sessions)
}

#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "what a template asks for")]
struct View {
    id: i64,
    name: String,
    email: String,
    role: String,
    base: FormBase,
    #[serde(flatten)]
    form_state: FormState,
    roles: Vec<SelectOption>,
    state: &'static str,
    has_accepted: bool,
    has_second_factor: bool,
    own: bool,
    created: When,
    signed_in: Option<When>,
    link_until: Option<When>,
    sessions: Vec<SessionView>,
    /// Whether the role is not the one that is saved.
    is_unsaved: bool,
}

async fn draw(admin: &AdminContext, user: User, role: &str, form_state: FormState) -> Result<Response> {
    let status = form_state.status();
    let until = invitation::pending(admin.app.read(), user.id, admin.app.now()).await?;
    let view = View {
        id: user.id,
        is_unsaved: role != user.role.as_str(),
        role: role.to_owned(),
        base: FormBase::of(&[role_field(user.role.as_str(), user.role)]),
        form_state,
        roles: role_options(),
        state: user.state(),
        has_accepted: user.has_accepted,
        has_second_factor: user.has_second_factor,
        own: user.id == admin.user.id,
        created: admin.when(user.created_at),
        signed_in: user.signed_in_at.map(|time| admin.when(time)),
        link_until: until.map(|time| admin.when(time)),
        sessions: session_views(admin, user.id).await?,
        email: email::display(&user.email),
        name: user.name,
    };
    let title = view.name.clone();
    admin.screen_as(status, "admin/users/show.html", &title, &view).await
}

pub(crate) async fn show(UserPath { id }: UserPath, admin: AdminContext) -> Result<Response> {
    let user = user::get(admin.app.read(), id).await?;
    let role = user.role.as_str();
    draw(&admin, user, role, FormState::default()).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RoleForm {
    role: String,
    #[serde(flatten)]
    base: FormBase,
}

const fn role_field(typed: &str, now: Role) -> FormField<'_> {
    FormField { name: "role", label: "Role", typed, now: now.as_str() }
}

pub(crate) async fn update_role(
    UserRolePath { id }: UserRolePath,
    admin: AdminContext,
    Form(typed): Form<RoleForm>,
) -> Result<Response> {
    let outcome = admin.change(async |write| change_role(&admin, write, id, &typed).await).await?;
    let (user, role) = match outcome {
        FormOutcome::Saved((user, role, false)) => {
            let sentence = format!("{} was {} before. Nothing was changed.", isolate(&user.name), role.with_article());
            return admin.not_done(&UserPath { id }.to_string(), sentence).await;
        }
        FormOutcome::Saved((user, role, true)) => (user, role),
        FormOutcome::Again((user, chosen, state)) => return draw(&admin, user, &chosen, state).await,
    };
    if id == admin.user.id {
        // Their sessions have ended, this one too: it goes on under a new id.
        sessions::renew(&admin.session, &user::get(admin.app.read(), id).await?).await?;
    }
    // Users who gave up their own right to this screen are redirected to one that they may see.
    let stays = id != admin.user.id || (admin.app.policy)(role, Action::ManageUsers);
    let to = if stays { UserPath { id }.to_string() } else { DashboardPath::PATH.to_owned() };
    let response = admin.done(&to, describe_change(&user, role)).await?;
    Ok(security_log::attach(response, EventKind::RoleChanged, Some(id)))
}

/// The user as they were, their new role, and whether it is another one; otherwise the user, what was chosen, and why it is not saved.
async fn change_role(
    admin: &AdminContext,
    write: &Write,
    id: i64,
    typed: &RoleForm,
) -> Result<FormOutcome<(User, Role, bool), (User, String, FormState)>> {
    let user = user::get(write, id).await?;
    let mut merged = typed.base.merge(&[role_field(&typed.role, user.role)]);
    let log = Log { action: "user.change_role", subject_id: Some(id), names: None };
    merged.name_authors(admin, log).await?;
    if merged.needs_choice() {
        let chosen = merged.displayed_value("role").to_owned();
        return Ok(FormOutcome::Again((user, chosen, merged.into_state())));
    }
    match give_role(write, &user, merged.value("role")).await {
        Ok((role, has_changed)) => Ok(FormOutcome::Saved((user, role, has_changed))),
        Err(error) => {
            let state = merged.into_state_with(error.validation_errors()?);
            Ok(FormOutcome::Again((user, typed.role.clone(), state)))
        }
    }
}

async fn give_role(write: &Write, user: &User, typed: &str) -> Result<(Role, bool)> {
    let role = Role::parse(typed).ok_or_else(|| ValidationErrors::one("role", "Choose a role"))?;
    Ok((role, roles::change_role(write, user.id, role).await?))
}

fn describe_change(user: &User, role: Role) -> String {
    let User { name, has_accepted, .. } = user;
    let (role, rest) =
        (role.with_article(), if *has_accepted { "Their sessions have ended." } else { "Make a new link for them." });
    format!("{} is {role} now. {rest}", isolate(name))
}

/// The screen after one of its other buttons, with the role as it was chosen; `response` when there is nothing to keep.
async fn draw_chosen(admin: &AdminContext, id: i64, typed: &RoleForm, response: Response) -> Result<Response> {
    let user = user::get(admin.app.read(), id).await?;
    let now = user.role.as_str();
    let is_from_now = typed.base.hidden().get("was_role") == Some(&now);
    if !is_from_now || typed.role == now || Role::parse(&typed.role).is_none() {
        return Ok(response);
    }
    draw(admin, user, &typed.role, FormState::default()).await
}

pub(crate) async fn deactivate(
    DeactivateUserPath { id }: DeactivateUserPath,
    admin: AdminContext,
    Form(typed): Form<RoleForm>,
) -> Result<Response> {
    let user = user::get(admin.app.read(), id).await?;
    match admin.change(async |write| roles::deactivate(write, id).await).await {
        Ok(false) => {
            let sentence = format!("{} was deactivated before. Nothing was changed.", isolate(&user.name));
            let response = admin.not_done(&UserPath { id }.to_string(), sentence).await?;
            draw_chosen(&admin, id, &typed, response).await
        }
        Ok(true) => {
            let sentence = format!("{} is deactivated. Their sessions and links have ended.", isolate(&user.name));
            let response = admin.done(&UserPath { id }.to_string(), sentence).await?;
            let response = draw_chosen(&admin, id, &typed, response).await?;
            Ok(security_log::attach(response, EventKind::Deactivated, Some(id)))
        }
        Err(error) => {
            let response = admin.refuse(&UserPath { id }.to_string(), error).await?;
            draw_chosen(&admin, id, &typed, response).await
        }
    }
}

pub(crate) async fn reactivate(
    ReactivateUserPath { id }: ReactivateUserPath,
    admin: AdminContext,
    Form(typed): Form<RoleForm>,
) -> Result<Response> {
    let user = user::get(admin.app.read(), id).await?;
    let reactivated = match admin.change(async |write| roles::reactivate(write, id).await).await {
        Err(error) => return admin.refuse(&UserPath { id }.to_string(), error).await,
        Ok(reactivated) => reactivated,
    };
    if !reactivated {
        let sentence = format!("{} was active before. Nothing was changed.", isolate(&user.name));
        let response = admin.not_done(&UserPath { id }.to_string(), sentence).await?;
        return draw_chosen(&admin, id, &typed, response).await;
    }
    let sentence = if user.has_accepted {
        format!("{} is reactivated.", isolate(&user.name))
    } else {
        format!("{} is reactivated. Their old link stays dead: make a new one.", isolate(&user.name))
    };
    let response = admin.done(&UserPath { id }.to_string(), sentence).await?;
    let response = draw_chosen(&admin, id, &typed, response).await?;
    Ok(security_log::attach(response, EventKind::Activated, Some(id)))
}

pub(crate) async fn create_link(UserLinkPath { id }: UserLinkPath, admin: AdminContext) -> Result<Response> {
    let made = admin.change(async |write| {
        let user = user::get(write, id).await?;
        let made = invitation::for_user(write, &user).await?;
        mail_link(&admin, write, &user).await?;
        Ok((user, made))
    });
    match made.await {
        Ok((user, made)) => show_link(&admin, &user, &made).await,
        Err(error) => admin.refuse(&UserPath { id }.to_string(), error).await,
    }
}

pub(crate) async fn end_sessions(
    UserEndSessionsPath { id }: UserEndSessionsPath,
    admin: AdminContext,
    Form(typed): Form<RoleForm>,
) -> Result<Response> {
    let user = user::get(admin.app.read(), id).await?;
    if admin.change(async |write| roles::end_sessions(write, &user, "").await).await? == 0 {
        let sentence = format!("{} has no session, so none was ended.", isolate(&user.name));
        let response = admin.not_done(&UserPath { id }.to_string(), sentence).await?;
        return draw_chosen(&admin, id, &typed, response).await;
    }
    let response = admin
        .done(&UserPath { id }.to_string(), format!("The sessions of {} were ended.", isolate(&user.name)))
        .await?;
    let response = draw_chosen(&admin, id, &typed, response).await?;
    Ok(security_log::attach(response, EventKind::SessionsEnded, Some(id)))
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/users/show.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { id, name, email, role, base, form_state, roles, state, has_accepted, has_second_factor, own, created, signed_in, link_until, sessions, is_unsaved }
}
