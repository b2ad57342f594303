//! The forms of an entry of a menu: adding one, and changing its label and where it leads.

use axum::{extract::Query, response::Response};
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};

use super::{
    names::{MENUS, menu},
    undo::note,
};
use crate::{
    admin::{
        paths::{MenuEntryPath, MenuPath, NewMenuEntryPath},
        shared::{
            admin_context::AdminContext,
            flash::FlashAction,
            form_outcome::{FormOutcome, FormState},
            merged_form::{FormBase, FormField, Log},
            routes::Routes,
        },
    },
    error::{Result, ValidationErrors},
    model::{
        document::choices::Menu,
        menu::{
            editing,
            entry::{self, MenuLine},
        },
        policy::Action,
        write::Write,
    },
    text::clean,
    web::{form::Form, form_errors::SelectOption},
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .get(Action::ChangeSettings, new)
        .post(Action::ChangeSettings, create)
        .get(Action::ChangeSettings, edit)
        .post(Action::ChangeSettings, update)
}

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
struct EntryForm {
    menu: String,
    target: String,
    label: String,
    #[serde(flatten)]
    base: FormBase,
}

impl EntryForm {
    fn of(line: &MenuLine) -> Self {
        let base = FormBase::of(&fields((&line.own_label, &line.path), line));
        Self { menu: String::new(), target: line.path.clone(), label: line.own_label.clone(), base }
    }
}

/// The typed label and address beside the stored ones; a page leads where it leads.
fn fields<'a>((label, target): (&'a str, &'a str), now: &'a MenuLine) -> Vec<FormField<'a>> {
    let label = FormField { name: "label", label: "Label", typed: label, now: &now.own_label };
    let target = FormField { name: "target", label: "Leads to", typed: target, now: &now.path };
    if now.document_id.is_some() { vec![label] } else { vec![label, target] }
}

/// What the form that takes an entry out says that its user saw.
pub(super) fn seen(line: &MenuLine) -> FormBase {
    EntryForm::of(line).base
}

/// Whether a user saw an entry as it is.
pub(super) fn is_as_seen(line: &MenuLine, seen: &FormBase) -> bool {
    seen.is_current(&fields((&line.own_label, &line.path), line))
}

#[derive(Serialize)]
struct View<'a> {
    is_new: bool,
    /// Whether it is a page, which leads where the page is.
    is_page: bool,
    action: String,
    menus: Vec<SelectOption>,
    menu: &'a str,
    target: &'a str,
    label: &'a str,
    base: &'a FormBase,
    #[serde(flatten)]
    state: FormState,
}

async fn draw_new(admin: &AdminContext, typed: &EntryForm, state: FormState) -> Result<Response> {
    let status = state.status();
    let EntryForm { menu, target, label, base } = typed;
    let menus = MENUS.map(|(menu, title)| SelectOption::new(menu.as_str(), title)).into();
    let action = NewMenuEntryPath::PATH.to_owned();
    let view = View { is_new: true, is_page: false, action, menus, menu, target, label, base, state };
    admin.screen_as(status, "admin/menu/form.html", "Add to a menu", &view).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NewQuery {
    menu: String,
}

async fn new(_: NewMenuEntryPath, admin: AdminContext, Query(query): Query<NewQuery>) -> Result<Response> {
    let typed = EntryForm { menu: query.menu, ..EntryForm::default() };
    draw_new(&admin, &typed, FormState::default()).await
}

async fn create(_: NewMenuEntryPath, admin: AdminContext, Form(typed): Form<EntryForm>) -> Result<Response> {
    let Ok(menu) = menu(&typed.menu) else {
        return draw_new(&admin, &typed, ValidationErrors::one("menu", "Choose a menu").into()).await;
    };
    let added = admin.change(async |write| {
        let before = entry::entries(write, menu).await?;
        let label = editing::add(write, menu, &typed.target, &typed.label).await?;
        let undo = note(write, (menu, &label), before).await?;
        Ok((label, undo))
    });
    match added.await {
        Ok((label, undo)) => {
            let sentence = format!("“{label}” was added. Visitors see it while it is live.");
            admin.done_with(MenuPath::PATH, sentence, FlashAction::undo(undo, MenuPath::PATH)).await
        }
        Err(error) => draw_new(&admin, &typed, error.validation_errors()?.into()).await,
    }
}

async fn draw(
    admin: &AdminContext,
    (menu, line): (Menu, &MenuLine),
    typed: &EntryForm,
    state: FormState,
) -> Result<Response> {
    let status = state.status();
    let action = MenuEntryPath { menu: menu.as_str().to_owned(), id: line.key }.to_string();
    let EntryForm { target, label, base, .. } = typed;
    let is_page = line.document_id.is_some();
    let view = View { is_new: false, is_page, action, menus: Vec::new(), menu: "", target, label, base, state };
    let heading = if line.label.is_empty() { "Entry of a menu" } else { &line.label };
    admin.screen_as(status, "admin/menu/form.html", heading, &view).await
}

async fn edit(MenuEntryPath { menu: name, id }: MenuEntryPath, admin: AdminContext) -> Result<Response> {
    let menu = menu(&name)?;
    let line = entry::get(admin.app.read(), menu, id).await?;
    draw(&admin, (menu, &line), &EntryForm::of(&line), FormState::default()).await
}

async fn update(
    MenuEntryPath { menu: name, id }: MenuEntryPath,
    admin: AdminContext,
    Form(typed): Form<EntryForm>,
) -> Result<Response> {
    let menu = menu(&name)?;
    match admin.change(async |write| change(&admin, write, (menu, id), typed).await).await {
        Ok(FormOutcome::Saved((label, undo))) => {
            let undo = FlashAction::undo(undo, MenuPath::PATH);
            admin.done_with(MenuPath::PATH, format!("“{label}” was saved."), undo).await
        }
        Ok(FormOutcome::Again((line, typed, state))) => draw(&admin, (menu, &line), &typed, state).await,
        Err(error) => admin.refuse(MenuPath::PATH, error).await,
    }
}

async fn change(
    admin: &AdminContext,
    write: &Write,
    (menu, id): (Menu, i64),
    typed: EntryForm,
) -> Result<FormOutcome<(String, i64), (MenuLine, EntryForm, FormState)>> {
    let now = entry::get(write, menu, id).await?;
    let (label, target) = (clean::line(&typed.label), clean::line(&typed.target));
    let mut merged = typed.base.merge(&fields((&label, &target), &now));
    merged.name_authors(admin, Log { action: "menu.change", subject_id: now.entry_id, names: None }).await?;
    if merged.needs_choice() {
        let [label, target] = ["label", "target"].map(|field| merged.displayed_value(field).to_owned());
        let typed = EntryForm { target, label, ..EntryForm::of(&now) };
        return Ok(FormOutcome::Again((now, typed, merged.into_state())));
    }
    merged.check_changed()?;
    let before = entry::entries(write, menu).await?;
    match editing::change(write, menu, &now, merged.value("label"), merged.value("target")).await {
        Ok(label) => {
            let undo = note(write, (menu, &label), before).await?;
            Ok(FormOutcome::Saved((label, undo)))
        }
        Err(error) => {
            let state = merged.into_state_with(error.validation_errors()?);
            Ok(FormOutcome::Again((now, EntryForm { target, label, ..typed }, state)))
        }
    }
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/menu/form.html", crate::admin::shared::admin_context::sample_screen::<View<'static>>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View<'static> { is_new, is_page, action, menus, menu, target, label, base, state }
}
