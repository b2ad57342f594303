//! Buttons and sentences after a document was unpublished or moved to the trash.

use crate::{
    admin::{
        paths::RepublishPath,
        shared::{admin_context::AdminContext, flash::FlashAction},
    },
    error::Result,
    model::{
        document::record::Document,
        policy::Action,
        republishing::{self, FormerlyLive},
    },
    text::count::pluralise,
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

/// What can be done about something that visitors do not see any more.
#[derive(Default)]
pub(crate) struct Again {
    /// The button that publishes again what visitors saw until it was unpublished.
    pub(crate) button: Option<FlashAction>,
    /// Why there is no such button although there is something to show again, after a space; or empty.
    pub(crate) obstacle: String,
}

/// Whether what visitors saw can be published again; neither when there is nothing to show again, it is in the trash, or the
/// user may not.
pub(crate) async fn again(admin: &AdminContext, document: &Document) -> Result<Again> {
    if document.trashed_at.is_some() || !admin.may(Action::Publish) {
        return Ok(Again::default());
    }
    let former = republishing::list_formerly_live(admin.app.read(), document).await?;
    if former.is_empty() {
        return Ok(Again::default());
    }
    let Some(obstacle) = republishing::find_obstacle(admin.app.read(), &admin.app.rules, &former).await? else {
        return Ok(Again { button: Some(button(document, &former)), obstacle: String::new() });
    };
    let what = match &former[..] {
        [one] if one.id == document.id => format!("Version {}", one.version),
        _ => "What was live".to_owned(),
    };
    Ok(Again { button: None, obstacle: format!(" {what} cannot be published again as it was. {obstacle}") })
}

fn button(document: &Document, former: &[FormerlyLive]) -> FlashAction {
    let itself = former.first().is_some_and(|first| first.id == document.id);
    let below = former.len() - usize::from(itself);
    let version = former.first().map_or(0, |first| first.version);
    let label = match (itself, below) {
        (_, 0) => format!("Publish version {version} again"),
        (true, 1) => format!("Publish version {version} again with the page that was live"),
        (true, below) => format!("Publish version {version} again with the {below} pages that were live"),
        (false, 1) => "Publish the page below that was live".to_owned(),
        (false, below) => format!("Publish the {below} pages below that were live"),
    };
    let button = FlashAction::new(label, RepublishPath { id: document.id }.to_string(), Action::Publish);
    former.iter().fold(button, |button, one| button.field("revision", &one.seen()))
}
