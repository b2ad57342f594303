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
pub(crate) async fn describe_listing(app: &App, document: &Document, revision: &Revision) -> Result<&'static str> {
    if publishing::publications(app.read(), document.id, 2).await?.len() != 1 {
        return Ok("");
    }
    Ok(match listed_in(app, document, revision).await? {
        None => "",
        Some(ListedIn::Nothing) => " No menu lists it.",
        Some(ListedIn::Footer) => " It is listed at the foot of every page.",
        Some(ListedIn::MainMenu) => " It is listed in the main menu.",
        Some(ListedIn::Section) => " It is listed in the navigation of its section.",
    })
}

/// Where a page that was never published will be listed; empty otherwise.
pub(crate) async fn announce_listing(app: &App, document: &Document, revision: &Revision) -> Result<&'static str> {
    if !publishing::publications(app.read(), document.id, 1).await?.is_empty() {
        return Ok("");
    }
    Ok(match listed_in(app, document, revision).await? {
        None => "",
        Some(ListedIn::Nothing) => " No menu will list it.",
        Some(ListedIn::Footer) => " It will be listed at the foot of every page.",
        Some(ListedIn::MainMenu) => " It will be listed in the main menu.",
        Some(ListedIn::Section) => " It will be listed in the navigation of its section.",
    })
}

/// The menu that lists a page.
enum ListedIn {
    Nothing,
    Footer,
    MainMenu,
    Section,
}

/// None for what is in no tree of pages, and for a page in the trash.
async fn listed_in(app: &App, document: &Document, revision: &Revision) -> Result<Option<ListedIn>> {
    let Some(path) = placement::tree_path(app.read(), document).await? else { return Ok(None) };
    Ok(Some(match revision.content.menu {
        Menu::Hidden => ListedIn::Nothing,
        Menu::Footer => ListedIn::Footer,
        Menu::Main if path.matches('/').count() == 1 => ListedIn::MainMenu,
        Menu::Main => ListedIn::Section,
    }))
}
