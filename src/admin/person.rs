//! One person seen by an administrator: role, shutting out and letting in, a new link.

use axum::{http::StatusCode, response::Response};
use serde::{Deserialize, Serialize};

use super::{
    account::{SessionView, session_views},
    people::{HOME, roles, show_link},
};
use crate::{
    error::{Error, Invalid, Result},
    face::{
        desk::{Desk, When},
        edits::{Base, Clash, Field, Log},
        problems::{Choice, Problems},
        routes::Routes,
        sessions,
    },
    model::{
        actor::Role,
        invitation, membership,
        person::{self, Person},
        policy::{self, Action},
    },
    text::{email, isolate::isolated},
    web::{
        form::Form,
        path::Path,
        security_log::{self, Kind},
    },
};

/// The routes of this noun.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/admin/people/{id}", Action::ManagePeople, show)
        .post("/admin/people/{id}/role", Action::ManagePeople, change_role)
        .post("/admin/people/{id}/shut-out", Action::ManagePeople, shut_out)
        .post("/admin/people/{id}/let-in", Action::ManagePeople, let_in)
        .post("/admin/people/{id}/link", Action::ManagePeople, make_link)
        .post("/admin/people/{id}/sessions/end", Action::ManagePeople, end_sessions)
}

/// Faults of what was typed, and what somebody else changed meanwhile.
type Trouble = (Problems, Vec<Clash>);

#[derive(Serialize)]
struct View {
    id: i64,
    name: String,
    email: String,
    role: String,
    base: Base,
    clashes: Vec<Clash>,
    roles: Vec<Choice>,
    state: &'static str,
    joined: bool,
    own: bool,
    created: When,
    signed_in: Option<When>,
    link_until: Option<When>,
    sessions: Vec<SessionView>,
    errors: Problems,
}

async fn screen(desk: &Desk, status: StatusCode, person: Person, role: &str, trouble: Trouble) -> Result<Response> {
    let (errors, clashes) = trouble;
    let until = invitation::pending(desk.app.read(), person.id, desk.app.now()).await?;
    let view = View {
        id: person.id,
        role: role.to_owned(),
        base: Base::of(&[role_field(person.role.as_str(), person.role)]),
        clashes,
        roles: roles(),
        state: person.state(),
        joined: person.joined,
        own: person.id == desk.person.id,
        created: desk.when(person.created_at),
        signed_in: person.signed_in_at.map(|time| desk.when(time)),
        link_until: until.map(|time| desk.when(time)),
        sessions: session_views(desk, person.id).await?,
        errors,
        email: email::shown(&person.email),
        name: person.name,
    };
    let title = view.name.clone();
    desk.screen_as(status, "admin/people/person.html", &title, &view).await
}

/// `GET /admin/people/{id}`
pub async fn show(desk: Desk, Path(id): Path<i64>) -> Result<Response> {
    let person = person::get(desk.app.read(), id).await?;
    let role = person.role.as_str();
    screen(&desk, StatusCode::OK, person, role, Trouble::default()).await
}

fn address(id: i64) -> String {
    format!("{HOME}/{id}")
}

/// What is typed of the role.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct TypedRole {
    role: String,
    /// What it was made from.
    #[serde(flatten)]
    base: Base,
}

const fn role_field(typed: &str, now: Role) -> Field<'_> {
    Field { name: "role", label: "Role", typed, now: now.as_str() }
}

