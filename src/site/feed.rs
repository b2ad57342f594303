//! Atom feeds (RFC 4287) of the site and of each page with what is below it: every live document once, what was published last
//! first. An entry keeps its id when its document moves.

use std::cmp::Reverse;

use axum::{
    Extension,
    extract::State,
    http::header,
    response::{Html, IntoResponse, Response},
};
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::{
    error::Result,
    model::{
        document::content::numbered,
        page::{path::HOME, public::LivePage},
        public_list,
        recent_change::{self, RecentChange},
    },
    render::{
        page_file::PageFile,
        site_paths::{FeedPath, TouchIconPath},
    },
    state::app_state::App,
    text::{markdown, xml},
    web::{cache::key_params::CacheKeyParams, cache_policy::CachePolicy},
};

const NAMESPACE: &str = "http://www.w3.org/2005/Atom";
/// How many entries a feed has.
const ENTRIES: usize = 50;
/// Most characters of a summary.
const SUMMARY: usize = 300;

#[derive(Serialize)]
struct FeedView {
    namespace: &'static str,
    language: String,
    id: String,
    title: String,
    subtitle: String,
    updated: String,
    /// Of the feed itself.
    own: String,
    page: String,
    author: String,
    icon: String,
    entries: Vec<EntryView>,
}

#[derive(Serialize)]
struct EntryView {
    id: String,
    title: String,
    address: String,
    published: String,
    updated: String,
    summary: String,
}

/// `GET /feed.xml`: of the whole site.
pub(crate) async fn show(_: FeedPath, State(app): State<App>) -> Result<Response> {
    let changes = recent_change::of_site(app.read(), limit()).await?;
    let own = format!("{}{FeedPath}", app.config.origin());
    let subject = FeedSubject { id: own.clone(), own, title: None, path: HOME, summary: None };
    render(&app, subject, &changes).await
}

/// Of a page and what is below it, with the items of these pages.
pub(super) async fn of_page(app: &App, page: &LivePage) -> Result<Response> {
    let mut changes = recent_change::at_and_below(app.read(), &page.path, limit()).await?;
    changes.extend(recent_change::of_items_below(app.read(), &page.path).await?);
    changes.sort_by_key(|change| Reverse((change.published_at, change.publication_id)));
    changes.truncate(ENTRIES);
    let content = &page.revision.content;
    let own = public_list::page_at(app.read(), &page.path).await?;
    let address = format!("{}{}", app.config.origin(), PageFile::Feed.of(&page.path));
    let id = own.map_or_else(|| address.clone(), |own| format!("{}/feed", document_id(app, &own)));
    let subject = FeedSubject {
        id,
        own: address,
        title: Some(content.label()),
        path: &page.path,
        summary: Some(&content.summary),
    };
    render(app, subject, &changes).await
}

fn limit() -> i64 {
    i64::try_from(ENTRIES).unwrap_or(i64::MAX)
}

/// What a feed is about.
struct FeedSubject<'a> {
    id: String,
    /// Address of the feed.
    own: String,
    /// None for the whole site.
    title: Option<&'a str>,
    path: &'a str,
    summary: Option<&'a str>,
}

async fn render(app: &App, subject: FeedSubject<'_>, changes: &[RecentChange]) -> Result<Response> {
    let common = app.nav_cache.site_context(app.read()).await?;
    let (settings, origin) = (&common.settings, app.config.origin());
    let updated = changes.iter().map(|change| change.published_at).max().unwrap_or_default();
    let entry = |change: &RecentChange| entry(app, change);
    let entries = app.rendering.run(ENTRIES * SUMMARY, || changes.iter().filter_map(entry).collect()).await?;
    let title =
        subject.title.map_or_else(|| settings.site_name.clone(), |title| format!("{title} – {}", settings.site_name));
    let view = FeedView {
        namespace: NAMESPACE,
        language: settings.language.clone(),
        id: subject.id,
        title: xml::allowed(&title),
        subtitle: xml::allowed(subject.summary.unwrap_or(&settings.tagline)),
        updated: updated.iso(),
        own: subject.own,
        page: format!("{origin}{}", subject.path),
        author: xml::allowed(&settings.site_name),
        icon: format!("{origin}{TouchIconPath}"),
        entries,
    };
    let Html(text) = app.templates.render("site/feed.xml", &view)?;
    let headers = [(header::CONTENT_TYPE, "application/atom+xml; charset=utf-8")];
    Ok((CachePolicy::Page, Extension(CacheKeyParams(&[])), headers, text).into_response())
}

/// None for an item while no page shows it.
fn entry(app: &App, change: &RecentChange) -> Option<EntryView> {
    let path = change.address()?;
    let summary = [&change.note, &change.summary].into_iter().find(|text| !text.is_empty());
    let summary = summary.cloned().unwrap_or_else(|| markdown::plain(&change.beginning, SUMMARY));
    Some(EntryView {
        id: document_id(app, change),
        title: xml::allowed(&numbered(&change.title, &change.clause_number)),
        address: format!("{}{path}", app.config.origin()),
        published: change.first_published_at.iso(),
        updated: change.published_at.iso(),
        summary: xml::allowed(&summary),
    })
}

/// A tag (RFC 4151): who had the host's name on the day when the document was made says which document this is.
fn document_id(app: &App, change: &RecentChange) -> String {
    let day = change.created_at.date(&TimeZone::UTC);
    let host: String = app.config.host().chars().map(|c| if is_of_name(c) { c } else { '-' }).collect();
    format!("tag:{host},{day}:document/{}", change.document_id)
}

const fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '-')
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("site/feed.xml", crate::state::template_samples::view::<FeedView>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    FeedView { namespace, language, id, title, subtitle, updated, own, page, author, icon, entries }
    EntryView { id, title, address, published, updated, summary }
}
