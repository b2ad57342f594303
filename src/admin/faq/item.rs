//! A question in the admin area: write it, save it, publish it, unpublish it, delete it. The screen is `item_form`; what
//! becomes of what was typed, `save`.

use axum::{extract::Query, response::Response};
use serde::Deserialize;

use super::item_form as screen;
use crate::{
    admin::{
        documents::{form::DocumentForm, paths, save},
        shared::{admin_context::AdminContext, routes::Routes},
    },
    error::{Error, Result},
    model::{
        document::{self, DocumentKind},
        policy::Action,
        publishing,
        revision::{self, DocumentInput},
        trash,
    },
    web::{form::Form, form_errors::FormErrors, path::Path},
};

const LIST: &str = "/admin/faq";

/// The routes of this noun.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/admin/faq/new", Action::Edit, new)
        .post_text("/admin/faq/new", Action::Edit, create)
        .get("/admin/faq/{id}", Action::Edit, edit)
        .post_text("/admin/faq/{id}", Action::Edit, update)
        .post("/admin/faq/{id}/unpublish", Action::Publish, unpublish)
        .post("/admin/faq/{id}/delete", Action::Publish, delete)
}

fn edit_screen(id: i64) -> String {
    format!("{LIST}/{id}")
}

/// What the address of the form for a new question may say.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NewItemQuery {
    category: String,
}

async fn new(admin: AdminContext, Query(query): Query<NewItemQuery>) -> Result<Response> {
    let typed = DocumentInput { category: query.category, ..DocumentInput::default() };
    screen::draw_new(&admin, DocumentForm { typed, ..DocumentForm::default() }, FormErrors::default()).await
}

async fn create(admin: AdminContext, Form(form): Form<DocumentForm>) -> Result<Response> {
    save::create(admin, DocumentKind::FaqItem, form).await
}

async fn edit(admin: AdminContext, Path(id): Path<i64>) -> Result<Response> {
    let document = document::get(admin.app.read(), id, DocumentKind::FaqItem).await?;
    let newest = revision::latest(admin.app.read(), id).await?.ok_or(Error::NotFound)?;
    let form = DocumentForm::of(&newest, document.published_revision_id == Some(newest.id), admin.user.id);
    screen::draw(&admin, id, form, FormErrors::default()).await
}

async fn update(admin: AdminContext, Path(id): Path<i64>, Form(form): Form<DocumentForm>) -> Result<Response> {
    save::save(admin, DocumentKind::FaqItem, id, form).await
}

async fn unpublish(admin: AdminContext, Path(id): Path<i64>) -> Result<Response> {
    let write = admin.write().await?;
    match publishing::unpublish(&write, id, DocumentKind::FaqItem).await {
        Ok(_) => {
            write.commit().await?;
            let sentence = "Unpublished. Visitors do not see this question any more.";
            admin.done_with(&edit_screen(id), sentence, paths::again(&admin, id).await?).await
        }
        Err(Error::Conflict(reason)) => {
            drop(write);
            admin.not_done(&edit_screen(id), reason).await
        }
        Err(other) => Err(other),
    }
}

async fn delete(admin: AdminContext, Path(id): Path<i64>) -> Result<Response> {
    if let Some(response) = paths::redirect_trashed(&admin, DocumentKind::FaqItem, id).await? {
        return Ok(response);
    }
    let write = admin.write().await?;
    trash::delete(&write, id, DocumentKind::FaqItem).await?;
    let trashed_at = write.now;
    write.commit().await?;
    let sentence = format!("Moved “{}” to the trash.", paths::title(&admin, id).await?);
    admin.done_with(LIST, sentence, paths::undo_trash(id, trashed_at)).await
}
