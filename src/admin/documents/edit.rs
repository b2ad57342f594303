//! Writing documents of every kind: new ones, and changes. The screen is in `editor`, saving in `save`.

use axum::{extract::Query, response::Response};

use super::{edit_screen, form::DocumentForm, save};
use crate::{
    admin::shared::{admin_context::AdminContext, document_kinds::KINDS, routes::Routes},
    error::{Result, ValidationErrors},
    model::{
        document::{kind::DocumentKind, record::Document, revision},
        policy::Action,
    },
    web::{form::Form, form_errors::FormErrors, path::Path},
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    KINDS.iter().fold(routes, |routes, row| {
        let kind = row.kind;
        routes
            .get_at(row.paths.new, Action::Edit, move |admin, query| new(admin, kind, query))
            .post_text_at(row.paths.new, Action::Edit, move |admin, form| create(admin, kind, form))
            .get_at(row.paths.edit, Action::Edit, move |admin, id| edit(admin, kind, id))
            .post_text_at(row.paths.edit, Action::Edit, move |admin, id, form| update(admin, kind, id, form))
    })
}

/// The path may name values of fields, and the page above.
async fn new(admin: AdminContext, kind: DocumentKind, Query(form): Query<DocumentForm>) -> Result<Response> {
    let form = form.of_new(admin.app.rules.fields.of(kind));
    edit_screen::draw_new(&admin, kind, &form, FormErrors::default()).await
}

async fn create(admin: AdminContext, kind: DocumentKind, Form(form): Form<DocumentForm>) -> Result<Response> {
    let form = form.of_new(admin.app.rules.fields.of(kind));
    if form.finds() {
        let choose = ValidationErrors::one("under", "Choose the page above, or the top level");
        return edit_screen::draw_new(&admin, kind, &form, choose.into()).await;
    }
    save::create(admin, kind, form).await
}

async fn edit(admin: AdminContext, kind: DocumentKind, Path(id): Path<i64>) -> Result<Response> {
    let document = Document::get_of(admin.app.read(), id, kind).await?;
    let newest = revision::latest(admin.app.read(), id).await?;
    let form = DocumentForm::of(&newest);
    edit_screen::draw_document(&admin, &document, &newest, &form, FormErrors::default()).await
}

async fn update(
    admin: AdminContext,
    kind: DocumentKind,
    Path(id): Path<i64>,
    Form(form): Form<DocumentForm>,
) -> Result<Response> {
    save::save(admin, kind, id, form).await
}
