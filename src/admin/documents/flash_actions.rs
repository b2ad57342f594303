//! Buttons and sentences after a document was unpublished or moved to the trash.

use crate::{
    admin::{
        paths::{RepublishPath, UndoTrashPath},
        shared::{admin_context::AdminContext, flash::FlashAction},
    },
    error::Result,
    model::{
        document::record::Document,
        policy::Action,
        republishing::{self, FormerlyLive},
    },
    text::{count::pluralise, time::Timestamp},
};

/// What follows the title of a page when `all` pages are meant: ` and the 3 pages below it`.
#[must_use]
pub(crate) fn with_below(all: usize) -> String {
    match all {
        0 | 1 => String::new(),
        2 => " and the page below it".to_owned(),
        more => format!(" and the {} below it", pluralise(more - 1, "page", "pages")),
    }
}

/// The button that undoes moving it to the trash at `trashed_at`.
#[must_use]
pub(crate) fn undo_trash(id: i64, trashed_at: Timestamp) -> FlashAction {
    FlashAction::new("Undo", UndoTrashPath { id }.to_string(), Action::Publish).field("trashed_at", &trashed_at.0)
}

/// The button that publishes again what visitors saw until it was unpublished; none when there is nothing to
/// show again, or the user may not.
pub(crate) async fn again(admin: &AdminContext, document: &Document) -> Result<Option<FlashAction>> {
    if !admin.may(Action::Publish) {
        return Ok(None);
    }
    let former = republishing::list_formerly_live(admin.app.read(), document).await?;
    let itself = former.first().is_some_and(|first| first.id == document.id);
    let below = former.len() - usize::from(itself);
    let version = former.first().map_or(0, |first| first.version);
    let label = match (itself, below) {
        (false, 0) => return Ok(None),
        (true, 0) => format!("Publish version {version} again"),
        (true, 1) => format!("Publish version {version} again with the page that was live"),
        (true, below) => format!("Publish version {version} again with the {below} pages that were live"),
        (false, 1) => "Publish the page below that was live".to_owned(),
        (false, below) => format!("Publish the {below} pages below that were live"),
    };
    let button = FlashAction::new(label, RepublishPath { id: document.id }.to_string(), Action::Publish);
    let shown =
        |button: FlashAction, one: &FormerlyLive| button.field("revision", &format!("{}-{}", one.id, one.version));
    Ok(Some(former.iter().fold(button, shown)))
}
