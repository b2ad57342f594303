//! The users: the list, and inviting a user. One user's role and the rest are in `show`.

use axum::{
    extract::{Query, rejection::QueryRejection},
    response::Response,
};
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};

use super::{
    link::{mail_link, show_link},
    role_options::role_options,
};
use crate::{
    admin::{
        paths::{NewUserPath, UsersPath},
        shared::{
            admin_context::{AdminContext, When},
            routes::Routes,
        },
    },
    error::Result,
    model::{
        actor::Role,
        invitation::{self, CreatedLink},
        policy::Action,
        user::{self, User, UserInput},
    },
    render::pagination::{CursorQuery, List, ListOrder, Pagination},
    text::email,
    web::{
        form::Form,
        form_errors::{FormErrors, SelectOption},
    },
};

const HOME: &str = UsersPath::PATH;
const ROWS: usize = 50;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::ManageUsers, index).post(Action::ManageUsers, create).get(Action::ManageUsers, new)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct UsersQuery {
    /// Part of a name or an e-mail address.
    q: String,
    before: String,
    after: String,
}

#[derive(Serialize)]
struct ListView {
    q: String,
    rows: Vec<Row>,
    pages: Pagination,
}

#[derive(Serialize)]
struct Row {
    id: i64,
    name: String,
    email: String,
    role: &'static str,
    state: &'static str,
    has_second_factor: bool,
    own: bool,
    signed_in: Option<When>,
}

pub(crate) async fn index(
    _: UsersPath,
    admin: AdminContext,
    query: Result<Query<UsersQuery>, QueryRejection>,
) -> Result<Response> {
    let query = query.map(|Query(query)| query).unwrap_or_default();
    let q = query.q.trim().to_owned();
    let from = CursorQuery { before: query.before, after: query.after }.read();
    let list = List { path: HOME, query: &[("q", &q)], order: ListOrder::Ascending, size: ROWS };
    let mut users = user::list(admin.app.read(), &q, from, list.limit()).await?;
    let pages = list.paginate(&mut users, from.as_ref(), |user| user.id);
    let view = ListView { pages, rows: users.into_iter().map(|user| row(&admin, user)).collect(), q };
    admin.screen("admin/users/index.html", "Users", &view).await
}

fn row(admin: &AdminContext, user: User) -> Row {
    Row {
        id: user.id,
        role: user.role.as_str(),
        state: user.state(),
        has_second_factor: user.has_second_factor,
        own: user.id == admin.user.id,
        signed_in: user.signed_in_at.map(|time| admin.when(time)),
        name: user.name,
        email: email::display(&user.email),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct InviteForm {
    name: String,
    email: String,
    role: String,
}

#[derive(Serialize)]
struct NewView {
    name: String,
    email: String,
    role: String,
    roles: Vec<SelectOption>,
    /// Whether a link is sent by e-mail too.
    is_sent: bool,
    errors: FormErrors,
}

async fn draw_form(admin: &AdminContext, typed: InviteForm, errors: FormErrors) -> Result<Response> {
    let status = errors.status();
    let InviteForm { name, email, role } = typed;
    let view = NewView { name, email, role, roles: role_options(), is_sent: admin.app.mailer.is_some(), errors };
    admin.screen_as(status, "admin/users/new.html", "Invite a user", &view).await
}

pub(crate) async fn new(_: NewUserPath, admin: AdminContext) -> Result<Response> {
    let typed = InviteForm { role: Role::Editor.as_str().to_owned(), ..InviteForm::default() };
    draw_form(&admin, typed, FormErrors::default()).await
}

pub(crate) async fn create(_: UsersPath, admin: AdminContext, Form(typed): Form<InviteForm>) -> Result<Response> {
    match create_user(&admin, &typed).await {
        Ok((user, made)) => show_link(&admin, &user, &made).await,
        Err(error) => draw_form(&admin, typed, error.validation_errors()?.into()).await,
    }
}

async fn create_user(admin: &AdminContext, typed: &InviteForm) -> Result<(User, CreatedLink)> {
    let input = UserInput::parse(&typed.email, &typed.name, &typed.role)?;
    let created = admin.change(async |write| {
        let id = user::create(write, &input, None).await?;
        let user = user::get(write, id).await?;
        let made = invitation::for_user(write, &user).await?;
        mail_link(admin, write, &user).await?;
        Ok((user, made))
    });
    created.await
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples = &[
    ("admin/users/index.html", crate::admin::shared::admin_context::sample_screen::<ListView>),
    ("admin/users/new.html", crate::admin::shared::admin_context::sample_screen::<NewView>),
];

#[cfg(test)]
crate::state::template_samples::sampled! {
    ListView { q, rows, pages }
    Row { id, name, email, role, state, has_second_factor, own, signed_in }
    NewView { name, email, role, roles, is_sent, errors }
}
