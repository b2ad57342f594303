//! Categories of questions: make, rename, reorder, delete when empty. They have no versions: what is changed here
//! visitors see at once, and the screens say so.

use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use crate::{
    error::{Error, Invalid, Result},
    face::{
        desk::Desk,
        place::{Move, PlaceForm},
        problems::Problems,
        routes::Routes,
    },
    model::{faq::category, policy::Action},
    web::{form::Form, path::Path},
};

const LIST: &str = "/admin/faq/categories";

/// The routes of this noun.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
        .get(LIST, Action::Edit, list)
        .get("/admin/faq/categories/new", Action::Edit, ask_new)
        .post("/admin/faq/categories/new", Action::Edit, create)
        .get("/admin/faq/categories/{id}", Action::Edit, ask_name)
        .post("/admin/faq/categories/{id}", Action::Publish, rename)
        .post("/admin/faq/categories/{id}/place", Action::Edit, place)
        .post("/admin/faq/categories/{id}/delete", Action::Edit, delete)
}

#[derive(Serialize)]
struct ListView {
    categories: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    id: i64,
    title: String,
    slug: String,
    path: String,
    /// Questions outside the trash.
    items: i64,
    /// Questions in the trash.
    trashed: i64,
    /// Whether it can be deleted.
    empty: bool,
    moves: Vec<Move>,
}

/// `GET /admin/faq/categories`
pub async fn list(desk: Desk) -> Result<Response> {
    let all = category::counted(desk.app.read()).await?;
    let count = all.len();
    let row = |(place, counted): (usize, category::Counted)| Row {
        id: counted.category.id,
        path: format!("{LIST}/{}", counted.category.id),
        title: counted.category.title,
        slug: counted.category.slug,
        items: counted.items,
        trashed: counted.trashed,
        empty: counted.items + counted.trashed == 0,
        moves: Move::at(place, count),
    };
    let categories = all.into_iter().enumerate().map(row).collect();
    desk.screen("admin/faq/categories.html", "Categories of questions", &ListView { categories }).await
}

/// What is typed of a category.
#[derive(Debug, Default, Clone, Deserialize, Serialize)]
#[serde(default)]
pub struct CategoryForm {
    title: String,
    slug: String,
}

#[derive(Serialize)]
struct FormView<'a> {
    /// None for a new one.
    id: Option<i64>,
    action: String,
    typed: &'a CategoryForm,
    errors: Problems,
}

async fn draw(desk: &Desk, id: Option<i64>, typed: &CategoryForm, invalid: Option<Invalid>) -> Result<Response> {
    let status = if invalid.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let (title, action) = match id {
        None => ("New category", format!("{LIST}/new")),
        Some(id) => ("Rename category", format!("{LIST}/{id}")),
    };
    let view = FormView { id, action, typed, errors: invalid.map(Problems::from).unwrap_or_default() };
    desk.screen_as(status, "admin/faq/category.html", title, &view).await
}

/// `GET /admin/faq/categories/new`
pub async fn ask_new(desk: Desk) -> Result<Response> {
    draw(&desk, None, &CategoryForm::default(), None).await
}

/// `POST /admin/faq/categories/new`
pub async fn create(desk: Desk, Form(typed): Form<CategoryForm>) -> Result<Response> {
    let write = desk.write().await?;
    match category::create(&write, &typed.title, &typed.slug).await {
        Ok(_) => write.commit().await?,
        Err(Error::Invalid(invalid)) => {
            drop(write);
            return draw(&desk, None, &typed, Some(invalid)).await;
        }
        Err(other) => return Err(other),
    }
    desk.done(
        LIST,
        format!("The category “{}” was made. Visitors see it once it holds a question.", typed.title.trim()),
    )
    .await
}

/// `GET /admin/faq/categories/{id}`
pub async fn ask_name(desk: Desk, Path(id): Path<i64>) -> Result<Response> {
    let category = category::get(desk.app.read(), id).await?;
    draw(&desk, Some(id), &CategoryForm { title: category.title, slug: category.slug }, None).await
}

/// `POST /admin/faq/categories/{id}`
pub async fn rename(desk: Desk, Path(id): Path<i64>, Form(typed): Form<CategoryForm>) -> Result<Response> {
    let write = desk.write().await?;
    match category::rename(&write, id, &typed.title, &typed.slug).await {
        Ok(()) => write.commit().await?,
        Err(Error::Invalid(invalid)) => {
            drop(write);
            return draw(&desk, Some(id), &typed, Some(invalid)).await;
        }
        Err(other) => return Err(other),
    }
    desk.done(LIST, format!("The category is called “{}” now.", typed.title.trim())).await
}

/// `POST /admin/faq/categories/{id}/place`
pub async fn place(desk: Desk, Path(id): Path<i64>, Form(form): Form<PlaceForm>) -> Result<Response> {
    let place = form.place()?;
    let write = desk.write().await?;
    category::reorder(&write, id, place).await?;
    let title = category::get(&write, id).await?.title;
    write.commit().await?;
    desk.done(&format!("{LIST}#_category-{id}"), format!("“{title}” has moved to its new place.")).await
}

/// `POST /admin/faq/categories/{id}/delete`
pub async fn delete(desk: Desk, Path(id): Path<i64>) -> Result<Response> {
    let write = desk.write().await?;
    let title = category::get(&write, id).await?.title;
    match category::delete(&write, id).await {
        Ok(()) => write.commit().await?,
        Err(Error::Conflict(reason)) => {
            drop(write);
            return desk.not_done(LIST, reason).await;
        }
        Err(other) => return Err(other),
    }
    desk.done(LIST, format!("The category “{title}” was deleted.")).await
}
