//! Discarding the unpublished changes of a document, whatever its kind: which versions that would be, doing it, and
//! undoing it.

use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::{
    paths,
    version_diff::{self, DocumentHeading, VersionDiff, VersionView},
};
use crate::{
    admin::{
        paths::{DiscardPath, UndoDiscardPath},
        shared::{admin_context::AdminContext, flash::FlashAction, routes::Routes},
    },
    error::Result,
    model::{
        document::{discard as model, lineage, record::Document, revision},
        policy::Action,
    },
    web::form::Form,
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::Edit, show).post(Action::Edit, discard).post(Action::Edit, undo)
}

/// The newest version, as the user saw it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct DiscardForm {
    version: String,
}

impl DiscardForm {
    fn version(&self) -> i64 {
        self.version.trim().parse().unwrap_or(0)
    }
}

#[derive(Serialize)]
struct View {
    head: DocumentHeading,
    action: String,
    version: i64,
    live: i64,
    /// The versions that would be discarded, the newest first.
    pending: Vec<VersionView>,
    authors: String,
    /// From the newest version to the one that visitors see.
    difference: VersionDiff,
}

async fn show(DiscardPath { id }: DiscardPath, admin: AdminContext) -> Result<Response> {
    let document = Document::get(admin.app.read(), id).await?;
    let db = admin.app.read();
    let newest = revision::latest(db, id).await?;
    let live = match document.published_revision_id {
        Some(live) if live != newest.id => revision::find(db, live).await?,
        _ => None,
    };
    let Some(live) = live else {
        let edit = paths::edit_screen(document.kind, id);
        return admin.not_done(&edit, "There is nothing to discard.").await;
    };
    let pending = lineage::pending(db, &admin.app.rules.fields, &document, Some(&live)).await?;
    let texts = (&newest.content, &live.content);
    let view = View {
        head: DocumentHeading::of(&document, &newest),
        action: DiscardPath { id }.to_string(),
        version: newest.version,
        live: live.version,
        authors: version_diff::authors(&admin, pending.iter()),
        pending: VersionView::pending(&admin, &document, &pending),
        difference: VersionDiff::between(&admin, document.kind, texts, &pending).await?,
    };
    let title = format!("Discard the changes of “{}”", newest.content.title);
    admin.screen("admin/documents/discard.html", &title, &view).await
}

async fn discard(
    DiscardPath { id }: DiscardPath,
    admin: AdminContext,
    Form(seen): Form<DiscardForm>,
) -> Result<Response> {
    let discarded = admin.change(async |write| {
        let document = Document::get(write, id).await?;
        let live = lineage::last_public(write, &document).await?;
        let pending = lineage::pending(write, &write.rules.fields, &document, live.as_ref()).await?;
        let live = model::discard(write, &document, seen.version()).await?;
        Ok((document.kind, pending, live))
    });
    match discarded.await {
        Ok((kind, pending, live)) => {
            let authors = version_diff::authors(&admin, pending.iter());
            let sentence = format!("Discarded: {authors}. Version {live}, which visitors see, is the newest again.");
            let undo = FlashAction::new("Undo", UndoDiscardPath { id }.to_string(), Action::Edit);
            admin.done_with(&paths::edit_screen(kind, id), sentence, undo.field("version", &seen.version())).await
        }
        Err(error) => admin.refuse(&paths::find_edit_screen(&admin, id).await?, error).await,
    }
}

async fn undo(
    UndoDiscardPath { id }: UndoDiscardPath,
    admin: AdminContext,
    Form(seen): Form<DiscardForm>,
) -> Result<Response> {
    let version = seen.version();
    let undone = admin.change(async |write| {
        let document = Document::get(write, id).await?;
        model::undo_discard(write, &document, version).await
    });
    let undone = undone.await;
    let edit = paths::find_edit_screen(&admin, id).await?;
    match undone {
        Ok(()) => admin.done(&edit, format!("Version {version} is the newest again. It is not published.")).await,
        Err(error) => admin.refuse(&edit, error).await,
    }
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/documents/discard.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { head, action, version, live, pending, authors, difference }
}
