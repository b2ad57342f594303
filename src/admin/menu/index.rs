//! The screen with both menus, and what is done with one press: moving, hiding, taking out.

use axum::{http::StatusCode, response::Response};
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};

use super::{
    form,
    names::{MENUS, menu},
    undo::note,
};
use crate::{
    admin::{
        paths::{
            DeleteMenuEntryPath, MenuEntryHiddenPath, MenuEntryPath, MenuEntryPositionPath, MenuPath, NewMenuEntryPath,
        },
        shared::{
            admin_context::AdminContext,
            flash::FlashAction,
            merged_form::FormBase,
            position::{Moves, PositionForm},
            routes::Routes,
        },
    },
    error::{Error, Result},
    model::{
        document::choices::Menu,
        menu::{
            editing,
            entry::{self, MenuLine},
        },
        policy::Action,
    },
    web::form::Form,
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .get(Action::ChangeSettings, index)
        .post(Action::ChangeSettings, update_position)
        .post(Action::ChangeSettings, update_hidden)
        .post(Action::ChangeSettings, delete)
}

#[derive(Serialize)]
struct View {
    menus: Vec<MenuView>,
}

#[derive(Serialize)]
struct MenuView {
    name: &'static str,
    title: &'static str,
    new: String,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    key: i64,
    /// What visitors read; of a page that they do not see its title.
    label: String,
    path: String,
    /// Where it is changed; `/position` and others follow.
    edit: String,
    is_page: bool,
    /// Its class, and in words.
    status: &'static str,
    status_label: &'static str,
    is_hidden: bool,
    /// Whether it is there until someone takes it out.
    is_added: bool,
    /// What its user sees of it, for the forms that hide it and take it out.
    seen: FormBase,
    moves: Option<Moves>,
}

async fn index(_: MenuPath, admin: AdminContext) -> Result<Response> {
    draw(&admin, StatusCode::OK).await
}

async fn draw(admin: &AdminContext, status: StatusCode) -> Result<Response> {
    let mut menus = Vec::new();
    for (menu, title) in MENUS {
        let lines = entry::all(admin.app.read(), menu).await?;
        let order: Vec<i64> = lines.iter().map(|line| line.key).collect();
        let rows = lines.into_iter().enumerate().map(|(at, line)| row(menu, line, Moves::at(at, &order))).collect();
        let new = format!("{}?menu={}", NewMenuEntryPath::PATH, menu.as_str());
        menus.push(MenuView { name: menu.as_str(), title, new, rows });
    }
    admin.screen_as(status, "admin/menu/index.html", "Menu", &View { menus }).await
}

fn row(menu: Menu, line: MenuLine, moves: Option<Moves>) -> Row {
    let (status, status_label) = match (line.is_hidden, line.is_live) {
        (true, _) => ("disabled", "Hidden"),
        (false, false) => ("draft", "Not published"),
        (false, true) => ("live", "Shown"),
    };
    let edit = MenuEntryPath { menu: menu.as_str().to_owned(), id: line.key }.to_string();
    Row {
        key: line.key,
        seen: form::seen(&line),
        label: if line.label.is_empty() { "A page in the trash".to_owned() } else { line.label },
        path: line.path,
        edit,
        is_page: line.document_id.is_some(),
        status,
        status_label,
        is_hidden: line.is_hidden,
        is_added: line.is_added,
        moves,
    }
}

/// The menus as they are now, after something was refused that was decided about an entry as it was before.
async fn draw_changed(admin: &AdminContext, what: &str) -> Result<Response> {
    let sentence =
        format!("This entry was changed after you opened the list, so it was not {what}. This is how it is now.");
    admin.warn(sentence).await?;
    draw(admin, StatusCode::CONFLICT).await
}

fn at_row(id: i64) -> String {
    format!("{}#_entry-{id}", MenuPath::PATH)
}

async fn update_position(
    MenuEntryPositionPath { menu: name, id }: MenuEntryPositionPath,
    admin: AdminContext,
    Form(form): Form<PositionForm>,
) -> Result<Response> {
    let menu = menu(&name)?;
    let Some(position) = form.read(&admin).await? else {
        return draw(&admin, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let moved = admin.change(async |write| {
        let lines = entry::all(write, menu).await?;
        let line = lines.iter().find(|line| line.key == id).ok_or(Error::NotFound)?;
        let before = entry::entries(write, menu).await?;
        if !editing::reorder(write, menu, line, position).await? {
            return Ok((line.label.clone(), None));
        }
        Ok((line.label.clone(), Some(note(write, (menu, &line.label), before).await?)))
    });
    let (label, undo) = match moved.await {
        Ok(moved) => moved,
        Err(error) => {
            admin.warn(error.conflict()?).await?;
            return draw(&admin, StatusCode::CONFLICT).await;
        }
    };
    let Some(undo) = undo else {
        return admin.not_done(&at_row(id), PositionForm::describe_unmoved(&label)).await;
    };
    let undo = FlashAction::undo(undo, &at_row(id));
    admin.done_with(&at_row(id), PositionForm::describe(&label, "", ""), undo).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct HiddenForm {
    /// `yes` to hide it.
    hidden: String,
    #[serde(flatten)]
    seen: FormBase,
}

async fn update_hidden(
    MenuEntryHiddenPath { menu: name, id }: MenuEntryHiddenPath,
    admin: AdminContext,
    Form(form): Form<HiddenForm>,
) -> Result<Response> {
    let (menu, is_hidden) = (menu(&name)?, form.hidden == "yes");
    let changed = admin.change(async |write| {
        let line = entry::get(write, menu, id).await?;
        if !form::is_as_seen(&line, &form.seen) {
            return Ok(None);
        }
        let before = entry::entries(write, menu).await?;
        if !editing::set_hidden(write, menu, &line, is_hidden).await? {
            return Ok(Some((line.label, None)));
        }
        let undo = note(write, (menu, &line.label), before).await?;
        Ok(Some((line.label, Some(undo))))
    });
    let Some((label, undo)) = changed.await? else {
        return draw_changed(&admin, if is_hidden { "hidden" } else { "shown" }).await;
    };
    let what = if is_hidden { "hidden" } else { "shown" };
    let Some(undo) = undo else {
        return admin.not_done(&at_row(id), format!("“{label}” was {what} already.")).await;
    };
    let undo = FlashAction::undo(undo, &at_row(id));
    admin.done_with(&at_row(id), format!("“{label}” is {what} now."), undo).await
}

async fn delete(
    DeleteMenuEntryPath { menu: name, id }: DeleteMenuEntryPath,
    admin: AdminContext,
    Form(seen): Form<FormBase>,
) -> Result<Response> {
    let menu = menu(&name)?;
    let removed = admin.change(async |write| {
        let line = entry::get(write, menu, id).await?;
        if line.is_added && !form::is_as_seen(&line, &seen) {
            return Ok(None);
        }
        let before = entry::entries(write, menu).await?;
        editing::remove(write, menu, &line).await?;
        let undo = note(write, (menu, &line.label), before).await?;
        Ok(Some((line.label, undo)))
    });
    match removed.await {
        Ok(Some((label, undo))) => {
            let undo = FlashAction::undo(undo, MenuPath::PATH);
            admin.done_with(MenuPath::PATH, format!("“{label}” is not in the menu any more."), undo).await
        }
        Ok(None) => draw_changed(&admin, "removed").await,
        Err(error) => admin.refuse(MenuPath::PATH, error).await,
    }
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/menu/index.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { menus }
    MenuView { name, title, new, rows }
    Row { key, label, path, edit, is_page, status, status_label, is_hidden, is_added, seen, moves }
}
