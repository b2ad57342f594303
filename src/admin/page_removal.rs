//! Unpublishing a page and moving it to the trash, each after a screen that says what it causes.

use axum::response::Response;
use serde::Serialize;

use super::{
    document_links::{self, LinkedFrom},
    documents,
};
use crate::{
    error::{Error, Result},
    face::{desk::Desk, routes::Routes},
    model::{
        document::Kind,
        page::tree::{self, Node},
        policy::Action,
        publishing, trash,
    },
    text::count::counted,
    web::path::Path,
};

/// The routes of this noun.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/admin/pages/{id}/unpublish", Action::Publish, ask_unpublish)
        .post("/admin/pages/{id}/unpublish", Action::Publish, unpublish)
        .get("/admin/pages/{id}/delete", Action::Publish, ask_delete)
        .post("/admin/pages/{id}/delete", Action::Publish, delete)
}

#[derive(Serialize)]
struct View {
    id: i64,
    title: String,
    path: String,
    live: bool,
    /// How many pages are below, and how many of these visitors see.
    below: usize,
    live_below: usize,
    action: String,
    linked_from: LinkedFrom,
}

async fn view(desk: &Desk, id: i64, verb: &str) -> Result<View> {
    let node = tree::node(desk.app.read(), id).await?;
    let below = trash::pages_below(desk.app.read(), &node.path).await?.len();
    let live_below = publishing::live_below(desk.app.read(), &node.path).await?.len();
    let linked_from = document_links::to_pages(desk, &node.path).await?;
    let action = format!("/admin/pages/{id}/{verb}");
    Ok(View { id, title: node.title, path: node.path, live: node.live, below, live_below, action, linked_from })
}

async fn ask_unpublish(desk: Desk, Path(id): Path<i64>) -> Result<Response> {
    let view = view(&desk, id, "unpublish").await?;
    desk.screen("admin/pages/unpublish.html", "Unpublish the page", &view).await
}

async fn unpublish(desk: Desk, Path(id): Path<i64>) -> Result<Response> {
    let write = desk.write().await?;
    let node = tree::node(&write, id).await?;
    let edit = format!("/admin/pages/{id}");
    match publishing::unpublish(&write, id, Kind::Page).await {
        Ok(count) => {
            write.commit().await?;
            let sentence = format!("Unpublished “{}”{}. {}", node.title, documents::with_below(count), unseen(count));
            desk.done_with(&edit, sentence, documents::again(&desk, id).await?).await
        }
        Err(error) => refused(&desk, &edit, error).await,
    }
}

async fn ask_delete(desk: Desk, Path(id): Path<i64>) -> Result<Response> {
    let view = view(&desk, id, "delete").await?;
    desk.screen("admin/pages/delete.html", "Delete the page", &view).await
}

async fn delete(desk: Desk, Path(id): Path<i64>) -> Result<Response> {
    if let Some(response) = documents::trashed(&desk, Kind::Page, id).await? {
        return Ok(response);
    }
    let write = desk.write().await?;
    let node: Node = tree::node(&write, id).await?;
    match trash::delete(&write, id, Kind::Page).await {
        Ok(count) => {
            let trashed_at = write.now;
            write.commit().await?;
            let to = node.parent_id.map_or_else(|| "/admin/pages".to_owned(), |p| format!("/admin/pages?under={p}"));
            let sentence = format!("Moved “{}”{} to the trash.", node.title, documents::with_below(count));
            desk.done_with(&to, sentence, documents::undo_trash(id, trashed_at)).await
        }
        Err(error) => refused(&desk, &format!("/admin/pages/{id}"), error).await,
    }
}

/// Said of `count` documents that were unpublished together.
fn unseen(count: usize) -> String {
    match count {
        0 | 1 => "Visitors do not see it any more.".to_owned(),
        count => format!("Visitors do not see these {} any more.", counted(count, "page", "pages")),
    }
}

/// A rule that stands against it is told on the page's own screen.
async fn refused(desk: &Desk, to: &str, error: Error) -> Result<Response> {
    match error {
        Error::Conflict(sentence) => desk.not_done(to, sentence).await,
        Error::Invalid(invalid) => desk.not_done(to, format!("{}.", invalid.sentence())).await,
        other => Err(other),
    }
}