/// `POST /admin/people/{id}/role`
pub async fn change_role(desk: Desk, Path(id): Path<i64>, Form(typed): Form<TypedRole>) -> Result<Response> {
    let person = person::get(desk.app.read(), id).await?;
    let mut merged = typed.base.merge(&[role_field(&typed.role, person.role)]);
    let log = Log { action: "person.change_role", subject_id: Some(id), names: None };
    merged.name_authors(&desk, log).await?;
    if merged.needs_choice() {
        let (status, role) = (merged.status(), merged.shown("role").to_owned());
        return screen(&desk, status, person, &role, (merged.invalid.into(), merged.clashes)).await;
    }
    let role = match give_role(&desk, id, merged.value("role")).await {
        Ok(role) => role,
        Err(Error::Invalid(invalid)) => {
            let trouble = (invalid.into(), merged.shown_before());
            return screen(&desk, StatusCode::UNPROCESSABLE_ENTITY, person, &typed.role, trouble).await;
        }
        Err(other) => return Err(other),
    };
    if id == desk.person.id {
        // Their sessions have ended, this one too: it goes on under a new id.
        sessions::renew(&desk.session, &person::get(desk.app.read(), id).await?).await?;
    }
    // Whoever gave up their own right to this screen is led where they may go.
    let stays = id != desk.person.id || policy::allows(role, Action::ManagePeople);
    let to = if stays { address(id) } else { "/admin".to_owned() };
    let response = desk.done(&to, changed(&person, role)).await?;
    Ok(security_log::mark(response, Kind::RoleChanged, Some(id)))
}

async fn give_role(desk: &Desk, id: i64, typed: &str) -> Result<Role> {
    let role = Role::parse(typed).ok_or_else(|| Invalid::one("role", "Choose a role"))?;
    let write = desk.write().await?;
    if membership::change_role(&write, id, role).await? {
        write.commit().await?;
    }
    Ok(role)
}

fn changed(person: &Person, role: Role) -> String {
    let Person { name, joined, .. } = person;
    let (role, rest) =
        (role.with_article(), if *joined { "Their sessions have ended." } else { "Make a new link for them." });
    format!("{} is {role} now. {rest}", isolated(name))
}

/// `POST /admin/people/{id}/shut-out`
pub async fn shut_out(desk: Desk, Path(id): Path<i64>) -> Result<Response> {
    let person = person::get(desk.app.read(), id).await?;
    let write = desk.write().await?;
    match membership::shut_out(&write, id).await {
        Ok(changed) => {
            if changed {
                write.commit().await?;
            }
            let sentence = format!("{} is shut out. Their sessions and links have ended.", isolated(&person.name));
            let response = desk.done(&address(id), sentence).await?;
            Ok(security_log::mark(response, Kind::Deactivated, Some(id)))
        }
        Err(Error::Conflict(sentence)) => {
            drop(write);
            desk.not_done(&address(id), sentence).await
        }
        Err(other) => Err(other),
    }
}

/// `POST /admin/people/{id}/let-in`
pub async fn let_in(desk: Desk, Path(id): Path<i64>) -> Result<Response> {
    let person = person::get(desk.app.read(), id).await?;
    let write = desk.write().await?;
    if membership::let_in(&write, id).await? {
        write.commit().await?;
    }
    let sentence = if person.joined {
        format!("{} may come in again.", isolated(&person.name))
    } else {
        format!("{} may come in again. Their old link stays dead: make a new one.", isolated(&person.name))
    };
    let response = desk.done(&address(id), sentence).await?;
    Ok(security_log::mark(response, Kind::Activated, Some(id)))
}

/// `POST /admin/people/{id}/link`
pub async fn make_link(desk: Desk, Path(id): Path<i64>) -> Result<Response> {
    let write = desk.write().await?;
    let person = person::get(&write, id).await?;
    match invitation::for_person(&write, &person).await {
        Ok(made) => {
            write.commit().await?;
            show_link(&desk, &person, &made).await
        }
        Err(Error::Conflict(sentence)) => {
            drop(write);
            desk.not_done(&address(id), sentence).await
        }
        Err(other) => Err(other),
    }
}

/// `POST /admin/people/{id}/sessions/end`
pub async fn end_sessions(desk: Desk, Path(id): Path<i64>) -> Result<Response> {
    let person = person::get(desk.app.read(), id).await?;
    let write = desk.write().await?;
    if membership::end_sessions(&write, &person, "").await? {
        write.commit().await?;
    }
    let response = desk.done(&address(id), format!("The sessions of {} were ended.", isolated(&person.name))).await?;
    Ok(security_log::mark(response, Kind::SessionsEnded, Some(id)))
}
