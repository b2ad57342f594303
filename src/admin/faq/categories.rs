//! Categories of items: their list, and the form that makes or renames one. They have no versions: visitors see changes at
//! once, and the screens say so.

use axum::{extract::Query, http::StatusCode, response::Response};
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};

use super::item_pages::{CollectionTabs, PageTab, list_of};
use crate::{
    admin::{
        paths::{FaqCategoriesPath, FaqCategoryPath, NewFaqCategoryPath},
        shared::{
            admin_context::AdminContext,
            form_outcome::{FormOutcome, FormState},
            merged_form::{FormBase, FormField, Log},
            position::Moves,
            routes::Routes,
        },
    },
    error::{Error, Result},
    model::{
        faq::{
            category::{self, Category},
            collection,
        },
        policy::Action,
        write::Write,
    },
    text::clean,
    web::{form::Form, form_errors::SelectOption},
};

pub(super) const LIST: &str = FaqCategoriesPath::PATH;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .get(Action::Edit, index)
        .get(Action::Publish, new)
        .post(Action::Publish, create)
        .get(Action::Publish, edit)
        .post(Action::Publish, update)
}

#[derive(Serialize)]
struct ListView {
    tabs: Vec<PageTab>,
    /// What one item is called, and where a category of this list is made.
    noun: &'static str,
    new_path: String,
    categories: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    id: i64,
    title: String,
    slug: String,
    path: String,
    items: i64,
    trashed: i64,
    empty: bool,
    /// What its user sees of it, for the form that deletes it.
    seen: FormBase,
    moves: Option<Moves>,
}

/// Of which page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct CategoriesQuery {
    page: String,
}

pub(crate) async fn index(
    _: FaqCategoriesPath,
    admin: AdminContext,
    Query(query): Query<CategoriesQuery>,
) -> Result<Response> {
    draw_list(&admin, &query.page, StatusCode::OK).await
}

/// The list with a category, or the usual one when that is gone.
pub(super) async fn draw_list_of(admin: &AdminContext, id: i64, status: StatusCode) -> Result<Response> {
    let category = Error::optional(category::get(admin.app.read(), id).await)?;
    draw_list(admin, &category.map_or_else(String::new, |category| category.page_id.to_string()), status).await
}

async fn draw_list(admin: &AdminContext, page: &str, status: StatusCode) -> Result<Response> {
    let pages = CollectionTabs::load(admin, page).await?;
    let mut all = category::list_counts(admin.app.read()).await?;
    all.retain(|counted| pages.has(counted.category.page_id));
    let order: Vec<i64> = all.iter().map(|counted| counted.category.id).collect();
    let row = |(update_position, counted): (usize, category::CategoryCount)| Row {
        id: counted.category.id,
        path: format!("{LIST}/{}", counted.category.id),
        seen: CategoryForm::of(&counted.category).base,
        title: counted.category.title,
        slug: counted.category.slug,
        items: counted.items,
        trashed: counted.trashed,
        empty: counted.items + counted.trashed == 0,
        moves: Moves::at(update_position, &order),
    };
    let categories = all.into_iter().enumerate().map(row).collect();
    let new_path = list_of(admin, NewFaqCategoryPath::PATH, pages.current()).await?;
    let view = ListView { tabs: pages.tabs(LIST), noun: pages.noun(), new_path, categories };
    admin.screen_as(status, "admin/faq/categories.html", "Categories", &view).await
}

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(crate) struct CategoryForm {
    title: String,
    slug: String,
    /// Of a new one: the page that shows it.
    page: String,
    #[serde(flatten)]
    base: FormBase,
}

impl CategoryForm {
    /// To change a category as it is stored.
    pub(super) fn of(category: &Category) -> Self {
        let fields = fields((&category.title, &category.slug), category);
        let page = category.page_id.to_string();
        Self { title: category.title.clone(), slug: category.slug.clone(), page, base: FormBase::of(&fields) }
    }
}

/// The typed title and slug beside the stored ones.
pub(super) fn fields<'a>((title, slug): (&'a str, &'a str), now: &'a Category) -> [FormField<'a>; 2] {
    [
        FormField { name: "title", label: "Title", typed: title, now: &now.title },
        FormField { name: "slug", label: "Slug", typed: slug, now: &now.slug },
    ]
}

#[derive(Serialize)]
struct FormView<'a> {
    id: Option<i64>,
    action: String,
    title: &'a str,
    slug: &'a str,
    /// The pages that can show it, and the one that does.
    pages: Vec<SelectOption>,
    page: String,
    base: &'a FormBase,
    #[serde(flatten)]
    state: FormState,
}

