//! One page: write it, save it, publish it. What two editors do at once ends with both texts on one screen.

use axum::{extract::Query, http::StatusCode, response::Response};
use serde::{Deserialize, Serialize};

use super::page_form::{self, Edited, PageForm};
use crate::{
    error::{Error, Result},
    face::{desk::Desk, diff, problems::Problems, routes::Routes},
    model::{
        document::{self, Kind},
        page::{editing, tree},
        policy::Action,
        publishing,
        revision::{self, Content, Revision},
        write::Write,
    },
    web::{form::Form, path::Path},
};

/// The routes of this noun.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/admin/pages/new", Action::Edit, begin)
        .post_text("/admin/pages/new", Action::Edit, create)
        .get("/admin/pages/{id}", Action::Edit, edit)
        .post_text("/admin/pages/{id}", Action::Edit, save)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Under {
    under: Option<i64>,
}

async fn begin(desk: Desk, Query(wish): Query<Under>) -> Result<Response> {
    let form = PageForm { under: wish.under.map_or_else(String::new, |id| id.to_string()), ..PageForm::default() };
    draw_new(&desk, StatusCode::OK, form, Problems::default()).await
}

async fn draw_new(desk: &Desk, status: StatusCode, form: PageForm, errors: Problems) -> Result<Response> {
    let view = page_form::new_view(desk, form, errors).await?;
    desk.screen_as(status, "admin/pages/edit.html", "New page", &view).await
}

async fn create(desk: Desk, Form(form): Form<PageForm>) -> Result<Response> {
    check_right(&desk, &form)?;
    let content = match Content::parse(&form.typed, Kind::Page) {
        Ok(content) => content,
        Err(invalid) => return draw_new(&desk, StatusCode::UNPROCESSABLE_ENTITY, form, invalid.into()).await,
    };
    let write = desk.write().await?;
    match made(&write, &form, &content).await {
        Ok(id) => {
            write.commit().await?;
            let sentence = if form.publishes() {
                format!("“{}” is published.", content.title)
            } else {
                format!("“{}” is saved. Visitors do not see it until you publish it.", content.title)
            };
            desk.done(&format!("/admin/pages/{id}"), sentence).await
        }
        Err(Error::Invalid(invalid)) => {
            drop(write);
            draw_new(&desk, StatusCode::UNPROCESSABLE_ENTITY, form, invalid.into()).await
        }
        Err(other) => Err(other),
    }
}

async fn made(write: &Write, form: &PageForm, content: &Content) -> Result<i64> {
    let id = editing::create(write, form.under.parse().ok(), content).await?;
    if form.publishes() {
        publishing::publish(write, id, Kind::Page, 1).await?;
    }
    Ok(id)
}

async fn edit(desk: Desk, Path(id): Path<i64>) -> Result<Response> {
    let newest = newest(&desk, id).await?;
    let mut typed = newest.content.typed();
    let node = tree::node(desk.app.read(), id).await?;
    if node.live && !node.changed {
        // The note told what the published version changed; the next one has yet to change something.
        typed.note.clear();
    }
    let form = PageForm { typed, base: newest.version, ..PageForm::default() };
    draw(&desk, StatusCode::OK, id, form, Problems::default()).await
}

async fn newest(desk: &Desk, id: i64) -> Result<Revision> {
    tree::node(desk.app.read(), id).await?;
    revision::latest(desk.app.read(), id).await?.ok_or(Error::NotFound)
}

async fn draw(desk: &Desk, status: StatusCode, id: i64, form: PageForm, errors: Problems) -> Result<Response> {
    let view = page_form::view(desk, id, form, errors).await?;
    let title = view.title.clone();
    desk.screen_as(status, "admin/pages/edit.html", &title, &view).await
}

async fn save(desk: Desk, Path(id): Path<i64>, Form(form): Form<PageForm>) -> Result<Response> {
    check_right(&desk, &form)?;
    let document = document::find(desk.app.read(), id).await?.ok_or(Error::NotFound)?;
    if document.kind == Kind::Page && document.trashed_at.is_some() {
        let view = page_form::trashed_view(id, form);
        return desk.screen_as(StatusCode::CONFLICT, "admin/pages/edit.html", "This page is in the trash", &view).await;
    }
    let content = match Content::parse(&form.typed, Kind::Page) {
        Ok(content) => content,
        Err(invalid) => return draw(&desk, StatusCode::UNPROCESSABLE_ENTITY, id, form, invalid.into()).await,
    };
    let write = desk.write().await?;
    let done = saved(&write, id, &form, &content).await;
    match done {
        Ok(edited) if edited.is_nothing() => {
            drop(write);
            desk.not_done(&format!("/admin/pages/{id}"), edited.sentence(&content.title)).await
        }
        Ok(edited) => {
            write.commit().await?;
            desk.done(&format!("/admin/pages/{id}"), edited.sentence(&content.title)).await
        }
        Err(Error::Conflict(reason)) => {
            drop(write);
            conflict(&desk, id, form, reason).await
        }
        Err(Error::Invalid(invalid)) => {
            drop(write);
            draw(&desk, StatusCode::UNPROCESSABLE_ENTITY, id, form, invalid.into()).await
        }
        Err(other) => Err(other),
    }
}

async fn saved(write: &Write, id: i64, form: &PageForm, content: &Content) -> Result<Edited> {
    let version = editing::save(write, id, form.base, content).await?;
    if form.publishes() {
        publishing::publish(write, id, Kind::Page, version).await?;
    }
    let changed = version != form.base;
    Ok(Edited { version, changed, published: form.publishes(), live: tree::node(write, id).await?.live })
}

/// The form is for all who edit; its second button is not.
fn check_right(desk: &Desk, form: &PageForm) -> Result<()> {
    if form.publishes() { desk.require(Action::Publish) } else { Ok(()) }
}

#[derive(Serialize)]
struct Conflict {
    id: i64,
    theirs: page_form::VersionView,
    yours: PageForm,
    lines: Vec<diff::Line>,
    fields: Vec<diff::Field>,
    errors: Problems,
    choices: page_form::Choices,
    is_home: bool,
}

/// Both texts, and a form that saves knowingly over the newer one. Nothing is lost either way: theirs is a version.
async fn conflict(desk: &Desk, id: i64, form: PageForm, reason: String) -> Result<Response> {
    let theirs = newest(desk, id).await?;
    let node = tree::node(desk.app.read(), id).await?;
    // The same version means the page was published meanwhile, not written to.
    if theirs.version == form.base {
        return desk.not_done(&format!("/admin/pages/{id}"), reason).await;
    }
    let view = Conflict {
        id,
        lines: diff::lines(&theirs.content.body, &form.typed.body),
        fields: diff::fields(Kind::Page, &theirs.content.typed(), &form.typed),
        yours: PageForm { base: theirs.version, ..form },
        theirs: page_form::version_view(desk, &theirs),
        errors: Problems::default(),
        choices: page_form::Choices::default(),
        is_home: node.path == "/",
    };
    desk.screen_as(StatusCode::CONFLICT, "admin/pages/conflict.html", "Two versions at once", &view).await
}
