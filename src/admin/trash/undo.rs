//! Undoes a deletion: what was public is public again, or nothing changes.

use axum::response::Response;
use axum_extra::routing::TypedPath;
use serde::Deserialize;

use super::outcome;
use crate::{
    admin::{
        documents::{flash_actions, paths},
        paths::{RestoreDocumentPath, TrashPath, UndoTrashPath},
        shared::{admin_context::AdminContext, flash::FlashAction, routes::Routes},
    },
    clock::Timestamp,
    error::Result,
    model::{
        document::{revision, with_newest},
        policy::Action,
        trash::{self, Undone},
    },
    text::count::number,
    web::form::Form,
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.post(Action::Publish, update)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Deletion {
    trashed_at: String,
}

async fn update(
    UndoTrashPath { id }: UndoTrashPath,
    admin: AdminContext,
    Form(deletion): Form<Deletion>,
) -> Result<Response> {
    let trashed_at = Timestamp(deletion.trashed_at.trim().parse().unwrap_or(0));
    let undone = admin.change(async |write| {
        let (document, newest) = with_newest::find(write, id).await?;
        let is_trashed = document.trashed_at.is_some();
        let undone = if is_trashed { Some(trash::undo(write, &document, &newest, trashed_at).await?) } else { None };
        Ok((document, newest.content.title, undone))
    });
    match undone.await {
        Ok((document, title, Some(undone))) => {
            admin.done(&paths::edit_screen(document.kind, id), in_words(&title, undone)).await
        }
        Ok((document, title, None)) => {
            outcome::tell_unpublished(&admin, &document, outcome::not_in_trash(&title)).await
        }
        Err(error) => {
            let reason = error.conflict()?;
            let title = revision::latest(admin.app.read(), id).await?.content.title;
            let sentence = format!(
                "Nothing was undone: {reason}. Restoring “{title}” brings it back unpublished, at another path if its \
                 own is taken."
            );
            let restore = FlashAction::new("Restore", RestoreDocumentPath { id }.to_string(), Action::Publish);
            admin.not_done_with(TrashPath::PATH, sentence, restore).await
        }
    }
}

fn in_words(title: &str, Undone { all, live }: Undone) -> String {
    let (are_where, them) = if all > 1 { ("are back where they were", "them") } else { ("is back where it was", "it") };
    let seen = match live {
        0 => format!("Visitors do not see {them}."),
        live if live == all => format!("Visitors see {them} again."),
        live => format!("Visitors see {} of {them} again.", number(live)),
    };
    format!("“{title}”{} {are_where}. {seen}", flash_actions::with_below(all))
}
