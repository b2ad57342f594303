//! The list of questions by category, and their order. Edits no text; that is `documents`.

use axum::{extract::Query, http::StatusCode, response::Response};
use serde::{Deserialize, Serialize};

use crate::{
    admin::{
        documents::paths,
        paths::{FaqItemPath, FaqItemPositionPath, NewFaqItemPath},
        shared::{
            admin_context::{AdminContext, When},
            document_kinds::FaqPath,
            overdue,
            owner_filter::{self, OwnerChoice},
            position::{Moves, PositionForm},
            routes::Routes,
        },
    },
    error::Result,
    model::{
        document::{kind::DocumentKind, record::Document, revision},
        faq::{
            category,
            item::{self, ListedItem},
        },
        policy::Action,
    },
    web::form::Form,
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::Edit, index).post(Action::Publish, update_position)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct FaqQuery {
    q: String,
    /// `me`, `nobody`, or all.
    owner: String,
}

#[derive(Serialize)]
struct View {
    q: String,
    owners: Vec<OwnerChoice>,
    found: usize,
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
    /// The day since which its review is overdue; empty when it is not.
    overdue_since: String,
    moves: Option<Moves>,
    is_template: bool,
    /// Where a copy of it is made.
    copy: String,
}

pub(crate) async fn index(_: FaqPath, admin: AdminContext, Query(query): Query<FaqQuery>) -> Result<Response> {
    draw(&admin, StatusCode::OK, query).await
}

async fn draw(admin: &AdminContext, status: StatusCode, query: FaqQuery) -> Result<Response> {
    let q = query.q.trim().to_owned();
    let (owner, whose) = owner_filter::parse(admin, &query.owner);
    let mut items = item::list(admin.app.read(), &q).await?;
    items.retain(|item| whose.fits(&item.owner));
    let found = items.len();
    let sortable = q.is_empty() && owner.is_empty();
    let mut categories = Vec::new();
    for category in category::all(admin.app.read()).await? {
        let own: Vec<&ListedItem> = items.iter().filter(|item| item.category_id == category.id).collect();
        if own.is_empty() && !sortable {
            continue;
        }
        let order: Vec<i64> = own.iter().filter(|_| sortable).map(|item| item.id).collect();
        let view =
            |(update_position, item): (usize, &&ListedItem)| item_view(admin, item, Moves::at(update_position, &order));
        categories.push(CategoryView {
            id: category.id,
            title: category.title,
            new_path: format!("{NewFaqItemPath}?category={}", category.id),
            items: own.iter().enumerate().map(view).collect(),
        });
    }
    let owners = owner_filter::choices(owner);
    let view = View { q, owners, found, sortable, categories };
    admin.screen_as(status, "admin/faq/index.html", "FAQ", &view).await
}

fn item_view(admin: &AdminContext, item: &ListedItem, moves: Option<Moves>) -> ItemView {
    ItemView {
        id: item.id,
        question: item.title.clone(),
        path: FaqItemPath { id: item.id }.to_string(),
        live: item.live,
        changed: item.changed,
        saved: admin.when(item.saved_at),
        author: item.author_name.clone(),
        overdue_since: overdue::since(admin, item.review_on.as_deref()),
        moves,
        is_template: item.is_template,
        copy: paths::new_from(DocumentKind::FaqItem, &item.id.to_string(), ""),
    }
}

pub(crate) async fn update_position(
    FaqItemPositionPath { id }: FaqItemPositionPath,
    admin: AdminContext,
    Form(form): Form<PositionForm>,
) -> Result<Response> {
    let position = form.position()?;
    let moved = admin.change(async |write| {
        let document = Document::get_of(write, id, DocumentKind::FaqItem).await?;
        let title = revision::latest(write, id).await?.content.title;
        let before = item::position_of(write, id).await?;
        let has_moved = item::reorder(write, &document, &title, position).await?;
        Ok((title, before, has_moved))
    });
    let (title, before, has_moved) = match moved.await {
        Ok(moved) => moved,
        Err(error) => {
            admin.warn(error.conflict()?).await?;
            return draw(&admin, StatusCode::CONFLICT, FaqQuery::default()).await;
        }
    };
    if !has_moved {
        return admin.not_done(&format!("{FaqPath}#_item-{id}"), PositionForm::describe_unmoved(&title)).await;
    }
    let (sentence, undo) = form.describe(&title, &FaqItemPositionPath { id }.to_string(), before);
    admin.done_with(&format!("{FaqPath}#_item-{id}"), sentence, undo).await
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/faq/index.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { q, owners, found, sortable, categories }
    CategoryView { id, title, new_path, items }
    ItemView { id, question, path, live, changed, saved, author, overdue_since, moves, is_template, copy }
}
