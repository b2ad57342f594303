//! Categories of questions: make, rename, reorder, delete when empty. They have no versions: visitors see changes at
//! once, and the screens say so.

use axum::{http::StatusCode, response::Response};
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};

use crate::{
    admin::{
        paths::{
            DeleteFaqCategoryPath, FaqCategoriesPath, FaqCategoryPath, FaqCategoryPositionPath, NewFaqCategoryPath,
        },
        shared::{
            admin_context::AdminContext,
            flash::FlashAction,
            form_outcome::{FormOutcome, FormState},
            merged_form::{FormBase, FormField, Log},
            position::{Moves, PositionForm},
            routes::Routes,
        },
    },
    error::{Error, Result},
    model::{
        faq::category::{self, Category},
        policy::Action,
        undo::{noted, step::Step},
        write::Write,
    },
    text::clean,
    web::form::Form,
};

const LIST: &str = FaqCategoriesPath::PATH;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .get(Action::Edit, index)
        .get(Action::Publish, new)
        .post(Action::Publish, create)
        .get(Action::Publish, edit)
        .post(Action::Publish, update)
        .post(Action::Publish, update_position)
        .post(Action::Publish, delete)
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
    items: i64,
    trashed: i64,
    empty: bool,
    /// What its user sees of it, for the form that deletes it.
    seen: FormBase,
    moves: Option<Moves>,
}

pub(crate) async fn index(_: FaqCategoriesPath, admin: AdminContext) -> Result<Response> {
    draw_list(&admin, StatusCode::OK).await
}

async fn draw_list(admin: &AdminContext, status: StatusCode) -> Result<Response> {
    let all = category::list_counts(admin.app.read()).await?;
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
    let view = ListView { categories };
    admin.screen_as(status, "admin/faq/categories.html", "Categories of questions", &view).await
}

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(crate) struct CategoryForm {
    title: String,
    slug: String,
    #[serde(flatten)]
    base: FormBase,
}

impl CategoryForm {
    /// To change a category as it is stored.
    fn of(category: &Category) -> Self {
        let fields = fields((&category.title, &category.slug), category);
        Self { title: category.title.clone(), slug: category.slug.clone(), base: FormBase::of(&fields) }
    }
}

/// The typed title and slug beside the stored ones.
fn fields<'a>((title, slug): (&'a str, &'a str), now: &'a Category) -> [FormField<'a>; 2] {
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
    base: &'a FormBase,
    #[serde(flatten)]
    state: FormState,
}

async fn draw(admin: &AdminContext, id: Option<i64>, typed: &CategoryForm, state: FormState) -> Result<Response> {
    let (heading, action) = match id {
        None => ("New category", format!("{LIST}/new")),
        Some(id) => ("Rename category", format!("{LIST}/{id}")),
    };
    let status = state.status();
    let CategoryForm { title, slug, base } = typed;
    let view = FormView { id, action, title, slug, base, state };
    admin.screen_as(status, "admin/faq/category.html", heading, &view).await
}

pub(crate) async fn new(_: NewFaqCategoryPath, admin: AdminContext) -> Result<Response> {
    draw(&admin, None, &CategoryForm::default(), FormState::default()).await
}

pub(crate) async fn create(
    _: NewFaqCategoryPath,
    admin: AdminContext,
    Form(typed): Form<CategoryForm>,
) -> Result<Response> {
    if let Err(error) = admin.change(async |write| category::create(write, &typed.title, &typed.slug).await).await {
        return draw(&admin, None, &typed, error.validation_errors()?.into()).await;
    }
    let title = typed.title.trim();
    admin.done(LIST, format!("The category “{title}” was created. Visitors see it once it holds a question.")).await
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
        Ok(FormOutcome::Saved(sentence)) => admin.done(LIST, sentence).await,
        Ok(FormOutcome::Again((typed, state))) => draw(&admin, Some(id), &typed, state).await,
        Err(error) => admin.refuse(LIST, error).await,
    }
}

async fn rename(
    admin: &AdminContext,
    write: &Write,
    id: i64,
    typed: CategoryForm,
) -> Result<FormOutcome<String, (CategoryForm, FormState)>> {
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
        Ok(renamed) => Ok(FormOutcome::Saved(describe_renamed(&now, &renamed))),
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

pub(crate) async fn update_position(
    FaqCategoryPositionPath { id }: FaqCategoryPositionPath,
    admin: AdminContext,
    Form(form): Form<PositionForm>,
) -> Result<Response> {
    let Some(position) = form.read(&admin).await? else {
        return draw_list(&admin, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let moved = admin.change(async |write| {
        let category = category::get(write, id).await?;
        let index = async || Ok::<_, Error>(category::index_of(write, id).await?.unwrap_or_default());
        let from = index().await?;
        if !category::reorder(write, &category, position).await? {
            return Ok((category.title, None));
        }
        let undo = noted::note(write, &[Step::Category { id, from, to: index().await? }]).await?;
        Ok((category.title, Some(undo)))
    });
    let (title, undo) = match moved.await {
        Ok(moved) => moved,
        Err(error) => {
            admin.warn(error.conflict()?).await?;
            return draw_list(&admin, StatusCode::CONFLICT).await;
        }
    };
    let to = format!("{LIST}#_category-{id}");
    match undo {
        Some(undo) => admin.done_with(&to, PositionForm::describe(&title, "", ""), FlashAction::undo(undo, &to)).await,
        None => admin.not_done(&to, PositionForm::describe_unmoved(&title)).await,
    }
}

pub(crate) async fn delete(
    DeleteFaqCategoryPath { id }: DeleteFaqCategoryPath,
    admin: AdminContext,
    Form(seen): Form<FormBase>,
) -> Result<Response> {
    let deleted = admin.change(async |write| {
        let category = category::get(write, id).await?;
        if !seen.is_current(&fields((&category.title, &category.slug), &category)) {
            let sentence = "This category was renamed after you opened the list, so it was not deleted.";
            return Err(Error::Conflict(format!("{sentence} This is how it is now.")));
        }
        category::delete(write, &category).await?;
        Ok(category.title)
    });
    match deleted.await {
        Ok(title) => admin.done(LIST, format!("The category “{title}” was deleted.")).await,
        Err(error) => {
            admin.warn(error.conflict()?).await?;
            draw_list(&admin, StatusCode::CONFLICT).await
        }
    }
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples = &[
    ("admin/faq/categories.html", crate::admin::shared::admin_context::sample_screen::<ListView>),
    ("admin/faq/category.html", crate::admin::shared::admin_context::sample_screen::<FormView<'static>>),
];

#[cfg(test)]
crate::state::template_samples::sampled! {
    ListView { categories }
    Row { id, title, slug, path, items, trashed, empty, seen, moves }
    FormView<'static> { id, action, title, slug, base, state }
}
