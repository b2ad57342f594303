//! The preview of an answer, for a frame beside the form: the same Markdown, the same renderer, the same style sheet as
//! the public page. Saves nothing.

use axum::response::Response;
use serde::Serialize;

use crate::{
    admin::{
        documents::{
            form::DocumentForm,
            preview::{self, Preview},
        },
        shared::{admin_context::AdminContext, routes::Routes},
    },
    error::Result,
    model::{document::DocumentKind, policy::Action},
    text::{
        language,
        markdown::{self, HeadingContext},
    },
    web::{form::Form, path::Path},
};

/// The routes of this noun.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
        .post_text("/admin/faq/new/preview", Action::Edit, preview_new)
        .post_text("/admin/faq/{id}/preview", Action::Edit, preview)
        .get("/admin/faq/{id}/preview", Action::Edit, show)
}

#[derive(Serialize)]
struct View<'a> {
    label: String,
    question: String,
    answer_html: String,
    language: &'a str,
    direction: &'static str,
}

async fn preview_new(admin: AdminContext, Form(form): Form<DocumentForm>) -> Result<Response> {
    draw(&admin, preview::preview_unsaved(&admin, DocumentKind::FaqItem, (0, 1), &form)).await
}

async fn preview(admin: AdminContext, Path(id): Path<i64>, Form(form): Form<DocumentForm>) -> Result<Response> {
    draw(&admin, preview::preview_input(&admin, DocumentKind::FaqItem, id, &form).await?).await
}

async fn show(admin: AdminContext, Path(id): Path<i64>) -> Result<Response> {
    draw(&admin, preview::preview_saved(&admin, DocumentKind::FaqItem, id).await?).await
}

async fn draw(admin: &AdminContext, shown: Preview) -> Result<Response> {
    let content = shown.revision.content;
    let (body, title) = (content.body, content.title);
    let render = || markdown::render(&body, HeadingContext::Part("answer")).html;
    let answer_html = admin.app.rendering.run_large(render).await?;
    let view = View {
        label: shown.label,
        question: title,
        answer_html,
        language: &admin.settings.language,
        direction: language::direction(&admin.settings.language),
    };
    Ok(preview::frame(admin.app.templates.render("admin/faq/preview.html", &view)?))
}
