//! The trash: what was deleted, and restoring it.

use axum::{extract::Query, response::Response};
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};

use crate::{
    admin::{
        documents::{flash_actions, paths},
        paths::{RestoreDocumentPath, TrashPath, UndoTrashPath},
        shared::{
            admin_context::{AdminContext, When},
            document_kinds::{KindScreens, screens},
            flash::FlashAction,
            routes::Routes,
        },
    },
    clock::Timestamp,
    error::{Error, Result},
    model::{
        cursor::Cursor,
        document::{
            record::Document,
            revision::{self, Revision},
        },
        policy::Action,
        trash::{self, Restored, Trashed, Undone},
        write::Write,
    },
    render::pagination::{CursorQuery, List, ListOrder, Pagination},
    text::count::number,
    web::form::Form,
};

const LIST: &str = TrashPath::PATH;
const ROWS: usize = 50;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::Edit, index).post(Action::Publish, restore).post(Action::Publish, undo)
}

#[derive(Serialize)]
struct View {
    rows: Vec<Row>,
    pages: Pagination,
}

#[derive(Serialize)]
struct Row {
    id: i64,
    title: String,
    kind: &'static str,
    when: When,
    /// How many pages below it went along.
    along: i64,
    versions: String,
}

pub(crate) async fn index(_: TrashPath, admin: AdminContext, Query(cursor): Query<CursorQuery>) -> Result<Response> {
    let from = cursor.read();
    let list = List { path: LIST, query: &[], order: ListOrder::NewestFirst, size: ROWS };
    let start = from.unwrap_or(Cursor::Before((Timestamp(i64::MAX), 0)));
    let mut found = trash::list(admin.app.read(), start, list.limit()).await?;
    let pages = list.paginate(&mut found, from.as_ref(), |trashed| (trashed.at, trashed.id));
    let row = |trashed: Trashed| Row {
        id: trashed.id,
        kind: trashed.kind.noun(),
        when: admin.when(trashed.at),
        along: trashed.along,
        versions: paths::revisions(trashed.id),
        title: trashed.title,
    };
    let view = View { rows: found.into_iter().map(row).collect(), pages };
    admin.screen("admin/trash/index.html", "Trash", &view).await
}

pub(crate) async fn restore(RestoreDocumentPath { id }: RestoreDocumentPath, admin: AdminContext) -> Result<Response> {
    let restored = admin.change(async |write| {
        let (mut document, newest) = with_newest::find(write, id).await?;
        let is_trashed = document.trashed_at.is_some();
        let restored = if is_trashed { Some(trash::restore(write, &mut document, &newest).await?) } else { None };
        Ok((document, newest.content.title, restored))
    });
    match restored.await {
        Ok((document, title, Some(restored))) => {
            tell_unpublished(&admin, &document, describe_restored(&title, &restored)).await
        }
        Ok((document, title, None)) => tell_unpublished(&admin, &document, not_in_trash(&title)).await,
        Err(error) => admin.refuse(LIST, error).await,
    }
}

fn not_in_trash(title: &str) -> String {
    format!("“{title}” is not in the trash.")
}

fn describe_restored(title: &str, restored: &Restored) -> String {
    let (are, them) = if restored.all > 1 { ("are", "them") } else { ("is", "it") };
    format!(
        "“{title}”{} {are} back. {}Visitors do not see {them} until you publish {them}.",
        flash_actions::with_below(restored.all),
        describe_location(restored)
    )
}

/// Goes to the edit screen of a document with what can be published again.
async fn tell_unpublished(admin: &AdminContext, document: &Document, sentence: String) -> Result<Response> {
    let again = flash_actions::again(admin, document).await?;
    let sentence = format!("{sentence}{}", again.obstacle);
    admin.done_with(&paths::edit_screen(document.kind, document.id), sentence, again.button).await
}

/// Which deletion to undo.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Deletion {
    trashed_at: String,
}

async fn undo(
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
        Ok((document, title, None)) => tell_unpublished(&admin, &document, not_in_trash(&title)).await,
        Err(error) => {
            let reason = error.conflict()?;
            let title = revision::latest(admin.app.read(), id).await?.content.title;
            let sentence = format!(
                "Nothing was undone: {reason}. Restoring “{title}” brings it back unpublished, at another path if its \
                 own is taken."
            );
            let restore = FlashAction::new("Restore", format!("{LIST}/{id}/restore"), Action::Publish);
            admin.not_done_with(LIST, sentence, restore).await
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

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/trash/index.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { rows, pages }
    Row { id, title, kind, when, along, versions }
}
