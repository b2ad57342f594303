//! Moving a document to the trash, after a screen that lists the consequences. What is in the trash is `admin::trash`.

use axum::response::Response;
use axum_extra::routing::TypedPath;

use super::{
    flash_actions, paths,
    remove_screen::{self, Removal, RemovalForm, RemovalState},
};
use crate::{
    admin::{
        paths::TrashPath,
        shared::{
            admin_context::AdminContext, document_kinds::KINDS, flash::FlashAction, form_outcome::FormOutcome,
            routes::Routes,
        },
    },
    error::{Error, Result},
    model::{
        document::{kind::DocumentKind, placement, record::Document, revision},
        policy::Action,
        trash,
        undo::{noted, step::Step},
        write::Write,
    },
    web::{form::Form, path::Path},
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    KINDS.iter().fold(routes, |routes, row| {
        let kind = row.kind;
        routes.get_at(row.paths.delete, Action::Publish, move |admin, id| confirm_delete(admin, kind, id)).post_at(
            row.paths.delete,
            Action::Publish,
            move |admin, id, form| delete(admin, kind, id, form),
        )
    })
}

async fn confirm_delete(admin: AdminContext, kind: DocumentKind, Path(id): Path<i64>) -> Result<Response> {
    let document = Document::get_of(admin.app.read(), id, kind).await?;
    remove_screen::draw(&admin, &document, Removal::Trash, RemovalState::default()).await
}

/// What was moved to the trash.
struct Deleted {
    title: String,
    above: Option<i64>,
    /// How many documents, itself included; 0 when an earlier request moved it.
    count: usize,
    /// Where its path leads, in a sentence; or empty.
    led: String,
    /// Undoes it.
    undo: i64,
}

async fn delete(
    admin: AdminContext,
    kind: DocumentKind,
    Path(id): Path<i64>,
    Form(form): Form<RemovalForm>,
) -> Result<Response> {
    match admin.change(async |write| put_in_trash(write, kind, id, &form).await).await {
        Ok(FormOutcome::Saved(Deleted { title, count: 0, .. })) => {
            admin.not_done(TrashPath::PATH, format!("“{title}” was in the trash before. Nothing was moved.")).await
        }
        Ok(FormOutcome::Saved(Deleted { title, above, count, led, undo })) => {
            let list = paths::list(kind);
            let to = above.map_or_else(|| list.to_owned(), |above| format!("{list}?under={above}"));
            let sentence = format!("Moved “{title}”{} to the trash.{led}", flash_actions::with_below(count));
            admin.done_with(&to, sentence, FlashAction::undo(undo, &to)).await
        }
        Ok(FormOutcome::Again((document, changed))) => {
            remove_screen::draw(&admin, &document, Removal::Trash, form.after(changed)).await
        }
        Err(error) => remove_screen::refuse(&admin, (kind, id), Removal::Trash, &form, error).await,
    }
}

async fn put_in_trash(
    write: &Write,
    kind: DocumentKind,
    id: i64,
    form: &RemovalForm,
) -> Result<FormOutcome<Deleted, (Document, String)>> {
    let document = Document::find(write, id).await?.filter(|found| found.kind == kind).ok_or(Error::NotFound)?;
    let title = revision::latest(write, id).await?.content.title;
    if document.trashed_at.is_some() {
        return Ok(FormOutcome::Saved(Deleted { title, above: None, count: 0, undo: 0, led: String::new() }));
    }
    let changed = form.describe_change(write, &document, Removal::Trash).await?;
    if !changed.is_empty() {
        return Ok(FormOutcome::Again((document, changed)));
    }
    let above = placement::parent(write, &document).await?.map(|above| above.id);
    let path = placement::tree_path(write, &document).await?.filter(|_| document.is_live());
    let count = trash::delete(write, &document, &title).await?;
    let undo = noted::note(write, &[Step::Trash { id, at: write.now }]).await?;
    let led = form.lead_on(write, path).await?;
    Ok(FormOutcome::Saved(Deleted { title, above, count, led, undo }))
}
