//! Moving a document to the trash, after a screen that lists the consequences. What is in the trash is `admin::trash`.

use axum::response::Response;
use axum_extra::routing::TypedPath;

use super::{
    flash_actions, paths,
    remove_screen::{self, Removal, RemovalForm},
};
use crate::{
    admin::{
        paths::TrashPath,
        shared::{admin_context::AdminContext, document_kinds::KINDS, form_outcome::FormOutcome, routes::Routes},
    },
    clock::Timestamp,
    error::{Error, Result},
    model::{
        document::{kind::DocumentKind, placement, record::Document, revision},
        policy::Action,
        trash,
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
    remove_screen::draw(&admin, &document, Removal::Trash, String::new()).await
}

/// What was moved to the trash.
struct Deleted {
    title: String,
    above: Option<i64>,
    /// How many documents, itself included; 0 when an earlier request moved it.
    count: usize,
    trashed_at: Timestamp,
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
        Ok(FormOutcome::Saved(Deleted { title, above, count, trashed_at })) => {
            let list = paths::list(kind);
            let to = above.map_or_else(|| list.to_owned(), |above| format!("{list}?under={above}"));
            let sentence = format!("Moved “{title}”{} to the trash.", flash_actions::with_below(count));
            admin.done_with(&to, sentence, flash_actions::undo_trash(id, trashed_at)).await
        }
        Ok(FormOutcome::Again((document, changed))) => {
            remove_screen::draw(&admin, &document, Removal::Trash, changed).await
        }
        Err(error) => admin.refuse(&paths::edit_screen(kind, id), error).await,
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
    if let Some(trashed_at) = document.trashed_at {
        return Ok(FormOutcome::Saved(Deleted { title, above: None, count: 0, trashed_at }));
    }
    let changed = form.describe_change(write, &document, Removal::Trash).await?;
    if !changed.is_empty() {
        return Ok(FormOutcome::Again((document, changed)));
    }
    let above = placement::parent(write, &document).await?.map(|above| above.id);
    let count = trash::delete(write, &document, &title).await?;
    Ok(FormOutcome::Saved(Deleted { title, above, count, trashed_at: write.now }))
}
