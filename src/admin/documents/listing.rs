//! Which menu lists a page, in a sentence: before it is published for the first time, and after.

use crate::{
    error::Result,
    model::{
        document::{choices::Menu, placement, record::Document, revision::Revision},
        publishing,
    },
    state::app_state::App,
};

/// Where a page that was just published for the first time is listed; empty otherwise.
///
/// # Errors
/// When the database fails.
pub async fn listed(app: &App, document: &Document, revision: &Revision) -> Result<&'static str> {
    if publishing::publications(app.read(), document.id, 2).await?.len() != 1 {
        return Ok("");
    }
    Ok(match place(app, document, revision).await? {
        None => "",
        Some(Place::Nowhere) => " No menu lists it.",
        Some(Place::Foot) => " It is listed at the foot of every page.",
        Some(Place::Main) => " It is listed in the main menu.",
        Some(Place::Section) => " It is listed in the navigation of its section.",
    })
}

/// Where a page that was never published will be listed; empty otherwise.
///
/// # Errors
/// When the database fails.
pub async fn will_be_listed(app: &App, document: &Document, revision: &Revision) -> Result<&'static str> {
    if !publishing::publications(app.read(), document.id, 1).await?.is_empty() {
        return Ok("");
    }
    Ok(match place(app, document, revision).await? {
        None => "",
        Some(Place::Nowhere) => " No menu will list it.",
        Some(Place::Foot) => " It will be listed at the foot of every page.",
        Some(Place::Main) => " It will be listed in the main menu.",
        Some(Place::Section) => " It will be listed in the navigation of its section.",
    })
}

/// The menu that lists a page.
enum Place {
    Nowhere,
    Foot,
    Main,
    Section,
}

/// None for what is in no tree of pages, and for a page in the trash.
async fn place(app: &App, document: &Document, revision: &Revision) -> Result<Option<Place>> {
    let Some(path) = placement::tree_path(app.read(), document).await? else { return Ok(None) };
    Ok(Some(match revision.content.menu {
        Menu::Hidden => Place::Nowhere,
        Menu::Footer => Place::Foot,
        Menu::Main if path.matches('/').count() == 1 => Place::Main,
        Menu::Main => Place::Section,
    }))
}
