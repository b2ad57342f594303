//! Unpublishing a document and moving it to the trash, each after a screen that lists the consequences. If these have
//! changed when the button is pressed, the screen asks again.

use axum::{http::StatusCode, response::Response};
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};

use super::{
    flash_actions,
    inbound_links::{self, LinkedFrom},
    paths,
};
use crate::{
    admin::{
        paths::TrashPath,
        shared::{
            admin_context::AdminContext,
            document_kinds::{KINDS, screens},
            routes::Routes,
        },
    },
    error::{Error, Result},
    model::{
        document::{kind::DocumentKind, placement, record::Document, revision},
        policy::Action,
        publishing,
        trash::{self, PageBelow},
    },
    text::{count::pluralise, token},
    web::{form::Form, path::Path},
};

/// The routes of this noun.
#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    KINDS.iter().fold(routes, |routes, row| {
        let kind = row.kind;
        routes
            .get_at(row.unpublish, Action::Publish, move |admin, id| confirm_unpublish(admin, kind, id))
            .post_at(row.unpublish, Action::Publish, move |admin, id, form| unpublish(admin, kind, id, form))
            .get_at(row.delete, Action::Publish, move |admin, id| confirm_delete(admin, kind, id))
            .post_at(row.delete, Action::Publish, move |admin, id, form| delete(admin, kind, id, form))
    })
}

/// Pages below that are named.
const NAMED: usize = 20;

#[derive(Serialize)]
struct View {
    title: String,
    list: &'static str,
    list_label: &'static str,
    edit: String,
    action: String,
    /// The address that visitors know; empty for what has none of its own.
    path: String,
    live: bool,
    deletes: bool,
    /// How many pages are below, and how many of these visitors see.
    below: usize,
    live_below: usize,
    /// Those that go along, as far as they are named.
    along: Vec<PageBelow>,
    /// What the form sends as `below`.
    base: String,
    /// What has changed since the screen was first shown, in a sentence; or empty.
    changed: String,
    linked_from: LinkedFrom,
    becomes: &'static str,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct RemovalForm {
    /// The pages that go along, see [`base`]; a form without it has shown none.
    below: String,
    /// `yes` or `no`: whether visitors saw the document itself.
    live: String,
}

impl RemovalForm {
    /// What has changed since the screen was shown, in a sentence; empty when nothing has.
    fn describe_change(&self, document: &Document, along: &[PageBelow]) -> String {
        let is_same = if self.below.is_empty() { along.is_empty() } else { self.below == base(along) };
        if !is_same {
            return "What is below it has changed since this screen was shown.".to_owned();
        }
        match self.live.as_str() {
            "no" if document.is_live() => "It was published since this screen was shown.".to_owned(),
            "yes" if !document.is_live() => "It was unpublished since this screen was shown.".to_owned(),
            _ => String::new(),
        }
    }
}

/// The same text for equal lists of pages.
fn base(along: &[PageBelow]) -> String {
    let line = |page: &PageBelow| format!("{} {}\n", page.id, page.live);
    token::hash(&along.iter().map(line).collect::<String>())
}

async fn draw(
    admin: &AdminContext,
    kind: DocumentKind,
    id: i64,
    (deletes, changed): (bool, String),
) -> Result<Response> {
    let db = admin.app.read();
    let document = Document::get_of(db, id, kind).await?;
    let row = screens(kind);
    let path = placement::tree_path(db, &document).await?;
    let along = trash::pages_along(db, path.as_deref(), deletes).await?;
    let view = View {
        title: revision::latest(db, id).await?.content.title,
        list: row.list,
        list_label: row.list_label,
        action: format!("{}/{}", paths::edit_screen(kind, id), if deletes { "delete" } else { "unpublish" }),
        edit: paths::edit_screen(kind, id),
        live: document.is_live(),
        deletes,
        below: along.len(),
        live_below: along.iter().filter(|page| page.live).count(),
        base: base(&along),
        along: along.into_iter().take(NAMED).collect(),
        linked_from: inbound_links::to(admin, &document, path.as_deref()).await?,
        becomes: if deletes { row.links_trashed } else { row.links_unpublished },
        path: path.unwrap_or_default(),
        changed,
    };
    let status = if view.changed.is_empty() { StatusCode::OK } else { StatusCode::CONFLICT };
    let heading = if deletes {
        format!("Move the {} to the trash", kind.noun())
    } else {
        format!("Unpublish the {}", kind.noun())
    };
    admin.screen_as(status, "admin/documents/remove.html", &heading, &view).await
}

