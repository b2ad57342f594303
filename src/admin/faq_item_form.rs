//! The screen of a question: its form with what was typed and what is wrong with it, and what visitors see now. Changes
//! nothing.

use axum::{http::StatusCode, response::Response};
use serde::Serialize;

use super::{document_form::DocumentForm, documents};
use crate::{
    error::{Error, Result},
    face::{
        desk::{Desk, When},
        flash::FlashAction,
        problems::{Choice, Problems},
        standing::Standing,
    },
    model::{
        document::{self, Kind},
        faq::{category, item},
        page::public,
        revision::{self, Layout},
    },
};

const TEMPLATE: &str = "admin/faq/item.html";

#[derive(Serialize)]
struct View {
    /// None for a new one.
    id: Option<i64>,
    action: String,
    typed: DocumentForm,
    errors: Problems,
    categories: Vec<Choice>,
    /// Whether there is a category to choose, or something typed that must not be hidden.
    has_form: bool,
    standing: Standing,
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
pub async fn draw_new(desk: &Desk, typed: DocumentForm, errors: Problems) -> Result<Response> {
    let categories = categories(desk).await?;
    let status = errors.status();
    let view = View {
        id: None,
        action: "/admin/faq/new".to_owned(),
        has_form: categories.len() > 1 || status != StatusCode::OK,
        typed,
        errors,
        categories,
        standing: Standing::new(Kind::FaqItem),
        saved: None,
        again: None,
        trashed: false,
        portal: String::new(),
    };
    desk.screen_as(status, TEMPLATE, "New question", &view).await
}

/// Draws the form of a question that is saved: with what was typed, or as it opens.
///
/// # Errors
/// `NotFound` when there is no such question.
pub async fn draw(desk: &Desk, id: i64, typed: DocumentForm, errors: Problems) -> Result<Response> {
    let status = errors.status();
    draw_as(desk, status, id, typed, errors).await
}

/// Draws the form of a question that went into the trash while somebody was writing, with what they typed: 409.
///
/// # Errors
/// When the database fails.
pub async fn draw_trashed(desk: &Desk, id: i64, typed: DocumentForm) -> Result<Response> {
    draw_as(desk, StatusCode::CONFLICT, id, typed, Problems::default()).await
}

async fn draw_as(desk: &Desk, status: StatusCode, id: i64, typed: DocumentForm, errors: Problems) -> Result<Response> {
    let db = desk.app.read();
    let document = document::find(db, id).await?.filter(|found| found.kind == Kind::FaqItem).ok_or(Error::NotFound)?;
    let newest = revision::latest(db, id).await?.ok_or(Error::NotFound)?;
    let mut standing = Standing::of(&desk.app, &document, &newest).await?;
    if status != StatusCode::OK {
        standing.publish.clone_from(&standing.publish_edited);
    }
    let view = View {
        id: Some(id),
        action: format!("/admin/faq/{id}"),
        typed,
        errors,
        categories: categories(desk).await?,
        has_form: true,
        portal: if standing.live { portal(desk, id).await? } else { String::new() },
        standing,
        again: documents::again(desk, id).await?,
        saved: Some(Saved { version: newest.version, by: newest.author_name, when: desk.when(newest.created_at) }),
        trashed: document.trashed_at.is_some(),
    };
    desk.screen_as(status, TEMPLATE, &newest.content.title, &view).await
}

/// All categories; the first is none, so that one which is gone does not silently become another.
async fn categories(desk: &Desk) -> Result<Vec<Choice>> {
    let all = category::all(desk.app.read()).await?;
    let all = all.into_iter().map(|category| Choice::new(category.id.to_string(), category.title));
    Ok(std::iter::once(Choice::new("", "Choose a category")).chain(all).collect())
}

/// Where visitors find the answer: the page with all questions, at the anchor in force.
async fn portal(desk: &Desk, id: i64) -> Result<String> {
    let page = public::with_layout(desk.app.read(), Layout::Faq).await?;
    let (_, anchor) = item::place(desk.app.read(), id).await?;
    Ok(match (page, anchor) {
        (Some(page), Some(anchor)) => format!("{}#{anchor}", page.path),
        _ => String::new(),
    })
}
