//! Unpublishing a document and moving it to the trash, each after a screen that says what it causes.

use axum::response::Response;
use serde::Serialize;

use super::{
    links::{self, LinkedFrom},
    offers, paths,
};
use crate::{
    admin::shared::{
        admin_context::AdminContext,
        document_kinds::{KINDS, screens},
        routes::Routes,
    },
    error::{Error, Result},
    model::{
        document::{kind::DocumentKind, placement, record::Document, revision},
        policy::Action,
        publishing, trash,
    },
    text::count::counted,
    web::path::Path,
};

/// The routes of this noun.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    KINDS.iter().fold(routes, |routes, row| {
        let kind = row.kind;
        routes
            .get(row.unpublish, Action::Publish, move |admin, id| ask_unpublish(admin, kind, id))
            .post(row.unpublish, Action::Publish, move |admin, id| unpublish(admin, kind, id))
            .get(row.delete, Action::Publish, move |admin, id| ask_delete(admin, kind, id))
            .post(row.delete, Action::Publish, move |admin, id| delete(admin, kind, id))
    })
}

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
    /// Whether it goes to the trash.
    deletes: bool,
    /// How many pages are below, and how many of these visitors see.
    below: usize,
    live_below: usize,
    linked_from: LinkedFrom,
    /// What its links will do.
    becomes: &'static str,
}

async fn draw(admin: &AdminContext, kind: DocumentKind, id: i64, deletes: bool) -> Result<Response> {
    let db = admin.app.read();
    let document = Document::get_of(db, id, kind).await?;
    let row = screens(kind);
    let path = placement::tree_path(db, &document).await?;
    let (below, live_below) = match &path {
        Some(path) => (trash::pages_below(db, path).await?.len(), publishing::live_below(db, path).await?.len()),
        None => (0, 0),
    };
    let view = View {
        title: revision::latest(db, id).await?.content.title,
        list: row.list,
        list_label: row.list_label,
        action: format!("{}/{}", paths::edit_screen(kind, id), if deletes { "delete" } else { "unpublish" }),
        edit: paths::edit_screen(kind, id),
        live: document.is_live(),
        deletes,
        below,
        live_below,
        linked_from: links::to(admin, &document, path.as_deref()).await?,
        becomes: if deletes { row.links_trashed } else { row.links_unpublished },
        path: path.unwrap_or_default(),
    };
    let heading = if deletes {
        format!("Move the {} to the trash", kind.noun())
    } else {
        format!("Unpublish the {}", kind.noun())
    };
    admin.screen("admin/documents/remove.html", &heading, &view).await
}

async fn ask_unpublish(admin: AdminContext, kind: DocumentKind, Path(id): Path<i64>) -> Result<Response> {
    draw(&admin, kind, id, false).await
}

async fn ask_delete(admin: AdminContext, kind: DocumentKind, Path(id): Path<i64>) -> Result<Response> {
    draw(&admin, kind, id, true).await
}

async fn unpublish(admin: AdminContext, kind: DocumentKind, Path(id): Path<i64>) -> Result<Response> {
    let write = admin.write().await?;
    let mut document = Document::get_of(&write, id, kind).await?;
    let title = revision::latest(&write, id).await?.content.title;
    let edit = paths::edit_screen(kind, id);
    match publishing::unpublish(&write, &document).await {
        Ok(count) => {
            write.commit().await?;
            document.published_revision_id = None;
            let sentence = format!("Unpublished “{title}”{}. {}", offers::with_below(count), unseen(count));
            admin.done_with(&edit, sentence, offers::again(&admin, &document).await?).await
        }
        Err(error) => {
            drop(write);
            refuse(&admin, &edit, error).await
        }
    }
}

async fn delete(admin: AdminContext, kind: DocumentKind, Path(id): Path<i64>) -> Result<Response> {
    let write = admin.write().await?;
    let document = Document::find(&write, id).await?.filter(|found| found.kind == kind).ok_or(Error::NotFound)?;
    let title = revision::latest(&write, id).await?.content.title;
    if document.trashed_at.is_some() {
        drop(write);
        // Where the first request led.
        return admin.done("/admin/trash", format!("“{title}” is in the trash.")).await;
    }
    let above = placement::parent(&write, &document).await?;
    match trash::delete(&write, &document).await {
        Ok(count) => {
            let trashed_at = write.now;
            write.commit().await?;
            let list = paths::list(kind);
            let to = above.map_or_else(|| list.to_owned(), |above| format!("{list}?under={}", above.id));
            let sentence = format!("Moved “{title}”{} to the trash.", offers::with_below(count));
            admin.done_with(&to, sentence, offers::undo_trash(id, trashed_at)).await
        }
        Err(error) => {
            drop(write);
            refuse(&admin, &paths::edit_screen(kind, id), error).await
        }
    }
}

/// Said of `count` documents that were unpublished together.
fn unseen(count: usize) -> String {
    match count {
        0 | 1 => "Visitors do not see it any more.".to_owned(),
        count => format!("Visitors do not see these {} any more.", counted(count, "page", "pages")),
    }
}

/// A rule that stands against it is told on the document's own screen.
async fn refuse(admin: &AdminContext, to: &str, error: Error) -> Result<Response> {
    match error {
        Error::Conflict(sentence) => admin.not_done(to, sentence).await,
        Error::Invalid(invalid) => admin.not_done(to, format!("{}.", invalid.sentence())).await,
        other => Err(other),
    }
}
