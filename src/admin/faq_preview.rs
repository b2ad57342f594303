//! The preview of an answer, for a frame beside the form: the same Markdown, the same door, the same style sheet as
//! the public page. Saves nothing.

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use super::faq_item_form::ItemForm;
use crate::{
    error::{Error, Result},
    face::{desk::Desk, routes::Routes},
    model::{
        document::{self, Kind},
        policy::Action,
        revision,
    },
    text::{
        language,
        markdown::{self, Place},
    },
    web::{form::Form, headers::PREVIEW_POLICY, path::Path},
};

/// The routes of this noun.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes.post_text("/admin/faq/preview", Action::Edit, typed).get("/admin/faq/{id}/preview", Action::Edit, saved)
}

#[derive(Serialize)]
struct View<'a> {
    question: &'a str,
    answer_html: String,
    language: &'a str,
    direction: &'static str,
}

/// `POST /admin/faq/preview`: what stands in the form.
pub async fn typed(desk: Desk, Form(form): Form<ItemForm>) -> Result<Response> {
    draw(&desk, &form.title, &form.body).await
}

/// `GET /admin/faq/{id}/preview`: the newest version.
pub async fn saved(desk: Desk, Path(id): Path<i64>) -> Result<Response> {
    document::get(desk.app.read(), id, Kind::FaqItem).await?;
    let content = revision::latest(desk.app.read(), id).await?.ok_or(Error::NotFound)?.content;
    draw(&desk, &content.title, &content.body).await
}

async fn draw(desk: &Desk, question: &str, answer: &str) -> Result<Response> {
    let render = || markdown::render(answer, Place::Part("answer")).html;
    let view = View {
        question,
        answer_html: desk.app.rendering.run(answer.len(), render).await?,
        language: &desk.settings.language,
        direction: language::direction(&desk.settings.language),
    };
    let mut response = desk.app.templates.render("admin/faq/preview.html", &view)?.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(PREVIEW_POLICY));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
