//! Previews of documents of every kind, and the frame that shows them. Saves nothing.

use axum::{
    http::{HeaderValue, header},
    response::{Html, IntoResponse, Response},
};

use super::{by_kind, form::DocumentForm, preview_text::PreviewText};
use crate::{
    admin::shared::{admin_context::AdminContext, document_kinds::KINDS, routes::Routes},
    error::{Error, Result},
    model::{
        document::{content::Content, kind::DocumentKind, record::Document, revision},
        policy::Action,
    },
    web::{form::Form, path::Path, security_headers::PREVIEW_POLICY},
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    KINDS.iter().fold(routes, |routes, row| {
        let kind = row.kind;
        routes
            .post_text_at(row.paths.new_preview, Action::Edit, move |admin, form| preview_new(admin, kind, form))
            .get_at(row.paths.preview, Action::Edit, move |admin, id| show(admin, kind, id))
            .post_text_at(row.paths.preview, Action::Edit, move |admin, id, form| preview(admin, kind, id, form))
    })
}

async fn show(admin: AdminContext, kind: DocumentKind, Path(id): Path<i64>) -> Result<Response> {
    let document = Document::get_of(admin.app.read(), id, kind).await?;
    let newest = revision::latest(admin.app.read(), id).await?;
    draw(&admin, kind, PreviewText::of_stored(&document, newest), None).await
}

/// The content of the form: the newest version, while nothing was changed, or unsaved text.
async fn preview(
    admin: AdminContext,
    kind: DocumentKind,
    Path(id): Path<i64>,
    Form(form): Form<DocumentForm>,
) -> Result<Response> {
    let fields = &admin.app.rules.fields.of_input(kind, &form.typed);
    let document = Document::find(admin.app.read(), id).await?.filter(|found| found.kind == kind);
    let document = document.ok_or(Error::NotFound)?;
    let newest = revision::latest(admin.app.read(), id).await?;
    let is_stored = Content::parse(fields, &form.typed)
        .is_ok_and(|content| fields.compare(&content.to_input(), &newest.content.to_input()).is_empty());
    if is_stored {
        return draw(&admin, kind, PreviewText::of_stored(&document, newest), None).await;
    }
    let version = revision::next_version(admin.app.read(), id).await?;
    draw(&admin, kind, PreviewText::of_unsaved(&admin, kind, (id, version), &form), None).await
}

async fn preview_new(admin: AdminContext, kind: DocumentKind, Form(form): Form<DocumentForm>) -> Result<Response> {
    draw(&admin, kind, PreviewText::of_unsaved(&admin, kind, (0, 1), &form), form.parent().unwrap_or_default()).await
}

/// `parent` is the page above a page that is not saved yet.
async fn draw(admin: &AdminContext, kind: DocumentKind, shown: PreviewText, parent: Option<i64>) -> Result<Response> {
    Ok(frame(by_kind::preview(admin, kind, shown, parent).await?))
}

/// What the keyboard can focus.
const STOPS: [&str; 7] = ["<a", "<summary", "<input", "<select", "<textarea", "<button", "<pre"];

/// The response for the frame. Other pages of the portal may not be framed, so links open in a new window; those within
/// the text stay. The keyboard focuses the frame once, not every link in it.
fn frame(Html(html): Html<String>) -> Response {
    let html = html.replace(" href=\"#", " target=\"_self\" href=\"#").replace(" tabindex=\"0\"", " tabindex=\"-1\"");
    let html = STOPS.iter().fold(html, |html, tag| skip_with_tab_key(&html, tag));
    let mut response = Html(html.replacen("<head>", "<head>\n<base target=\"_blank\">", 1)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(PREVIEW_POLICY));
    response
}

/// In HTML, text has no bare `<`, so what begins like a tag is one.
fn skip_with_tab_key(html: &str, tag: &str) -> String {
    let spaced = html.replace(&format!("{tag} "), &format!("{tag} tabindex=\"-1\" "));
    spaced.replace(&format!("{tag}>"), &format!("{tag} tabindex=\"-1\">"))
}
