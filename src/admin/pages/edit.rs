//! One page: write it, save it, publish it. The screen is `form`; what becomes of what was typed, `save`.

use axum::{extract::Query, response::Response};
use serde::Deserialize;

use super::form;
use crate::{
    admin::{
        documents::{form::DocumentForm, save},
        shared::{admin_context::AdminContext, routes::Routes},
    },
    error::{Error, Result, ValidationErrors},
    model::{
        document::{self, DocumentKind},
        policy::Action,
        revision::{self, DocumentInput, Menu},
    },
    web::{form::Form, form_errors::FormErrors, path::Path},
};

/// The routes of this noun.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/admin/pages/new", Action::Edit, new)
        .post_text("/admin/pages/new", Action::Edit, create)
        .get("/admin/pages/{id}", Action::Edit, edit)
        .post_text("/admin/pages/{id}", Action::Edit, update)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NewPageQuery {
    under: Option<i64>,
}

/// A new page is listed nowhere until somebody decides where.
async fn new(admin: AdminContext, Query(query): Query<NewPageQuery>) -> Result<Response> {
    let typed = DocumentInput { menu: Menu::Hidden.as_str().to_owned(), ..DocumentInput::default() };
    let under = query.under.map_or_else(String::new, |id| id.to_string());
    form::draw_new(&admin, DocumentForm { typed, under, ..DocumentForm::default() }, FormErrors::default()).await
}

async fn create(admin: AdminContext, Form(mut form): Form<DocumentForm>) -> Result<Response> {
    if form.typed.menu.is_empty() {
        Menu::Hidden.as_str().clone_into(&mut form.typed.menu);
    }
    if form.finds() {
        let choose = ValidationErrors::one("under", "Choose the page above, or the top level");
        return form::draw_new(&admin, form, choose.into()).await;
    }
    save::create(admin, DocumentKind::Page, form).await
}

async fn edit(admin: AdminContext, Path(id): Path<i64>) -> Result<Response> {
    let document = document::get(admin.app.read(), id, DocumentKind::Page).await?;
    let newest = revision::latest(admin.app.read(), id).await?.ok_or(Error::NotFound)?;
    let form = DocumentForm::of(&newest, document.published_revision_id == Some(newest.id), admin.user.id);
    form::draw(&admin, id, form, FormErrors::default()).await
}

async fn update(admin: AdminContext, Path(id): Path<i64>, Form(form): Form<DocumentForm>) -> Result<Response> {
    save::save(admin, DocumentKind::Page, id, form).await
}
