//! Writing documents of every kind: new ones, and changes. The screen is in `edit_screen`, saving in `save`.

use axum::{
    extract::Query,
    response::{IntoResponse, Redirect, Response},
};

use super::{draft, edit_screen, form::DocumentForm, new_from, paths, save};
use crate::{
    admin::shared::{admin_context::AdminContext, document_kinds::KINDS, routes::Routes},
    crypto,
    error::{Result, ValidationErrors},
    model::{
        document::{
            draft::{DraftKey, DraftState, find as find_draft},
            kind::DocumentKind,
            record::Document,
            revision,
        },
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

/// The path may name values of fields and the page above, a document to copy, or a draft.
async fn new(admin: AdminContext, kind: DocumentKind, Query(form): Query<DocumentForm>) -> Result<Response> {
    let is_fresh = !form.draft.names_new();
    let form = if is_fresh { new_from::fill(&admin, kind, form).await? } else { form };
    let fields = admin.app.rules.fields.of_input(kind, &form.typed);
    let mut form = form.of_new(&fields);
    if is_fresh {
        form.draft.key = crypto::random_token();
        return edit_screen::draw_new(&admin, kind, &form, FormErrors::default()).await;
    }
    let at = DraftKey::of_new(admin.user.id, kind, form.draft.key.clone());
    match find_draft(admin.app.read(), &at).await? {
        Some(draft) if draft.state == DraftState::Open => form = DocumentForm::of_draft(draft),
        Some(draft) => {
            if let Some(id) = draft.document_id {
                return Ok(Redirect::to(&paths::edit_screen(kind, id)).into_response());
            }
            form.draft.follow(draft.sequence, None);
        }
        None => {}
    }
    edit_screen::draw_new(&admin, kind, &form, FormErrors::default()).await
}

async fn create(admin: AdminContext, kind: DocumentKind, Form(form): Form<DocumentForm>) -> Result<Response> {
    let fields = admin.app.rules.fields.of_input(kind, &form.typed);
    let mut form = form.of_new(&fields);
    if form.finds() {
        draft::keep_unsaved(&admin, kind, None, &mut form).await;
        let choose = ValidationErrors::one("under", "Choose the page above, or the top level");
        return edit_screen::draw_new(&admin, kind, &form, choose.into()).await;
    }
    if form.moves_row() {
        draft::keep_unsaved(&admin, kind, None, &mut form).await;
        return edit_screen::draw_new(&admin, kind, &form, FormErrors::default()).await;
    }
    save::create(admin, kind, form).await
}

async fn edit(admin: AdminContext, kind: DocumentKind, Path(id): Path<i64>) -> Result<Response> {
    let document = Document::get_of(admin.app.read(), id, kind).await?;
    let newest = revision::latest(admin.app.read(), id).await?;
    let form = draft::open(&admin, &document, &newest).await?;
    edit_screen::draw_document(&admin, &document, &newest, &form, FormErrors::default()).await
}

async fn update(
    admin: AdminContext,
    kind: DocumentKind,
    Path(id): Path<i64>,
    Form(mut form): Form<DocumentForm>,
) -> Result<Response> {
    if form.moves_row() {
        draft::keep_unsaved(&admin, kind, Some(id), &mut form).await;
        return edit_screen::draw(&admin, kind, id, &form, FormErrors::default()).await;
    }
    save::save(admin, kind, id, form).await
}
