//! The form of a page and the screen around it: what visitors see now, and what they do not see yet.

use axum::{http::StatusCode, response::Response};
use serde::Serialize;

use crate::{
    admin::{
        documents::{
            form::{DocumentForm, TOP},
            paths,
            publication_status::PublicationStatus,
        },
        shared::{
            admin_context::{AdminContext, When},
            flash::FlashAction,
        },
    },
    error::{Error, Result},
    model::{
        document::{self, DocumentKind},
        page::{path::HOME, tree},
        revision::{self, Layout, Menu, Revision},
    },
    text::count::{counted, number},
    web::form_errors::{FormErrors, SelectOption},
};

const TEMPLATE: &str = "admin/pages/edit.html";
/// Pages that are offered to stand below; others can be found.
const PARENTS: i64 = 200;

/// The lists to choose from.
#[derive(Serialize)]
struct SelectOptions {
    layouts: Vec<SelectOption>,
    menus: Vec<SelectOption>,
}

impl Default for SelectOptions {
    fn default() -> Self {
        Self {
            layouts: Layout::ALL.iter().map(|(_, value, label)| SelectOption::new(*value, *label)).collect(),
            menus: Menu::ALL.iter().map(|(_, value, label)| SelectOption::new(*value, *label)).collect(),
        }
    }
}

/// Everything the edit screen shows.
#[derive(Serialize)]
struct View {
    title: String,
    id: i64,
    is_new: bool,
    is_home: bool,
    action: String,
    path: String,
    publication_status: PublicationStatus,
    trashed: bool,
    form: DocumentForm,
    errors: FormErrors,
    choices: SelectOptions,
    /// Where a new page can go, when the place it was meant for is gone.
    parents: Option<Parents>,
    above: Vec<AncestorView>,
    saved: Option<VersionView>,
    /// Publishes again what visitors saw before it was unpublished.
    again: Option<FlashAction>,
    preview_src: String,
}

#[derive(Serialize)]
struct Parents {
    choices: Vec<SelectOption>,
    /// How many of how many are offered.
    sentence: String,
}

#[derive(Serialize)]
struct AncestorView {
    label: String,
    path: String,
}

/// A version in one line.
#[derive(Serialize)]
struct VersionView {
    version: i64,
    author: String,
    when: When,
}

fn version_view(admin: &AdminContext, revision: &Revision) -> VersionView {
    VersionView {
        version: revision.version,
        author: revision.author_name.clone(),
        when: admin.when(revision.created_at),
    }
}

/// Draws the screen of a page that is there: with what was typed, or as it opens.
///
/// # Errors
/// `NotFound` when there is no such page outside the trash.
pub async fn draw(admin: &AdminContext, id: i64, form: DocumentForm, errors: FormErrors) -> Result<Response> {
    let db = admin.app.read();
    let node = tree::node(db, id).await?;
    let document = document::get(db, id, DocumentKind::Page).await?;
    let newest = revision::latest(db, id).await?.ok_or(Error::NotFound)?;
    let status = errors.status();
    let errors = if node.path == HOME { errors.without("slug") } else { errors };
    let view = View {
        title: node.title.clone(),
        id,
        is_new: false,
        is_home: node.path == HOME,
        action: format!("/admin/pages/{id}"),
        publication_status: PublicationStatus::of(&admin.app, &document, &newest).await?,
        trashed: false,
        form,
        errors,
        choices: SelectOptions::default(),
        parents: None,
        above: above(admin, node.parent_id).await?,
        saved: Some(version_view(admin, &newest)),
        again: paths::again(admin, id).await?,
        preview_src: format!("/admin/pages/{id}/preview"),
        path: node.path,
    };
    admin.screen_as(status, TEMPLATE, &view.title, &view).await
}

