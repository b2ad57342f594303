//! The preview: the page as visitors would get it, made of what was typed or saved, in a frame of the desk.

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

use super::page_form::PageForm;
use crate::{
    error::{Error, Result},
    face::{
        desk::Desk,
        page_view::{self, Extras, Subject},
        routes::Routes,
    },
    model::{
        document::Kind,
        page::{address, tree},
        policy::Action,
        revision::{self, Content, Revision, Typed},
    },
    web::{form::Form, headers, path::Path},
};

/// The routes of this noun.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/admin/pages/{id}/preview", Action::Edit, saved)
        .post_text("/admin/pages/{id}/preview", Action::Edit, typed)
        .post_text("/admin/pages/new/preview", Action::Edit, typed_new)
}

async fn saved(desk: Desk, Path(id): Path<i64>) -> Result<Response> {
    let revision = revision::latest(desk.app.read(), id).await?.ok_or(Error::NotFound)?;
    draw_known(&desk, id, revision).await
}

async fn typed(desk: Desk, Path(id): Path<i64>, Form(form): Form<PageForm>) -> Result<Response> {
    let newest = revision::latest(desk.app.read(), id).await?.ok_or(Error::NotFound)?;
    let revision = unsaved(&desk, id, newest.version + 1, &form.typed);
    draw_known(&desk, id, revision).await
}

async fn typed_new(desk: Desk, Form(form): Form<PageForm>) -> Result<Response> {
    let revision = unsaved(&desk, 0, 1, &form.typed);
    let parent_id: Option<i64> = form.under.parse().ok();
    let above = match parent_id {
        Some(id) => Some(tree::node(desk.app.read(), id).await?.path),
        None => None,
    };
    let path = address::join(above.as_deref(), &revision.content.slug);
    draw(&desk, Subject { path, revision, preview: true }).await
}

async fn draw_known(desk: &Desk, id: i64, revision: Revision) -> Result<Response> {
    let node = tree::node(desk.app.read(), id).await?;
    draw(desk, Subject { path: node.path, revision, preview: true }).await
}

async fn draw(desk: &Desk, subject: Subject) -> Result<Response> {
    let mut response = page_view::render(&desk.app, &subject, &Extras::default()).await?.into_response();
    let policy = HeaderValue::from_static(headers::PREVIEW_POLICY);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Whatever is typed has a preview: a field at fault is shown as if it were empty.
fn unsaved(desk: &Desk, document_id: i64, version: i64, typed: &Typed) -> Revision {
    let mut typed = typed.clone();
    if typed.title.trim().is_empty() {
        "Untitled".clone_into(&mut typed.title);
    }
    let content = Content::parse(&typed, Kind::Page).or_else(|invalid| {
        for (field, _) in &invalid.fields {
            clear(&mut typed, field);
        }
        Content::parse(&typed, Kind::Page)
    });
    let content = content.unwrap_or_else(|_| Content::empty("Untitled"));
    let author_name = desk.person.name.clone();
    Revision { id: 0, document_id, version, content, author_name, created_at: desk.app.now() }
}

fn clear(typed: &mut Typed, field: &str) {
    match field {
        "title" => "Untitled".clone_into(&mut typed.title),
        "slug" => "untitled".clone_into(&mut typed.slug),
        "number" => typed.number.clear(),
        "menu_label" => typed.menu_label.clear(),
        "menu" => typed.menu.clear(),
        "layout" => typed.layout.clear(),
        "summary" => typed.summary.clear(),
        "body" => typed.body.clear(),
        "owner" => typed.owner.clear(),
        "review_by" => typed.review_by.clear(),
        _ => typed.note.clear(),
    }
}
