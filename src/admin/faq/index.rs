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
            flash::FlashAction,
            overdue,
            owner_filter::{self, OwnerChoice},
            position::{Moves, PositionForm},
            routes::Routes,
        },
    },
    error::{Error, Result},
    model::{
        document::{kind::DocumentKind, record::Document, revision},
        faq::{
            category,
            item::{self, ListedItem},
            moving,
        },
        policy::Action,
        undo::{noted, step::Step},
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
    /// The query of this list, which the forms in it carry along.
    list_query: String,
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
    let carried = [("q", q.as_str()), ("owner", owner)];
    let carried: Vec<_> = carried.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    let list_query = serde_html_form::to_string(carried).unwrap_or_default();
    let view = View { q, owners, found, sortable, categories, list_query };
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

/// Where to.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct MoveInList {
    #[serde(flatten)]
    position: PositionForm,
    /// The category that it goes to; none for its own.
    parent: Option<i64>,
}

pub(crate) async fn update_position(
    FaqItemPositionPath { id }: FaqItemPositionPath,
    admin: AdminContext,
    Form(form): Form<MoveInList>,
) -> Result<Response> {
    let position = form.position.position()?;
    let moved = admin.change(async |write| {
        let mut document = Document::get_of(write, id, DocumentKind::FaqItem).await?;
        let newest = revision::latest(write, id).await?;
        let from = moving::place_of(write, id).await?;
        if !moving::put(write, &mut document, &newest, form.parent, position).await? {
            return Ok((newest.content.title, None));
        }
        let to = moving::place_of(write, id).await?;
        let undo = noted::note(write, &[Step::Order { id, from, to }]).await?;
        Ok((newest.content.title, Some(undo)))
    });
    let to = format!("{FaqPath}#_item-{id}");
    match moved.await {
        Ok((title, Some(undo))) => {
            admin.done_with(&to, PositionForm::describe(&title, "", ""), FlashAction::undo(undo, &to)).await
        }
        Ok((title, None)) => admin.not_done(&to, PositionForm::describe_unmoved(&title)).await,
        Err(Error::Conflict(sentence)) => {
            admin.warn(sentence).await?;
            draw(&admin, StatusCode::CONFLICT, FaqQuery::default()).await
        }
        Err(error) => {
            let sentence = error.validation_errors()?.sentence();
            admin.not_done(&to, format!("Not moved. {sentence}.")).await
        }
    }
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/faq/index.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { q, owners, found, sortable, categories, list_query }
    CategoryView { id, title, new_path, items }
    ItemView { id, question, path, live, changed, saved, author, overdue_since, moves, is_template, copy }
}