async fn confirm_unpublish(admin: AdminContext, kind: DocumentKind, Path(id): Path<i64>) -> Result<Response> {
    draw(&admin, kind, id, (false, String::new())).await
}

async fn confirm_delete(admin: AdminContext, kind: DocumentKind, Path(id): Path<i64>) -> Result<Response> {
    draw(&admin, kind, id, (true, String::new())).await
}

async fn unpublish(
    admin: AdminContext,
    kind: DocumentKind,
    Path(id): Path<i64>,
    Form(form): Form<RemovalForm>,
) -> Result<Response> {
    let write = admin.write().await?;
    let mut document = Document::get_of(&write, id, kind).await?;
    if document.is_live() {
        let path = placement::tree_path(&write, &document).await?;
        let changed = form.describe_change(&document, &trash::pages_along(&write, path.as_deref(), false).await?);
        if !changed.is_empty() {
            drop(write);
            return draw(&admin, kind, id, (false, changed)).await;
        }
    }
    let title = revision::latest(&write, id).await?.content.title;
    let edit = paths::edit_screen(kind, id);
    let unpublished = publishing::unpublish(&write, &document).await;
    match write.finish(unpublished).await {
        Ok(count) => {
            document.published_revision_id = None;
            let sentence =
                format!("Unpublished “{title}”{}. {}", flash_actions::with_below(count), describe_unseen(count));
            admin.done_with(&edit, sentence, flash_actions::again(&admin, &document).await?).await
        }
        Err(error) => refuse(&admin, &edit, error).await,
    }
}

async fn delete(
    admin: AdminContext,
    kind: DocumentKind,
    Path(id): Path<i64>,
    Form(form): Form<RemovalForm>,
) -> Result<Response> {
    let write = admin.write().await?;
    let document = Document::find(&write, id).await?.filter(|found| found.kind == kind).ok_or(Error::NotFound)?;
    let title = revision::latest(&write, id).await?.content.title;
    if document.trashed_at.is_some() {
        drop(write);
        // The first request did it; this one goes to the same screen.
        return admin.done(TrashPath::PATH, format!("“{title}” is in the trash.")).await;
    }
    let path = placement::tree_path(&write, &document).await?;
    let changed = form.describe_change(&document, &trash::pages_along(&write, path.as_deref(), true).await?);
    if !changed.is_empty() {
        drop(write);
        return draw(&admin, kind, id, (true, changed)).await;
    }
    let above = placement::parent(&write, &document).await?;
    let trashed_at = write.now;
    let deleted = trash::delete(&write, &document).await;
    match write.finish(deleted).await {
        Ok(count) => {
            let list = paths::list(kind);
            let to = above.map_or_else(|| list.to_owned(), |above| format!("{list}?under={}", above.id));
            let sentence = format!("Moved “{title}”{} to the trash.", flash_actions::with_below(count));
            admin.done_with(&to, sentence, flash_actions::undo_trash(id, trashed_at)).await
        }
        Err(error) => refuse(&admin, &paths::edit_screen(kind, id), error).await,
    }
}

/// The sentence about `count` documents that were unpublished together.
fn describe_unseen(count: usize) -> String {
    match count {
        0 | 1 => "Visitors do not see it any more.".to_owned(),
        count => format!("Visitors do not see these {} any more.", pluralise(count, "page", "pages")),
    }
}

/// Says on the document's own screen which rule forbids it.
async fn refuse(admin: &AdminContext, to: &str, error: Error) -> Result<Response> {
    match error {
        Error::Conflict(sentence) => admin.not_done(to, sentence).await,
        Error::Validation(errors) => admin.not_done(to, format!("{}.", errors.sentence())).await,
        other => Err(other),
    }
}

/// For the test that renders every template.
#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/documents/remove.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    PageBelow { id, title, live }
    View { title, list, list_label, edit, action, path, live, deletes, below, live_below, along, base, changed, linked_from, becomes }
}
