//! The list of questions by category, and their order. Edits no text; that is `faq_items`.

use axum::{extract::Query, response::Response};
use serde::{Deserialize, Serialize};

use crate::{
    error::Result,
    face::{
        desk::{Desk, When},
        place::{Move, PlaceForm},
        routes::Routes,
    },
    model::{
        faq::{
            category,
            item::{self, Listed},
        },
        policy::Action,
        revision,
    },
    web::{form::Form, path::Path},
};

/// The routes of this noun.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes.get("/admin/faq", Action::Edit, list).post("/admin/faq/{id}/place", Action::Edit, place)
}

/// What the list may be asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Search {
    q: String,
}

#[derive(Serialize)]
struct View {
    q: String,
    /// Questions shown.
    shown: usize,
    /// Whether the order can be changed: not in a search, which shows only some.
    sortable: bool,
    categories: Vec<CategoryView>,
}

#[derive(Serialize)]
struct CategoryView {
    id: i64,
    title: String,
    new_path: String,
    items: Vec<ItemView>,
}

#[derive(Serialize)]
struct ItemView {
    id: i64,
    question: String,
    path: String,
    live: bool,
    changed: bool,
    saved: When,
    author: String,
    moves: Vec<Move>,
}

/// `GET /admin/faq`
pub async fn list(desk: Desk, Query(search): Query<Search>) -> Result<Response> {
    let q = search.q.trim().to_owned();
    let items = item::list(desk.app.read(), &q).await?;
    let shown = items.len();
    let sortable = q.is_empty();
    let mut categories = Vec::new();
    for category in category::all(desk.app.read()).await? {
        let own: Vec<&Listed> = items.iter().filter(|item| item.category_id == category.id).collect();
        if own.is_empty() && !sortable {
            continue;
        }
        let count = if sortable { own.len() } else { 0 };
        let view = |(place, item): (usize, &&Listed)| item_view(&desk, item, Move::at(place, count), sortable);
        categories.push(CategoryView {
            id: category.id,
            title: category.title,
            new_path: format!("/admin/faq/new?category={}", category.id),
            items: own.iter().enumerate().map(view).collect(),
        });
    }
    desk.screen("admin/faq/list.html", "Questions", &View { q, shown, sortable, categories }).await
}

fn item_view(desk: &Desk, item: &Listed, moves: Vec<Move>, sortable: bool) -> ItemView {
    ItemView {
        id: item.id,
        question: item.title.clone(),
        path: format!("/admin/faq/{}", item.id),
        live: item.live,
        changed: item.changed,
        saved: desk.when(item.saved_at),
        author: item.author_name.clone(),
        moves: if sortable { moves } else { Vec::new() },
    }
}

/// `POST /admin/faq/{id}/place`
pub async fn place(desk: Desk, Path(id): Path<i64>, Form(form): Form<PlaceForm>) -> Result<Response> {
    let place = form.place()?;
    let write = desk.write().await?;
    item::reorder(&write, id, place).await?;
    let title = revision::latest(&write, id).await?.map(|newest| newest.content.title).unwrap_or_default();
    write.commit().await?;
    desk.done(&format!("/admin/faq#_item-{id}"), format!("“{title}” has moved to its new place.")).await
}
