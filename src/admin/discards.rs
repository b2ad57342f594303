//! Discarding the unpublished changes of a document, whatever its kind, and taking that back.

use axum::response::Response;
use serde::Deserialize;

use super::documents;
use crate::{
    error::{Error, Result},
    face::{desk::Desk, flash::FlashAction, routes::Routes},
    model::{document, policy::Action, saving},
    web::{form::Form, path::Path},
};

/// The routes of this noun.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes.post("/admin/documents/{id}/discard", Action::Edit, discard).post(
        "/admin/documents/{id}/discard/undo",
        Action::Edit,
        undo,
    )
}

/// The newest version, as the person saw it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Seen {
    version: String,
}

impl Seen {
    fn version(&self) -> i64 {
        self.version.trim().parse().unwrap_or(0)
    }
}

async fn discard(desk: Desk, Path(id): Path<i64>, Form(seen): Form<Seen>) -> Result<Response> {
    let edit = edit_screen(&desk, id).await?;
    let write = desk.write().await?;
    match saving::discard(&write, id, seen.version()).await {
        Ok(live) => {
            write.commit().await?;
            let sentence = format!(
                "The unpublished changes are discarded. Version {live}, which visitors see, is the newest again."
            );
            let undo = FlashAction::new("Undo", format!("/admin/documents/{id}/discard/undo"));
            desk.done_with(&edit, sentence, undo.field("version", &seen.version())).await
        }
        Err(Error::Conflict(reason)) => {
            drop(write);
            desk.not_done(&edit, reason).await
        }
        Err(other) => Err(other),
    }
}

async fn undo(desk: Desk, Path(id): Path<i64>, Form(seen): Form<Seen>) -> Result<Response> {
    let edit = edit_screen(&desk, id).await?;
    let write = desk.write().await?;
    match saving::undo_discard(&write, id, seen.version()).await {
        Ok(()) => {
            write.commit().await?;
            desk.done(&edit, format!("Version {} is the newest again. It is not published.", seen.version())).await
        }
        Err(Error::Conflict(reason)) => {
            drop(write);
            desk.not_done(&edit, reason).await
        }
        Err(other) => Err(other),
    }
}

async fn edit_screen(desk: &Desk, id: i64) -> Result<String> {
    let document = document::find(desk.app.read(), id).await?.filter(|found| found.trashed_at.is_none());
    Ok(documents::edit_screen(document.ok_or(Error::NotFound)?.kind, id))
}
