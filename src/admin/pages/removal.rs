//! Unpublishing a page and moving it to the trash, each after a screen that says what it causes.

use axum::response::Response;
use serde::Serialize;

use crate::{
    admin::{
        documents::{
            links::{self, LinkedFrom},
            paths,
        },
        shared::{admin_context::AdminContext, routes::Routes},
    },
    error::{Error, Result},
    model::{
        document::DocumentKind,
        page::tree::{self, PageNode},
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
        .get("/admin/pages/{id}/unpublish", Action::Publish, confirm_unpublish)
        .post("/admin/pages/{id}/unpublish", Action::Publish, unpublish)
        .get("/admin/pages/{id}/delete", Action::Publish, confirm_delete)
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

async fn view(admin: &AdminContext, id: i64, verb: &str) -> Result<View> {
    let node = tree::node(admin.app.read(), id).await?;
    let below = trash::pages_below(admin.app.read(), &node.path).await?.len();
    let live_below = publishing::live_below(admin.app.read(), &node.path).await?.len();
    let linked_from = links::to_pages(admin, &node.path).await?;
    let action = format!("/admin/pages/{id}/{verb}");
    Ok(View { id, title: node.title, path: node.path, live: node.live, below, live_below, action, linked_from })
}

async fn confirm_unpublish(admin: AdminContext, Path(id): Path<i64>) -> Result<Response> {
    let view = view(&admin, id, "unpublish").await?;
    admin.screen("admin/pages/unpublish.html", "Unpublish the page", &view).await
}

async fn unpublish(admin: AdminContext, Path(id): Path<i64>) -> Result<Response> {
    let write = admin.write().await?;
    let node = tree::node(&write, id).await?;
    let edit = format!("/admin/pages/{id}");
    match publishing::unpublish(&write, id, DocumentKind::Page).await {
        Ok(count) => {
            write.commit().await?;
            let sentence = format!("Unpublished “{}”{}. {}", node.title, paths::with_below(count), unseen(count));
            admin.done_with(&edit, sentence, paths::again(&admin, id).await?).await
        }
        Err(error) => refuse(&admin, &edit, error).await,
    }
}

async fn confirm_delete(admin: AdminContext, Path(id): Path<i64>) -> Result<Response> {
    let view = view(&admin, id, "delete").await?;
    admin.screen("admin/pages/delete.html", "Move to trash", &view).await
}

async fn delete(admin: AdminContext, Path(id): Path<i64>) -> Result<Response> {
    if let Some(response) = paths::redirect_trashed(&admin, DocumentKind::Page, id).await? {
        return Ok(response);
    }
    let write = admin.write().await?;
    let node: PageNode = tree::node(&write, id).await?;
    match trash::delete(&write, id, DocumentKind::Page).await {
        Ok(count) => {
            let trashed_at = write.now;
            write.commit().await?;
            let to = node.parent_id.map_or_else(|| "/admin/pages".to_owned(), |p| format!("/admin/pages?under={p}"));
            let sentence = format!("Moved “{}”{} to the trash.", node.title, paths::with_below(count));
            admin.done_with(&to, sentence, paths::undo_trash(id, trashed_at)).await
        }
        Err(error) => refuse(&admin, &format!("/admin/pages/{id}"), error).await,
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
async fn refuse(admin: &AdminContext, to: &str, error: Error) -> Result<Response> {
    match error {
        Error::Conflict(sentence) => admin.not_done(to, sentence).await,
        Error::Invalid(invalid) => admin.not_done(to, format!("{}.", invalid.sentence())).await,
        other => Err(other),
    }
}
