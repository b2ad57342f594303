//! Unpublishing a document, after a screen that lists the consequences.

use axum::response::Response;

use super::{
    flash_actions, paths,
    remove_screen::{self, Removal, RemovalForm, RemovalState},
};
use crate::{
    admin::shared::{admin_context::AdminContext, document_kinds::KINDS, form_outcome::FormOutcome, routes::Routes},
    error::Result,
    model::{
        bulk,
        document::{kind::DocumentKind, placement, record::Document, revision},
        policy::Action,
        publishing,
        undo::noted,
    },
    text::count::pluralise,
    web::{form::Form, path::Path},
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    KINDS.iter().fold(routes, |routes, row| {
        let kind = row.kind;
        routes
            .get_at(row.paths.unpublish, Action::Publish, move |admin, id| confirm_unpublish(admin, kind, id))
            .post_at(row.paths.unpublish, Action::Publish, move |admin, id, form| unpublish(admin, kind, id, form))
    })
}

async fn confirm_unpublish(admin: AdminContext, kind: DocumentKind, Path(id): Path<i64>) -> Result<Response> {
    let document = Document::get_of(admin.app.read(), id, kind).await?;
    remove_screen::draw(&admin, &document, Removal::Unpublish, RemovalState::default()).await
}

async fn unpublish(
    admin: AdminContext,
    kind: DocumentKind,
    Path(id): Path<i64>,
    Form(form): Form<RemovalForm>,
) -> Result<Response> {
    let unpublished = admin.change(async |write| {
        let document = Document::get_of(write, id, kind).await?;
        let changed = form.describe_change(write, &document, Removal::Unpublish).await?;
        if document.is_live() && !changed.is_empty() {
            return Ok(FormOutcome::Again((document, changed)));
        }
        let title = revision::latest(write, id).await?.content.title;
        let path = placement::tree_path(write, &document).await?;
        let steps = bulk::unpublishing(write, &document, path.as_deref()).await?;
        let count = publishing::unpublish(write, &document, &title).await?;
        noted::note(write, &steps).await?;
        let led = form.lead_on(write, path).await?;
        Ok(FormOutcome::Saved((Document { published_revision_id: None, ..document }, title, count, led)))
    });
    let edit = paths::edit_screen(kind, id);
    match unpublished.await {
        Ok(FormOutcome::Saved((document, title, count, led))) => {
            let below = flash_actions::with_below(count);
            let again = flash_actions::again(&admin, &document).await?;
            let sentence = format!("Unpublished “{title}”{below}. {}{led}{}", describe_unseen(count), again.obstacle);
            admin.done_with(&edit, sentence, again.button).await
        }
        Ok(FormOutcome::Again((document, changed))) => {
            remove_screen::draw(&admin, &document, Removal::Unpublish, form.after(changed)).await
        }
        Err(error) => remove_screen::refuse(&admin, (kind, id), Removal::Unpublish, &form, error).await,
    }
}

/// The sentence about `count` documents that were unpublished together.
fn describe_unseen(count: usize) -> String {
    match count {
        0 | 1 => "Visitors do not see it any more.".to_owned(),
        count => format!("Visitors do not see these {} any more.", pluralise(count, "page", "pages")),
    }
}
