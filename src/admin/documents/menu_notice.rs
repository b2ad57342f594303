//! Which menu lists a page, in a sentence: before it is published for the first time, and after; and all places at which
//! visitors find a document.

use crate::{
    error::{Error, Result},
    model::{
        checks::TextAddress,
        document::{
            choices::Menu,
            placement,
            record::Document,
            revision::{self, Revision},
        },
        faq::category,
        publishing,
    },
    state::app_state::App,
    text::isolate::isolate,
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

/// Where visitors will find a document once it is published with this content, each in some words.
pub(crate) async fn list_places(app: &App, document: &Document, revision: &Revision) -> Result<Vec<String>> {
    let content = &revision.content;
    let path = TextAddress::of(app.read(), &app.rules, document, content).await?.path;
    let Some(listed) = listed_in(app, document, revision).await? else {
        let category = Error::optional(category::get(app.read(), content.category_id.unwrap_or(0)).await)?;
        let category = category.map_or_else(String::new, |category| format!(", under {}", isolate(&category.title)));
        return Ok(vec![format!("On its page, at {path}#{}{category}", content.slug), "In the search".to_owned()]);
    };
    let menu = match listed {
        ListedIn::Nothing => "In no menu".to_owned(),
        ListedIn::Footer => "At the foot of every page".to_owned(),
        ListedIn::MainMenu => "In the main menu".to_owned(),
        ListedIn::Section => match placement::parent(app.read(), document).await? {
            Some(parent) => {
                let title = revision::latest(app.read(), parent.id).await?.content.title;
                format!("In the navigation of the section {}", isolate(&title))
            }
            None => "In the navigation of its section".to_owned(),
        },
    };
    Ok(vec![format!("At {path}"), menu, "In the search and in the site map, which search engines read".to_owned()])
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
