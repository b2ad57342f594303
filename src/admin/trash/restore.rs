//! Brings a document back from the trash, and what went there with it, unpublished.

use axum::response::Response;
use axum_extra::routing::TypedPath;

use super::outcome;
use crate::{
    admin::{
        documents::flash_actions,
        paths::{RestoreDocumentPath, TrashPath},
        shared::{
            admin_context::AdminContext,
            document_kinds::{KindScreens, screens},
            routes::Routes,
        },
    },
    error::Result,
    model::{
        document::with_newest,
        policy::Action,
        trash::{self, Restored},
    },
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.post(Action::Publish, update)
}

async fn update(RestoreDocumentPath { id }: RestoreDocumentPath, admin: AdminContext) -> Result<Response> {
    let restored = admin.change(async |write| {
        let (mut document, newest) = with_newest::find(write, id).await?;
        let is_trashed = document.trashed_at.is_some();
        let restored = if is_trashed { Some(trash::restore(write, &mut document, &newest).await?) } else { None };
        Ok((document, newest.content.title, restored))
    });
    match restored.await {
        Ok((document, title, Some(restored))) => {
            outcome::tell_unpublished(&admin, &document, describe_restored(&title, &restored)).await
        }
        Ok((document, title, None)) => {
            outcome::tell_unpublished(&admin, &document, outcome::not_in_trash(&title)).await
        }
        Err(error) => admin.refuse(TrashPath::PATH, error).await,
    }
}

fn describe_restored(title: &str, restored: &Restored) -> String {
    let (are, them) = if restored.all > 1 { ("are", "them") } else { ("is", "it") };
    format!(
        "“{title}”{} {are} back. {}Visitors do not see {them} until you publish {them}.",
        flash_actions::with_below(restored.all),
        describe_location(restored)
    )
}

/// The sentence about a document that came back elsewhere.
fn describe_location(restored: &Restored) -> String {
    let Restored { kind, before, now, .. } = restored;
    let Some(reason) = restored.reason() else { return String::new() };
    let KindScreens { path_label, path_prefix, .. } = screens(*kind);
    let whose = if restored.all > 1 {
        format!("The {path_label} of the first is {path_prefix}{now}")
    } else {
        format!("Its {path_label} is {path_prefix}{now}")
    };
    format!("{whose} now instead of {path_prefix}{before}, because {reason}. ")
}
