//! The people of the desk: the list, and inviting somebody. One person's role and the rest are in `person`.

use axum::{
    extract::{Query, rejection::QueryRejection},
    http::StatusCode,
    response::Response,
};
use serde::{Deserialize, Serialize};

use crate::{
    error::{Error, Result},
    face::{
        desk::{Desk, When},
        problems::{Choice, Problems},
        routes::Routes,
    },
    model::{
        actor::Role,
        invitation::{self, Made},
        person::{self, Details, Person},
        policy::Action,
    },
    text::email,
    web::{
        form::Form,
        security_log::{self, Kind},
    },
};

/// The list's address.
pub const HOME: &str = "/admin/people";
/// People on one page of the list.
const PAGE: usize = 50;

/// The routes of this noun.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes.get(HOME, Action::ManagePeople, list).post(HOME, Action::ManagePeople, invite).get(
        "/admin/people/new",
        Action::ManagePeople,
        show_new,
    )
}

/// What the list's address may ask for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wish {
    /// Part of a name or an e-mail address.
    q: String,
    /// Id of the last person on the page before.
    after: Option<i64>,
}

#[derive(Serialize)]
struct ListView {
    q: String,
    rows: Vec<Row>,
    first: Option<String>,
    next: Option<String>,
}

#[derive(Serialize)]
struct Row {
    id: i64,
    name: String,
    email: String,
    role: &'static str,
    state: &'static str,
    own: bool,
    signed_in: Option<When>,
}

/// `GET /admin/people`
pub async fn list(desk: Desk, wish: Result<Query<Wish>, QueryRejection>) -> Result<Response> {
    let wish = wish.map(|Query(wish)| wish).unwrap_or_default();
    let q: String = wish.q.trim().chars().take(100).collect();
    let mut people = person::list(desk.app.read(), &q, wish.after, i64::try_from(PAGE + 1).unwrap_or(i64::MAX)).await?;
    let more = people.len() > PAGE;
    people.truncate(PAGE);
    let view = ListView {
        first: wish.after.map(|_| address(&q, None)),
        next: people.last().filter(|_| more).map(|last| address(&q, Some(last.id))),
        rows: people.into_iter().map(|person| row(&desk, person)).collect(),
        q,
    };
    desk.screen("admin/people/list.html", "People", &view).await
}

fn row(desk: &Desk, person: Person) -> Row {
    Row {
        id: person.id,
        role: person.role.as_str(),
        state: person.state(),
        own: person.id == desk.person.id,
        signed_in: person.signed_in_at.map(|time| desk.when(time)),
        name: person.name,
        email: email::shown(&person.email),
    }
}

fn address(q: &str, after: Option<i64>) -> String {
    let mut query = Vec::new();
    if !q.is_empty() {
        query.push(("q", q.to_owned()));
    }
    query.extend(after.map(|id| ("after", id.to_string())));
    let query = serde_html_form::to_string(&query).unwrap_or_default();
    if query.is_empty() { HOME.to_owned() } else { format!("{HOME}?{query}") }
}

/// The roles that can be given, as choices of a form.
#[must_use]
pub fn roles() -> Vec<Choice> {
    let label = |role| if role == Role::Administrator { "Administrator" } else { "Editor" };
    Role::GIVEN.into_iter().map(|role| Choice::new(role.as_str(), label(role))).collect()
}

/// What is typed of a new person.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    name: String,
    email: String,
    role: String,
}

#[derive(Serialize)]
struct NewView {
    name: String,
    email: String,
    role: String,
    roles: Vec<Choice>,
    errors: Problems,
}

async fn form(desk: &Desk, status: StatusCode, typed: Typed, errors: Problems) -> Result<Response> {
    let Typed { name, email, role } = typed;
    let view = NewView { name, email, role, roles: roles(), errors };
    desk.screen_as(status, "admin/people/new.html", "Invite somebody", &view).await
}

/// `GET /admin/people/new`
pub async fn show_new(desk: Desk) -> Result<Response> {
    let typed = Typed { role: Role::Editor.as_str().to_owned(), ..Typed::default() };
    form(&desk, StatusCode::OK, typed, Problems::default()).await
}

/// `POST /admin/people`
pub async fn invite(desk: Desk, Form(typed): Form<Typed>) -> Result<Response> {
    match make(&desk, &typed).await {
        Ok((person, made)) => show_link(&desk, &person, &made).await,
        Err(Error::Invalid(invalid)) => form(&desk, StatusCode::UNPROCESSABLE_ENTITY, typed, invalid.into()).await,
        Err(other) => Err(other),
    }
}

async fn make(desk: &Desk, typed: &Typed) -> Result<(Person, Made)> {
    let details = Details::parse(&typed.email, &typed.name, &typed.role)?;
    let write = desk.write().await?;
    let id = person::create(&write, &details, None).await?;
    let person = person::get(&write, id).await?;
    let made = invitation::for_person(&write, &person).await?;
    write.commit().await?;
    Ok((person, made))
}

#[derive(Serialize)]
struct LinkView {
    id: i64,
    name: String,
    email: String,
    /// Whether they have joined and this is for a new password.
    renewal: bool,
    link: String,
    expires: When,
}

/// Shows a link, this once. No redirect stands before it, because the link would have to be kept somewhere meanwhile.
///
/// # Errors
/// See [`Desk::screen`].
pub async fn show_link(desk: &Desk, person: &Person, made: &Made) -> Result<Response> {
    let view = LinkView {
        id: person.id,
        name: person.name.clone(),
        email: email::shown(&person.email),
        renewal: person.joined,
        link: format!("{}/admin/invitations/{}", desk.app.config.origin(), made.token),
        expires: desk.when(made.expires_at),
    };
    let title = if person.joined { "Link for a new password" } else { "Invitation" };
    let response = desk.screen("admin/people/link.html", title, &view).await?;
    Ok(security_log::mark(response, Kind::LinkMade, Some(person.id)))
}
