//! The screen of a question: its form with what was typed and what is wrong with it, and what visitors see now. Changes
//! nothing.

use axum::{http::StatusCode, response::Response};
use serde::Serialize;

use crate::{
    admin::{
        documents::{form::DocumentForm, paths, publication_status::PublicationStatus},
        shared::{
            admin_context::{AdminContext, When},
            flash::FlashAction,
        },
    },
    error::{Error, Result},
    model::{
        document::{self, DocumentKind},
        faq::{category, item},
        page::public,
        revision::{self, Layout},
    },
    web::form_errors::{FormErrors, SelectOption},
};

const TEMPLATE: &str = "admin/faq/item.html";

#[derive(Serialize)]
struct View {
    /// None for a new one.
    id: Option<i64>,
    action: String,
    typed: DocumentForm,
    errors: FormErrors,
    categories: Vec<SelectOption>,
    /// Whether there is a category to choose, or something typed that must not be hidden.
    has_form: bool,
    publication_status: PublicationStatus,
    saved: Option<Saved>,
    /// Publishes again what visitors saw before it was unpublished.
    again: Option<FlashAction>,
    /// Whether it is in the trash by now.
    trashed: bool,
    /// Address of the answer at the portal; empty when visitors do not see it.
    portal: String,
}

#[derive(Serialize)]
struct Saved {
    version: i64,
    by: String,
    when: When,
}

/// Draws the form of a new question.
///
/// # Errors
/// When the database fails.
pub async fn draw_new(admin: &AdminContext, typed: DocumentForm, errors: FormErrors) -> Result<Response> {
    let categories = categories(admin).await?;
    let status = errors.status();
    let view = View {
        id: None,
        action: "/admin/faq/new".to_owned(),
        has_form: categories.len() > 1 || status != StatusCode::OK,
        typed,
        errors,
        categories,
        publication_status: PublicationStatus::new(DocumentKind::FaqItem),
        saved: None,
        again: None,
        trashed: false,
        portal: String::new(),
    };
    admin.screen_as(status, TEMPLATE, "New question", &view).await
}

/// Draws the form of a question that is saved: with what was typed, or as it opens.
///
/// # Errors
/// `NotFound` when there is no such question.
pub async fn draw(admin: &AdminContext, id: i64, typed: DocumentForm, errors: FormErrors) -> Result<Response> {
    let status = errors.status();
    draw_as(admin, status, id, typed, errors).await
}

/// Draws the form of a question that was trashed while the user was writing, with what they typed: 409.
///
/// # Errors
/// When the database fails.
pub async fn draw_trashed(admin: &AdminContext, id: i64, typed: DocumentForm) -> Result<Response> {
    draw_as(admin, StatusCode::CONFLICT, id, typed, FormErrors::default()).await
}

async fn draw_as(
    admin: &AdminContext,
    status: StatusCode,
    id: i64,
    typed: DocumentForm,
    errors: FormErrors,
) -> Result<Response> {
    let db = admin.app.read();
    let document =
        document::find(db, id).await?.filter(|found| found.kind == DocumentKind::FaqItem).ok_or(Error::NotFound)?;
    let newest = revision::latest(db, id).await?.ok_or(Error::NotFound)?;
    let mut publication_status = PublicationStatus::of(&admin.app, &document, &newest).await?;
    if status != StatusCode::OK {
        publication_status.publish.clone_from(&publication_status.publish_edited);
    }
    let view = View {
        id: Some(id),
        action: format!("/admin/faq/{id}"),
        typed,
        errors,
        categories: categories(admin).await?,
        has_form: true,
        portal: if publication_status.live { portal(admin, id).await? } else { String::new() },
        publication_status,
        again: paths::again(admin, id).await?,
        saved: Some(Saved { version: newest.version, by: newest.author_name, when: admin.when(newest.created_at) }),
        trashed: document.trashed_at.is_some(),
    };
    admin.screen_as(status, TEMPLATE, &newest.content.title, &view).await
}

/// All categories; the first is none, so that one which is gone does not silently become another.
async fn categories(admin: &AdminContext) -> Result<Vec<SelectOption>> {
    let all = category::all(admin.app.read()).await?;
    let all = all.into_iter().map(|category| SelectOption::new(category.id.to_string(), category.title));
    Ok(std::iter::once(SelectOption::new("", "Choose a category")).chain(all).collect())
}

/// Where visitors find the answer: the page with all questions, at the slug in force.
async fn portal(admin: &AdminContext, id: i64) -> Result<String> {
    let page = public::with_layout(admin.app.read(), Layout::Faq).await?;
    let (_, slug) = item::location(admin.app.read(), id).await?;
    Ok(match (page, slug) {
        (Some(page), Some(slug)) => format!("{}#{slug}", page.path),
        _ => String::new(),
    })
}