pub(super) async fn draw(
    admin: &AdminContext,
    id: Option<i64>,
    typed: &CategoryForm,
    state: FormState,
) -> Result<Response> {
    let (heading, action) = match id {
        None => ("New category", format!("{LIST}/new")),
        Some(id) => ("Rename category", format!("{LIST}/{id}")),
    };
    let status = state.status();
    let CategoryForm { title, slug, page, base } = typed;
    let known = CollectionTabs::load(admin, page).await?;
    let view =
        FormView { id, action, title, slug, pages: known.options(), page: known.current().to_string(), base, state };
    admin.screen_as(status, "admin/faq/category.html", heading, &view).await
}

pub(crate) async fn new(
    _: NewFaqCategoryPath,
    admin: AdminContext,
    Query(query): Query<CategoriesQuery>,
) -> Result<Response> {
    let typed = CategoryForm { page: query.page, ..CategoryForm::default() };
    draw(&admin, None, &typed, FormState::default()).await
}

pub(crate) async fn create(
    _: NewFaqCategoryPath,
    admin: AdminContext,
    Form(typed): Form<CategoryForm>,
) -> Result<Response> {
    let made = admin.change(async |write| {
        let page_id = chosen_page(write, &typed.page).await?;
        category::create(write, page_id, &typed.title, &typed.slug).await?;
        Ok(page_id)
    });
    let page_id = match made.await {
        Ok(page_id) => page_id,
        Err(error) => return draw(&admin, None, &typed, error.validation_errors()?.into()).await,
    };
    let (title, to) = (typed.title.trim(), list_of(&admin, LIST, page_id).await?);
    admin.done(&to, format!("The category “{title}” was created. Visitors see it once it holds something.")).await
}

/// The page that was chosen; the usual one where nothing was asked, because there is one at most.
async fn chosen_page(write: &Write, typed: &str) -> Result<i64> {
    match typed.trim() {
        "" | "0" => collection::usual(write).await,
        typed => Ok(collection::choose(write, typed.parse().unwrap_or_default()).await?.id),
    }
}

pub(crate) async fn edit(FaqCategoryPath { id }: FaqCategoryPath, admin: AdminContext) -> Result<Response> {
    let category = category::get(admin.app.read(), id).await?;
    draw(&admin, Some(id), &CategoryForm::of(&category), FormState::default()).await
}

pub(crate) async fn update(
    FaqCategoryPath { id }: FaqCategoryPath,
    admin: AdminContext,
    Form(typed): Form<CategoryForm>,
) -> Result<Response> {
    match admin.change(async |write| rename(&admin, write, id, typed).await).await {
        Ok(FormOutcome::Saved((sentence, page_id))) => {
            admin.done(&list_of(&admin, LIST, page_id).await?, sentence).await
        }
        Ok(FormOutcome::Again((typed, state))) => draw(&admin, Some(id), &typed, state).await,
        Err(error) => admin.refuse(LIST, error).await,
    }
}

async fn rename(
    admin: &AdminContext,
    write: &Write,
    id: i64,
    typed: CategoryForm,
) -> Result<FormOutcome<(String, i64), (CategoryForm, FormState)>> {
    let now = category::get(write, id).await?;
    let (title, slug) = (clean::line(&typed.title), clean::line(&typed.slug));
    let mut merged = typed.base.merge(&fields((&title, &slug), &now));
    let log = Log { action: "faq_category.rename", subject_id: Some(id), names: Some(category::names) };
    merged.name_authors(admin, log).await?;
    if merged.needs_choice() {
        let [title, slug] = ["title", "slug"].map(|name| merged.displayed_value(name).to_owned());
        let typed = CategoryForm { title, slug, ..CategoryForm::of(&now) };
        return Ok(FormOutcome::Again((typed, merged.into_state())));
    }
    merged.check_changed()?;
    match category::rename(write, &now, merged.value("title"), merged.value("slug")).await {
        Ok(renamed) => Ok(FormOutcome::Saved((describe_renamed(&now, &renamed), renamed.page_id))),
        Err(error) => Ok(FormOutcome::Again((typed, merged.into_state_with(error.validation_errors()?)))),
    }
}

fn describe_renamed(before: &Category, now: &Category) -> String {
    let Category { title, slug, .. } = now;
    let kept = format!("Links to #category-{} still lead to it.", before.slug);
    match (*title != before.title, *slug != before.slug) {
        (_, false) => format!("The category is called “{title}” now."),
        (false, true) => format!("The slug of the category “{title}” is {slug} now. {kept}"),
        (true, true) => format!("The category is called “{title}” now, and its slug is {slug}. {kept}"),
    }
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples = &[
    ("admin/faq/categories.html", crate::admin::shared::admin_context::sample_screen::<ListView>),
    ("admin/faq/category.html", crate::admin::shared::admin_context::sample_screen::<FormView<'static>>),
];

#[cfg(test)]
crate::state::template_samples::sampled! {
    ListView { tabs, noun, new_path, categories }
    Row { id, title, slug, path, items, trashed, empty, seen, moves }
    FormView<'static> { id, action, title, slug, pages, page, base, state }
}
