//! A question at the desk: write it, save it, publish it, take it back, delete it. The form itself is `faq_item_form`.

use axum::{extract::Query, response::Response};
use serde::Deserialize;

use super::faq_item_form::{self as screen, ItemForm, Remark};
use crate::{
    error::{Error, Result},
    face::{desk::Desk, routes::Routes},
    model::{
        document::{self, Kind},
        faq::item,
        policy::Action,
        publishing,
        revision::{self, Content},
        trash,
        write::Write,
    },
    web::{form::Form, path::Path},
};

const LIST: &str = "/admin/faq";

/// The routes of this noun.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/admin/faq/new", Action::Edit, ask_new)
        .post_text("/admin/faq/new", Action::Edit, create)
        .get("/admin/faq/{id}", Action::Edit, show)
        .post_text("/admin/faq/{id}", Action::Edit, save)
        .post("/admin/faq/{id}/unpublish", Action::Publish, unpublish)
        .post("/admin/faq/{id}/delete", Action::Edit, delete)
}

fn edit_screen(id: i64) -> String {
    format!("{LIST}/{id}")
}

/// What the address of the form for a new question may say.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wish {
    category: String,
}

/// `GET /admin/faq/new`
pub async fn ask_new(desk: Desk, Query(wish): Query<Wish>) -> Result<Response> {
    screen::draw_new(&desk, &ItemForm { category: wish.category, ..ItemForm::default() }, Remark::None).await
}

/// `GET /admin/faq/{id}`
pub async fn show(desk: Desk, Path(id): Path<i64>) -> Result<Response> {
    screen::draw(&desk, id, None, Remark::None).await
}

/// `POST /admin/faq/new`
pub async fn create(desk: Desk, Form(form): Form<ItemForm>) -> Result<Response> {
    check_right(&desk, &form)?;
    let content = match form.parse() {
        Ok(content) => content,
        Err(invalid) => return screen::draw_new(&desk, &form, Remark::Faults(invalid)).await,
    };
    let write = desk.write().await?;
    match create_and_publish(&write, &content, form.publishes()).await {
        Ok(id) => {
            write.commit().await?;
            desk.done(&edit_screen(id), said(&content.title, 1, form.publishes())).await
        }
        Err(Error::Invalid(invalid)) => {
            drop(write);
            screen::draw_new(&desk, &form, Remark::Faults(invalid)).await
        }
        Err(other) => Err(other),
    }
}

async fn create_and_publish(write: &Write, content: &Content, publish: bool) -> Result<i64> {
    let id = item::create(write, content).await?;
    if publish {
        publishing::publish(write, id, Kind::FaqItem, 1).await?;
    }
    Ok(id)
}

/// What came of a save.
enum Outcome {
    Saved(i64),
    Nothing(String),
    Remark(Remark),
}

/// `POST /admin/faq/{id}`
pub async fn save(desk: Desk, Path(id): Path<i64>, Form(form): Form<ItemForm>) -> Result<Response> {
    check_right(&desk, &form)?;
    let content = match form.parse() {
        Ok(content) => content,
        Err(invalid) => return screen::draw(&desk, id, Some(form), Remark::Faults(invalid)).await,
    };
    let title = content.title.clone();
    let write = desk.write().await?;
    match save_and_publish(&write, id, content, &form).await? {
        Outcome::Saved(version) => {
            write.commit().await?;
            desk.done(&edit_screen(id), said(&title, version, form.publishes())).await
        }
        Outcome::Nothing(reason) => {
            drop(write);
            desk.not_done(&edit_screen(id), reason).await
        }
        Outcome::Remark(remark) => {
            drop(write);
            screen::draw(&desk, id, Some(form), remark).await
        }
    }
}

async fn save_and_publish(write: &Write, id: i64, mut content: Content, form: &ItemForm) -> Result<Outcome> {
    let document =
        document::find(write, id).await?.filter(|found| found.kind == Kind::FaqItem).ok_or(Error::NotFound)?;
    if document.trashed_at.is_some() {
        return Ok(Outcome::Remark(Remark::Trashed));
    }
    let newest = revision::latest(write, id).await?.ok_or(Error::NotFound)?;
    if content.note.is_empty() {
        // An empty note alone makes no new version.
        let same = Content { note: newest.content.note.clone(), ..content.clone() };
        if same == newest.content {
            content = same;
        }
    }
    // Who sends the form twice means it once: what says the same as the newest version is in nobody's way.
    if form.base() != newest.version && content != newest.content {
        return Ok(Outcome::Remark(Remark::Conflict(Box::new(newest), Box::new(content))));
    }
    let saved = item::save(write, id, newest.version, &content).await;
    let done = match saved {
        Ok(version) if form.publishes() => {
            publishing::publish(write, id, Kind::FaqItem, version).await.map(|()| version)
        }
        other => other,
    };
    match done {
        Ok(version) if version == newest.version && !form.publishes() => {
            Ok(Outcome::Nothing("You changed nothing, so no new version was saved.".to_owned()))
        }
        Ok(version) => Ok(Outcome::Saved(version)),
        Err(Error::Invalid(invalid)) => Ok(Outcome::Remark(Remark::Faults(invalid))),
        Err(Error::Conflict(reason)) => Ok(Outcome::Nothing(reason)),
        Err(other) => Err(other),
    }
}

fn said(title: &str, version: i64, published: bool) -> String {
    if published {
        format!("Version {version} of “{title}” is published. Visitors see it now.")
    } else {
        format!("Version {version} of “{title}” is saved. Visitors do not see it until you publish it.")
    }
}

/// The form is for all who edit; its second button is not.
fn check_right(desk: &Desk, form: &ItemForm) -> Result<()> {
    if form.publishes() { desk.require(Action::Publish) } else { Ok(()) }
}

/// `POST /admin/faq/{id}/unpublish`
pub async fn unpublish(desk: Desk, Path(id): Path<i64>) -> Result<Response> {
    let write = desk.write().await?;
    match publishing::unpublish(&write, id, Kind::FaqItem).await {
        Ok(_) => {
            write.commit().await?;
            desk.done(&edit_screen(id), "Visitors do not see this question any more. Nothing of it is lost.").await
        }
        Err(Error::Conflict(reason)) => {
            drop(write);
            desk.not_done(&edit_screen(id), reason).await
        }
        Err(other) => Err(other),
    }
}

/// `POST /admin/faq/{id}/delete`
pub async fn delete(desk: Desk, Path(id): Path<i64>) -> Result<Response> {
    let write = desk.write().await?;
    trash::delete(&write, id, Kind::FaqItem).await?;
    let title = revision::latest(&write, id).await?.map(|newest| newest.content.title).unwrap_or_default();
    write.commit().await?;
    desk.done(LIST, format!("“{title}” lies in the trash. It can be brought back from there.")).await
}
