//! One user seen by an administrator: role, deactivating and reactivating, a new link.

use axum::{http::StatusCode, response::Response};
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};

use super::index::{HOME, roles, show_link};
use crate::{
    admin::{
        paths::{
            DashboardPath, DeactivateUserPath, ReactivateUserPath, UserEndSessionsPath, UserLinkPath, UserPath,
            UserRolePath,
        },
        shared::{
            admin_context::{AdminContext, When},
            merged_form::{FieldConflict, FormBase, FormField, Log},
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
    },
    text::{email, isolate::isolate},
    web::{
        form::Form,
        form_errors::{FormErrors, SelectOption},
        security_log::{self, EventKind},
    },
};

/// The routes of this noun.
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

/// Faults of what was typed, and what someone else changed meanwhile.
type Rejection = (FormErrors, Vec<FieldConflict>);

#[derive(Serialize)]
struct View {
    id: i64,
    name: String,
    email: String,
    role: String,
    base: FormBase,
    clashes: Vec<FieldConflict>,
    roles: Vec<SelectOption>,
    state: &'static str,
    has_accepted: bool,
    own: bool,
    created: When,
    signed_in: Option<When>,
    link_until: Option<When>,
    sessions: Vec<SessionView>,
    /// Whether the role is not the one that is saved.
    is_unsaved: bool,
    errors: FormErrors,
}

async fn screen(
    admin: &AdminContext,
    status: StatusCode,
    user: User,
    role: &str,
    rejection: Rejection,
) -> Result<Response> {
    let (errors, clashes) = rejection;
    let until = invitation::pending(admin.app.read(), user.id, admin.app.now()).await?;
    let view = View {
        id: user.id,
        is_unsaved: role != user.role.as_str(),
        role: role.to_owned(),
        base: FormBase::of(&[role_field(user.role.as_str(), user.role)]),
        clashes,
        roles: roles(),
        state: user.state(),
        has_accepted: user.has_accepted,
        own: user.id == admin.user.id,
        created: admin.when(user.created_at),
        signed_in: user.signed_in_at.map(|time| admin.when(time)),
        link_until: until.map(|time| admin.when(time)),
        sessions: session_views(admin, user.id).await?,
        errors,
        email: email::display(&user.email),
        name: user.name,
    };
    let title = view.name.clone();
    admin.screen_as(status, "admin/users/show.html", &title, &view).await
}

/// `GET /admin/users/{id}`
pub(crate) async fn show(UserPath { id }: UserPath, admin: AdminContext) -> Result<Response> {
    let user = user::get(admin.app.read(), id).await?;
    let role = user.role.as_str();
    screen(&admin, StatusCode::OK, user, role, Rejection::default()).await
}

fn user_path(id: i64) -> String {
    format!("{HOME}/{id}")
}

/// The form of the role.
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

/// `POST /admin/users/{id}/role`
pub(crate) async fn update_role(
    UserRolePath { id }: UserRolePath,
    admin: AdminContext,
    Form(typed): Form<RoleForm>,
) -> Result<Response> {
    let user = user::get(admin.app.read(), id).await?;
    let mut merged = typed.base.merge(&[role_field(&typed.role, user.role)]);
    let log = Log { action: "user.change_role", subject_id: Some(id), names: None };
    merged.name_authors(&admin, log).await?;
    if merged.needs_choice() {
        let (status, role) = (merged.status(), merged.displayed_value("role").to_owned());
        return screen(&admin, status, user, &role, (merged.invalid.into(), merged.clashes)).await;
    }
    let role = match give_role(&admin, id, merged.value("role")).await {
        Ok(role) => role,
        Err(error) => {
            let rejection = (error.validation_errors()?.into(), merged.into_seen_clashes());
            return screen(&admin, StatusCode::UNPROCESSABLE_ENTITY, user, &typed.role, rejection).await;
        }
    };
    if id == admin.user.id {
        // Their sessions have ended, this one too: it goes on under a new id.
        sessions::renew(&admin.session, &user::get(admin.app.read(), id).await?).await?;
    }
    // Users who gave up their own right to this screen are redirected to one that they may see.
    let stays = id != admin.user.id || (admin.app.policy)(role, Action::ManageUsers);
    let to = if stays { user_path(id) } else { DashboardPath::PATH.to_owned() };
    let response = admin.done(&to, describe_change(&user, role)).await?;
    Ok(security_log::attach(response, EventKind::RoleChanged, Some(id)))
}

async fn give_role(admin: &AdminContext, id: i64, typed: &str) -> Result<Role> {
    let role = Role::parse(typed).ok_or_else(|| ValidationErrors::one("role", "Choose a role"))?;
    let write = admin.write().await?;
    let changed = roles::change_role(&write, id, role).await;
    write.finish(changed).await?;
    Ok(role)
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
    screen(admin, StatusCode::OK, user, &typed.role, Rejection::default()).await
}

/// `POST /admin/users/{id}/deactivate`
pub(crate) async fn deactivate(
    DeactivateUserPath { id }: DeactivateUserPath,
    admin: AdminContext,
    Form(typed): Form<RoleForm>,
) -> Result<Response> {
    let user = user::get(admin.app.read(), id).await?;
    let write = admin.write().await?;
    let changed = roles::deactivate(&write, id).await;
    match write.finish(changed).await {
        Ok(_) => {
            let sentence = format!("{} is deactivated. Their sessions and links have ended.", isolate(&user.name));
            let response = admin.done(&user_path(id), sentence).await?;
            let response = draw_chosen(&admin, id, &typed, response).await?;
            Ok(security_log::attach(response, EventKind::Deactivated, Some(id)))
        }
        Err(error) => {
            let response = admin.not_done(&user_path(id), error.conflict()?).await?;
            draw_chosen(&admin, id, &typed, response).await
        }
    }
}

/// `POST /admin/users/{id}/reactivate`
pub(crate) async fn reactivate(
    ReactivateUserPath { id }: ReactivateUserPath,
    admin: AdminContext,
    Form(typed): Form<RoleForm>,
) -> Result<Response> {
    let user = user::get(admin.app.read(), id).await?;
    let write = admin.write().await?;
    let changed = roles::reactivate(&write, id).await;
    write.finish(changed).await?;
    let sentence = if user.has_accepted {
        format!("{} is reactivated.", isolate(&user.name))
    } else {
        format!("{} is reactivated. Their old link stays dead: make a new one.", isolate(&user.name))
    };
    let response = admin.done(&user_path(id), sentence).await?;
    let response = draw_chosen(&admin, id, &typed, response).await?;
    Ok(security_log::attach(response, EventKind::Activated, Some(id)))
}

/// `POST /admin/users/{id}/link`
pub(crate) async fn create_link(UserLinkPath { id }: UserLinkPath, admin: AdminContext) -> Result<Response> {
    let write = admin.write().await?;
    let user = user::get(&write, id).await?;
    let made = invitation::for_user(&write, &user).await;
    match write.finish(made).await {
        Ok(made) => show_link(&admin, &user, &made).await,
        Err(error) => admin.not_done(&user_path(id), error.conflict()?).await,
    }
}

/// `POST /admin/users/{id}/sessions/end`
pub(crate) async fn end_sessions(
    UserEndSessionsPath { id }: UserEndSessionsPath,
    admin: AdminContext,
    Form(typed): Form<RoleForm>,
) -> Result<Response> {
    let user = user::get(admin.app.read(), id).await?;
    let write = admin.write().await?;
    let ended = roles::end_sessions(&write, &user, "").await;
    write.finish(ended).await?;
    let response = admin.done(&user_path(id), format!("The sessions of {} were ended.", isolate(&user.name))).await?;
    let response = draw_chosen(&admin, id, &typed, response).await?;
    Ok(security_log::attach(response, EventKind::SessionsEnded, Some(id)))
}

/// For the test that renders every template.
#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/users/show.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { id, name, email, role, base, clashes, roles, state, has_accepted, own, created, signed_in, link_until, sessions, is_unsaved, errors }
}
