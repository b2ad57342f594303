//! Where in the admin area a document is found, whatever its kind, and what is offered beside it.

use axum::response::Response;

use crate::{
    admin::shared::{admin_context::AdminContext, flash::FlashAction},
    error::Result,
    model::{
        document::{self, DocumentKind},
        publishing::{self, FormerlyLive},
        revision,
    },
    text::{count::counted, time::Timestamp},
};

/// Address of the screen that edits it.
#[must_use]
pub fn edit_screen(kind: DocumentKind, id: i64) -> String {
    match kind {
        DocumentKind::Page => format!("/admin/pages/{id}"),
        DocumentKind::FaqItem => format!("/admin/faq/{id}"),
    }
}

/// Address of the list of its versions.
#[must_use]
pub fn versions(id: i64) -> String {
    format!("/admin/documents/{id}/revisions")
}

/// Address of the screen of one version.
#[must_use]
pub fn version(id: i64, version: i64) -> String {
    format!("{}/{version}", versions(id))
}

/// Address of the list of all of its kind.
#[must_use]
pub const fn list(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Page => "/admin/pages",
        DocumentKind::FaqItem => "/admin/faq",
    }
}

/// Address of the screen that tells what publishing it would make public.
#[must_use]
pub fn publication(id: i64) -> String {
    format!("/admin/documents/{id}/publication")
}

/// The answer to what is asked of a document that is in the trash already, such as moving it there once more: it leads
/// where the first request did.
///
/// # Errors
/// When the database fails.
pub async fn redirect_trashed(admin: &AdminContext, kind: DocumentKind, id: i64) -> Result<Option<Response>> {
    let document = document::find(admin.app.read(), id).await?;
    if !document.is_some_and(|found| found.kind == kind && found.trashed_at.is_some()) {
        return Ok(None);
    }
    let title = title(admin, id).await?;
    admin.done("/admin/trash", format!("“{title}” is in the trash.")).await.map(Some)
}

/// The title of its newest version.
///
/// # Errors
/// When the database fails.
pub async fn title(admin: &AdminContext, id: i64) -> Result<String> {
    Ok(revision::latest(admin.app.read(), id).await?.map(|newest| newest.content.title).unwrap_or_default())
}

/// What follows the title of a page when `all` pages are meant: ` and the 3 pages below it`.
#[must_use]
pub fn with_below(all: usize) -> String {
    match all {
        0 | 1 => String::new(),
        2 => " and the page below it".to_owned(),
        more => format!(" and the {} below it", counted(more - 1, "page", "pages")),
    }
}

/// The button that takes back moving it to the trash at `trashed_at`.
#[must_use]
pub fn undo_trash(id: i64, trashed_at: Timestamp) -> FlashAction {
    FlashAction::new("Undo", format!("/admin/trash/{id}/undo")).field("trashed_at", &trashed_at.0)
}

/// The button that publishes again what visitors saw until it was unpublished; none when there is nothing such.
///
/// # Errors
/// When the database fails.
pub async fn again(admin: &AdminContext, id: i64) -> Result<Option<FlashAction>> {
    let former = publishing::list_formerly_live(admin.app.read(), id).await?;
    let itself = former.first().is_some_and(|first| first.id == id);
    let below = former.len() - usize::from(itself);
    let label = match (itself, below) {
        (false, 0) => return Ok(None),
        (true, 0) => "Publish again".to_owned(),
        (true, 1) => "Publish again with the page that was live".to_owned(),
        (true, below) => format!("Publish again with the {below} pages that were live"),
        (false, 1) => "Publish the page below that was live".to_owned(),
        (false, below) => format!("Publish the {below} pages below that were live"),
    };
    let button = FlashAction::new(label, format!("/admin/documents/{id}/republish"));
    let shown =
        |button: FlashAction, one: &FormerlyLive| button.field("revision", &format!("{}-{}", one.id, one.version));
    Ok(Some(former.iter().fold(button, shown)))
}
