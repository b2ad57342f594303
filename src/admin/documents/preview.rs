//! What previews of documents of every kind share: the line that says which text is shown, what is shown of text that is
//! not saved, and the frame that shows it.

use axum::{
    http::{HeaderValue, header},
    response::{Html, IntoResponse, Response},
};

use super::form::DocumentForm;
use crate::{
    admin::shared::admin_context::AdminContext,
    error::{Error, Result},
    model::{
        document::{self, Document, DocumentKind},
        revision::{self, Content, DocumentInput, Revision},
    },
    web::security_headers::PREVIEW_POLICY,
};

/// The text of a preview, and what is to be said of it.
pub struct Preview {
    /// The text; one that is not saved has the number it would get.
    pub revision: Revision,
    /// `Version 3, live`.
    pub label: String,
}

/// The newest version of a document.
///
/// # Errors
/// `NotFound` when there is no such document.
pub async fn preview_saved(admin: &AdminContext, kind: DocumentKind, id: i64) -> Result<Preview> {
    let document = document::get(admin.app.read(), id, kind).await?;
    let newest = revision::latest(admin.app.read(), id).await?.ok_or(Error::NotFound)?;
    Ok(from_stored(&document, newest))
}

fn from_stored(document: &Document, revision: Revision) -> Preview {
    let state = if document.published_revision_id == Some(revision.id) { "live" } else { "not published" };
    Preview { label: format!("Version {}, {state}", revision.version), revision }
}

/// What is in the form: the newest version, as long as nothing was changed, or a text that is not saved.
///
/// # Errors
/// `NotFound` when there is no such document.
pub async fn preview_input(admin: &AdminContext, kind: DocumentKind, id: i64, form: &DocumentForm) -> Result<Preview> {
    let document = document::find(admin.app.read(), id).await?.filter(|found| found.kind == kind);
    let document = document.ok_or(Error::NotFound)?;
    let newest = revision::latest(admin.app.read(), id).await?.ok_or(Error::NotFound)?;
    if form
        .content(kind)
        .is_ok_and(|content| content == Content { note: content.note.clone(), ..newest.content.clone() })
    {
        return Ok(from_stored(&document, newest));
    }
    let version = document::next_version(admin.app.read(), id).await?;
    Ok(preview_unsaved(admin, kind, (id, version), form))
}

/// Text that is not saved, of the document `id` (0: a new one). Whatever is typed has a preview: a field at fault is shown
/// as if it were empty.
#[must_use]
pub fn preview_unsaved(
    admin: &AdminContext,
    kind: DocumentKind,
    (document_id, version): (i64, i64),
    form: &DocumentForm,
) -> Preview {
    let mut form = form.clone();
    if form.typed.title.trim().is_empty() {
        "Untitled".clone_into(&mut form.typed.title);
    }
    let content = form.content(kind).or_else(|invalid| {
        for (field, _) in &invalid.fields {
            clear(&mut form.typed, field);
        }
        form.content(kind)
    });
    let content = content.unwrap_or_else(|_| Content::empty(form.typed.title.trim()));
    let (author_id, author_name) = (Some(admin.user.id), admin.user.name.clone());
    let created_at = admin.app.now();
    let revision =
        Revision { id: 0, document_id, version, content, author_id, author_name, created_at, made_from: None };
    Preview { revision, label: "Not saved yet".to_owned() }
}

fn clear(typed: &mut DocumentInput, field: &str) {
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
        // There is no such category, and no preview shows one.
        "category" => "0".clone_into(&mut typed.category),
        "review_by" => typed.review_by.clear(),
        _ => typed.note.clear(),
    }
}

/// What a keyboard would stop at.
const STOPS: [&str; 7] = ["<a", "<summary", "<input", "<select", "<textarea", "<button", "<pre"];

/// The response for the frame. Other pages of the portal may not stand in a frame, so links open in a new window; those
/// within the text stay. Who goes through the editor with the keyboard stops at the frame once, not at all that is in it.
#[must_use]
pub fn frame(Html(html): Html<String>) -> Response {
    let html = html.replace(" href=\"#", " target=\"_self\" href=\"#").replace(" tabindex=\"0\"", " tabindex=\"-1\"");
    let html = STOPS.iter().fold(html, |html, tag| passed_over(&html, tag));
    let mut response = Html(html.replacen("<head>", "<head>\n<base target=\"_blank\">", 1)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(PREVIEW_POLICY));
    response
}

/// Text has no `<` of its own in HTML, so what begins like a tag is one.
fn passed_over(html: &str, tag: &str) -> String {
    let spaced = html.replace(&format!("{tag} "), &format!("{tag} tabindex=\"-1\" "));
    spaced.replace(&format!("{tag}>"), &format!("{tag} tabindex=\"-1\">"))
}