/// Draws the screen of a page that is not there yet. When the place it was meant for is gone, another can be chosen.
///
/// # Errors
/// When the database fails.
pub async fn draw_new(admin: &AdminContext, form: DocumentForm, errors: FormErrors) -> Result<Response> {
    let parent = match form.parent() {
        _ if form.finds() => None,
        Ok(Some(parent)) => location(admin, parent).await?,
        Ok(None) => Some((None, HOME.to_owned())),
        Err(_) => None,
    };
    let status = errors.status();
    let (parents, sentence) = if let Some((_, path)) = &parent {
        (None, format!("This page is not saved yet. Its address will begin with {path}."))
    } else {
        (Some(parents(admin, &form).await?), "This page is not saved yet. Choose where it goes.".to_owned())
    };
    let (parent, path) = parent.unwrap_or_else(|| (None, HOME.to_owned()));
    let view = View {
        title: "New page".to_owned(),
        id: 0,
        is_new: true,
        is_home: false,
        action: "/admin/pages/new".to_owned(),
        publication_status: PublicationStatus { sentence, ..PublicationStatus::new(DocumentKind::Page) },
        trashed: false,
        form,
        errors,
        choices: SelectOptions::default(),
        parents,
        above: above(admin, parent).await?,
        saved: None,
        again: None,
        preview_src: String::new(),
        path,
    };
    admin.screen_as(status, TEMPLATE, &view.title, &view).await
}

/// A page that others can stand below, and its address; none when it is gone.
async fn location(admin: &AdminContext, id: i64) -> Result<Option<(Option<i64>, String)>> {
    match tree::node(admin.app.read(), id).await {
        Ok(node) if node.path != HOME => Ok(Some((Some(id), node.path))),
        Ok(_) | Err(Error::NotFound) => Ok(None),
        Err(other) => Err(other),
    }
}

/// The pages that were looked for, as far as they can be offered, and always the one that is chosen.
async fn parents(admin: &AdminContext, form: &DocumentForm) -> Result<Parents> {
    let db = admin.app.read();
    let find = form.find.trim();
    // The front page is the first by address, and nothing goes below it.
    let mut pages = tree::search(db, find, HOME, PARENTS).await?;
    let all = tree::count(db, find, HOME).await?;
    let sentence = told(pages.len(), all, find);
    if let Ok(Some(chosen)) = form.parent()
        && pages.iter().all(|page| page.id != chosen)
        && location(admin, chosen).await?.is_some()
    {
        pages.insert(0, tree::node(db, chosen).await?);
    }
    let pages =
        pages.into_iter().map(|page| SelectOption::new(page.id.to_string(), format!("{} ({})", page.title, page.path)));
    let first = [SelectOption::new("choose", "Choose a place"), SelectOption::new(TOP, "The top level")];
    Ok(Parents { choices: first.into_iter().chain(pages).collect(), sentence })
}

fn told(offered: usize, all: i64, find: &str) -> String {
    let found = if find.is_empty() { String::new() } else { format!(" that contain “{find}”") };
    let counted = counted(all, "page", "pages");
    match (offered, all) {
        (0, _) => format!("The list offers the top level only: there are no pages{found}."),
        (offered, all) if i64::try_from(offered).is_ok_and(|offered| offered < all) => {
            let offered = number(offered);
            format!(
                "The list offers {offered} of {counted}{found}. Find the others by a part of their title or address."
            )
        }
        (1, _) => format!("The list offers the 1 page{}.", found.replace("contain", "contains")),
        _ => format!("The list offers all {counted}{found}."),
    }
}

async fn above(admin: &AdminContext, parent: Option<i64>) -> Result<Vec<AncestorView>> {
    let mut list = vec![AncestorView { label: "Pages".to_owned(), path: "/admin/pages".to_owned() }];
    for node in tree::ancestors(admin.app.read(), parent).await? {
        list.push(AncestorView { path: format!("/admin/pages?under={}", node.id), label: node.title });
    }
    Ok(list)
}

/// Draws the screen of a page that was trashed while the user was writing, with what they typed: 409.
///
/// # Errors
/// When the database fails.
pub async fn draw_trashed(admin: &AdminContext, id: i64, form: DocumentForm) -> Result<Response> {
    let view = View {
        title: form.typed.title.clone(),
        id,
        is_new: true,
        is_home: false,
        action: format!("/admin/pages/{id}"),
        path: String::new(),
        publication_status: PublicationStatus::trashed(DocumentKind::Page),
        trashed: true,
        form,
        errors: FormErrors::default(),
        choices: SelectOptions::default(),
        parents: None,
        above: vec![AncestorView { label: "Pages".to_owned(), path: "/admin/pages".to_owned() }],
        saved: None,
        again: None,
        preview_src: String::new(),
    };
    admin.screen_as(StatusCode::CONFLICT, TEMPLATE, "This page is in the trash", &view).await
}
