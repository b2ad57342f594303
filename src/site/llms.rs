//! `llms.txt`: what the site is about and where the sources of its pages are, for language models. In the order of the menus, and
//! bounded: who wants all pages reads the site map.

use std::fmt::Write;

use axum::{
    Extension,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};

use crate::{
    error::Result,
    model::{
        document::choices::Menu,
        page::public::{self, NavPage},
    },
    render::{
        markdown_source::{write_link, write_list},
        navigation,
        page_file::PageFile,
        site_paths::{FeedPath, LlmsPath, SitemapPath},
    },
    state::{app_state::App, page_lists::PageLists},
    text::markdown_words::escape,
    web::{cache::key_params::CacheKeyParams, cache_policy::CachePolicy},
};

/// How many levels of pages are listed, and of a large site.
const DEPTH: usize = 5;
const LARGE_DEPTH: usize = 2;
/// From so many pages on, a site is large.
const LARGE: i64 = 1000;
/// From so many bytes on, no further section is listed.
const ENOUGH: usize = 400_000;

pub(crate) async fn show(_: LlmsPath, State(app): State<App>) -> Result<Response> {
    let common = app.nav_cache.site_context(app.read()).await?;
    let (settings, origin) = (&common.settings, app.config.origin());
    let mut text = format!("# {}\n\n", escape(&settings.site_name));
    if !settings.tagline.is_empty() {
        // Writing into a text never fails.
        let _ = write!(text, "> {}\n\n", escape(&settings.tagline));
    }
    let _ = writeln!(
        text,
        "Every page is Markdown too, at its path with .md behind it; the front page is {origin}{}. \
         All pages: {origin}{SitemapPath}. What changed last: {origin}{FeedPath}.",
        PageFile::Markdown.of("/")
    );
    let sections = sections(&app, &origin).await?;
    let headers = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    Ok((CachePolicy::Page, Extension(CacheKeyParams(&[])), headers, text + &sections).into_response())
}

/// A section for each uppermost page with others below it, then those without, and what is at the foot of every page as optional.
async fn sections(app: &App, origin: &str) -> Result<String> {
    let lists = PageLists::live(app);
    let depth = if public::count(app.read()).await? < LARGE { DEPTH } else { LARGE_DEPTH };
    let (mut sections, mut single, mut optional) = (String::new(), String::new(), String::new());
    for page in lists.top().await?.iter().filter(|page| page.menu != Menu::Hidden) {
        let list = if page.menu == Menu::Footer { &mut optional } else { &mut single };
        if !page.has_children {
            write_page(app, list, page, origin).await?;
        } else if sections.len() < ENOUGH {
            let mut list = String::new();
            write_page(app, &mut list, page, origin).await?;
            write_list(&mut list, &navigation::children(lists, (page.id, &page.path), depth - 1).await?, origin, 0);
            let _ = write!(sections, "\n## {}\n\n{list}", escape(page.label()));
        }
    }
    for (heading, list) in [("More", single), ("Optional", optional)] {
        if !list.is_empty() {
            let _ = write!(sections, "\n## {heading}\n\n{list}");
        }
    }
    Ok(sections)
}

async fn write_page(app: &App, list: &mut String, page: &NavPage, origin: &str) -> Result<()> {
    let live = public::find(app.read(), page.id).await?;
    let summary = live.map(|live| live.revision.content.summary).unwrap_or_default();
    write_link(list, (&page.title, &summary), &format!("{origin}{}", PageFile::Markdown.of(&page.path)));
    Ok(())
}
