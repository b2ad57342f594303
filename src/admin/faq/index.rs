//! The list of the items of a page by category, and their order. Edits no text; that is `documents`.

use axum::{extract::Query, http::StatusCode, response::Response};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{
    item_pages::{CollectionTabs, PageTab, list_of},
    query::FaqQuery,
};
use crate::{
    admin::{
        documents::paths,
        paths::{FaqItemPath, FaqItemPositionPath, NewFaqItemPath},
        shared::{
            admin_context::{AdminContext, When},
            document_kinds::FaqPath,
            flash::FlashAction,
            list_filters::{REVIEWS, STATES, SortHeads, options},
            overdue,
            owner_filter::{self, OwnerChoice},
            position::{Moves, PositionForm},
            routes::Routes,
        },
    },
    clock::long_date,
    error::{Error, Result},
    model::{
        document::{kind::DocumentKind, record::Document, revision},
        faq::{
            category::Category,
            item::{self, ListedItem},
            location, moving,
        },
        policy::Action,
        undo::{noted, step::Step},
    },
    web::{form::Form, form_errors::SelectOption},
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::Edit, index).post(Action::Publish, update_position)
}

#[derive(Serialize)]
struct View {
    /// The pages that show items, when there are several.
    tabs: Vec<PageTab>,
    /// The page of this list, when it is not the usual one; empty otherwise.
    page: String,
    /// What one item of the list is called.
    noun: &'static str,
    /// Where all of them are listed by category.
    whole: String,
    q: String,
    owners: Vec<OwnerChoice>,
    states: Vec<SelectOption>,
    state: &'static str,
    reviews: Vec<SelectOption>,
    review: &'static str,
    sorts: SortHeads,
    found: usize,
    /// Whether the order can be changed: not in a search, which shows only some.
    sortable: bool,
    /// Whether they are in another order than that of the categories, and so in one list.
    sorted: bool,
    categories: Vec<CategoryView>,
    /// The query of this list, which the forms in it carry along.
    list_query: String,
}

/// In another order one without a title has all questions.
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
    /// The title of its category.
    category: String,
    owner: String,
    /// When it is to be looked at again; empty for never.
    review: String,
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
    let (q, pages) = (query.text(), CollectionTabs::load(admin, query.page()).await?);
    let mut items = item::list(admin.app.read(), &q).await?;
    items.retain(|item| pages.has(item.page_id));
    query.apply(admin, &mut items);
    let (found, sortable, sorted) = (items.len(), query.is_whole(admin), query.is_sorted());
    let all: Vec<&Category> = pages.categories.iter().filter(|category| pages.has(category.page_id)).collect();
    let title_of = |item: &ListedItem| all.iter().find(|category| category.id == item.category_id).map(|of| &*of.title);
    let view = |item: &ListedItem, moves| item_view(admin, item, title_of(item).unwrap_or_default(), moves);
    let mut categories = Vec::new();
    if sorted && found > 0 {
        let items = items.iter().map(|item| view(item, None)).collect();
        categories.push(CategoryView { id: 0, title: String::new(), new_path: String::new(), items });
    }
    for category in all.iter().filter(|_| !sorted) {
        let own: Vec<&ListedItem> = items.iter().filter(|item| item.category_id == category.id).collect();
        if own.is_empty() && !sortable {
            continue;
        }
        let order: Vec<i64> = own.iter().filter(|_| sortable).map(|item| item.id).collect();
        let items = own.iter().enumerate().map(|(at, item)| view(item, Moves::at(at, &order))).collect();
        let new_path = format!("{NewFaqItemPath}?category={}", category.id);
        categories.push(CategoryView { id: category.id, title: category.title.clone(), new_path, items });
    }
    let whole = list_of(admin, &FaqPath.to_string(), pages.current()).await?;
    let view = View {
        tabs: pages.tabs(&FaqPath.to_string()),
        page: if pages.is_usual() { String::new() } else { pages.current().to_string() },
        noun: pages.noun(),
        whole,
        q,
        owners: owner_filter::choices(query.owner(admin)),
        states: options(&STATES),
        state: query.state(),
        reviews: options(&REVIEWS),
        review: query.review(),
        sorts: query.heads(admin),
        found,
        sortable,
        sorted,
        categories,
        list_query: query.carried(admin),
    };
    admin.screen_as(status, "admin/faq/index.html", "Items", &view).await
}

fn item_view(admin: &AdminContext, item: &ListedItem, category: &str, moves: Option<Moves>) -> ItemView {
    let day = item.review_on.as_deref().and_then(|day| day.parse::<Date>().ok());
    ItemView {
        id: item.id,
        question: item.title.clone(),
        path: FaqItemPath { id: item.id }.to_string(),
        category: category.to_owned(),
        owner: item.owner.describe(),
        review: day.map_or_else(String::new, long_date),
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
    let Some(position) = form.position.read(&admin).await? else {
        return draw(&admin, StatusCode::UNPROCESSABLE_ENTITY, own_list(&admin, id).await?).await;
    };
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
    let page_id = Error::optional(location::of(admin.app.read(), id).await)?.map_or(0, |now| now.page_id);
    let to = format!("{}#_item-{id}", list_of(&admin, &FaqPath.to_string(), page_id).await?);
    match moved.await {
        Ok((title, Some(undo))) => {
            admin.done_with(&to, PositionForm::describe(&title, "", ""), FlashAction::undo(undo, &to)).await
        }
        Ok((title, None)) => admin.not_done(&to, PositionForm::describe_unmoved(&title)).await,
        Err(Error::Conflict(sentence)) => {
            admin.warn(sentence).await?;
            draw(&admin, StatusCode::CONFLICT, own_list(&admin, id).await?).await
        }
        Err(error) => {
            let sentence = error.validation_errors()?.sentence();
            admin.not_done(&to, format!("Not moved. {sentence}.")).await
        }
    }
}

/// The list that has an item, or the usual one when it is gone.
async fn own_list(admin: &AdminContext, id: i64) -> Result<FaqQuery> {
    let now = Error::optional(location::of(admin.app.read(), id).await)?;
    Ok(now.map_or_else(FaqQuery::default, |now| FaqQuery::of_page(now.page_id)))
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/faq/index.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { tabs, page, noun, whole, q, owners, states, state, reviews, review, sorts, found, sortable, sorted, categories, list_query }
    CategoryView { id, title, new_path, items }
    ItemView {
        id, question, path, category, owner, review, live, changed, saved, author, overdue_since, moves, is_template, copy
    }
}
