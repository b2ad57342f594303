//! What surrounds every public page: the name, the menu, the foot, and the head of the document.

use jiff::tz::TimeZone;
use serde::Serialize;

use super::{machine_view::MachineHead, version_notice::VersionNotice};
use crate::{
    error::Result,
    model::document::choices::Menu,
    state::{app_state::App, page_lists::PageLists},
    text::{email, language, mailto},
    web::path::is_at_or_below,
};

/// What surrounds every public page.
#[derive(Debug, Serialize)]
pub(crate) struct SiteView {
    /// For every time on the page; read once with the rest.
    #[serde(skip)]
    pub(crate) zone: TimeZone,
    name: String,
    tagline: String,
    footer_html: String,
    contact_address: String,
    contact_link: String,
    /// For `lang`.
    language: String,
    /// For `dir`.
    direction: &'static str,
    menu: Vec<NavLink>,
    legal: Vec<NavLink>,
}

#[derive(Debug, Serialize)]
pub(crate) struct NavLink {
    pub(crate) label: String,
    pub(crate) path: String,
    pub(crate) current: bool,
}

#[derive(Debug, Default, Serialize)]
pub(crate) struct PageHead {
    pub(crate) title: String,
    /// The title of the document, before the name of the site: enough to tell it from others in a list of tabs.
    pub(crate) head_title: String,
    pub(crate) description: String,
    pub(crate) canonical: String,
    pub(crate) path: String,
    /// What is said of a preview; empty for visitors.
    pub(crate) preview: String,
    /// Where a preview of the whole site leads back to.
    pub(crate) preview_of: String,
    /// For a published version that is shown at a path of its own.
    pub(crate) notice: Option<VersionNotice>,
    pub(crate) robots: &'static str,
    /// For a page at its own address.
    pub(crate) machines: Option<MachineHead>,
}

impl PageHead {
    /// A page that search engines must not keep.
    #[must_use]
    pub(crate) fn unlisted(title: &str) -> Self {
        Self { title: title.to_owned(), head_title: title.to_owned(), robots: "noindex", ..Self::default() }
    }
}

/// Name, menu and foot of the site, with the entry marked that `path` belongs to.
pub(crate) async fn site(app: &App, path: &str) -> Result<SiteView> {
    site_with(PageLists::live(app), path).await
}

/// The same with the pages of `lists`.
pub(crate) async fn site_with(lists: PageLists<'_>, path: &str) -> Result<SiteView> {
    let common = lists.app.nav_cache.site_context(lists.app.read()).await?;
    let top = lists.top().await?;
    let list = |menu: Menu| {
        let lines = common.menus.visible(menu, &top).into_iter();
        lines
            .map(|line| NavLink { current: is_at_or_below(path, &line.path), label: line.label, path: line.path })
            .collect()
    };
    Ok(SiteView {
        menu: list(Menu::Main),
        legal: list(Menu::Footer),
        zone: common.zone.clone(),
        footer_html: common.footer_html.clone(),
        name: common.settings.site_name.clone(),
        tagline: common.settings.tagline.clone(),
        contact_address: email::display(&common.settings.contact_address),
        contact_link: mailto::address(&common.settings.contact_address),
        direction: language::direction(&common.settings.language),
        language: common.settings.language.clone(),
    })
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    SiteView { zone, name, tagline, footer_html, contact_address, contact_link, language, direction, menu, legal }
    NavLink { label, path, current }
    PageHead { title, head_title, description, canonical, path, preview, preview_of, notice, robots, machines }
}
