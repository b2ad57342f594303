//! What surrounds every public page: the name, the menu, the foot, and the head of the document.

use jiff::tz::TimeZone;
use serde::Serialize;

use super::state::App;
use crate::{
    error::Result,
    model::{page::public, revision::Menu, settings::Settings},
    text::markdown::{self, Place},
};

/// What surrounds every public page.
#[derive(Debug, Serialize)]
pub struct SiteView {
    /// For every time on the page; read once with the rest.
    #[serde(skip)]
    pub(super) zone: TimeZone,
    name: String,
    tagline: String,
    footer_html: String,
    contact_address: String,
    menu: Vec<Link>,
    legal: Vec<Link>,
}

/// A link in a menu.
#[derive(Debug, Serialize)]
pub struct Link {
    pub(super) label: String,
    pub(super) path: String,
    pub(super) current: bool,
}

/// What stands in the head of the document.
#[derive(Debug, Default, Serialize)]
pub struct PageHead {
    pub(super) title: String,
    pub(super) description: String,
    pub(super) canonical: String,
    pub(super) path: String,
    pub(super) preview: bool,
    pub(super) robots: &'static str,
}

impl PageHead {
    /// A page that search engines shall not keep.
    #[must_use]
    pub fn unlisted(title: &str) -> Self {
        Self { title: title.to_owned(), robots: "noindex", ..Self::default() }
    }
}

/// Name, menu and foot of the site, with the entry marked that `path` belongs to.
pub async fn site(app: &App, path: &str) -> Result<SiteView> {
    let settings = Settings::load(app.read()).await?;
    let top = public::children(app.read(), None).await?;
    let list = |menu: Menu| {
        top.iter()
            .filter(|entry| entry.menu == menu)
            .map(|entry| Link {
                label: entry.label().to_owned(),
                path: entry.path.clone(),
                current: path == entry.path || path.starts_with(&format!("{}/", entry.path)),
            })
            .collect()
    };
    Ok(SiteView {
        zone: settings.zone(),
        menu: list(Menu::Main),
        legal: list(Menu::Footer),
        footer_html: markdown::render(&settings.footer, Place::Part("foot")).html,
        name: settings.site_name,
        tagline: settings.tagline,
        contact_address: settings.contact_address,
    })
}
