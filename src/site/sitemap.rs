//! `sitemap.xml`: every live page with the day it last changed, also those that no menu lists: a sitemap is for search
//! engines, which find them by links as well. Where there are too many for one file, it is an index of
//! parts, `sitemap-1.xml` and so on.

use axum::{
    Extension,
    extract::{Query, State, rejection::QueryRejection},
    http::{Uri, header},
    response::{Html, IntoResponse, Response},
};
use jiff::tz::TimeZone;
use serde::Serialize;

use super::{
    methods,
    page::{self, PageQuery},
};
use crate::{
    error::{Error, Result},
    model::page::public::{self, ListedPage},
    render::site_paths::{SitemapPartPath, SitemapPath},
    state::app_state::App,
    web::{cache::key_params::CacheKeyParams, cache_policy::CachePolicy},
};

/// Most paths in one file. The protocol allows 50,000 in 50 MB; with so many, even the longest paths fit.
const PART: i64 = 10_000;
const NAMESPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

#[derive(Serialize)]
struct SitemapView {
    origin: String,
    namespace: &'static str,
    parts: Vec<i64>,
    pages: Vec<PageView>,
}

#[derive(Serialize)]
struct PageView {
    path: String,
    day: String,
}

pub(crate) async fn show(_: SitemapPath, State(app): State<App>) -> Result<Response> {
    let count = public::count(app.read()).await?;
    if count <= PART {
        return part(&app, 1).await;
    }
    render(&app, (1..=(count + PART - 1) / PART).collect(), Vec::new())
}

/// `GET /sitemap-{name}`: one part, or a page whose path begins like one.
pub(crate) async fn show_named(
    path: SitemapPartPath,
    State(app): State<App>,
    uri: Uri,
    query: Result<Query<PageQuery>, QueryRejection>,
) -> Result<Response> {
    match part_number(&path.name) {
        Some(number) => part(&app, number).await,
        None => page::show(path, State(app), uri, query).await,
    }
}

fn part_number(name: &str) -> Option<u16> {
    name.strip_suffix(".xml")?.parse().ok()
}

/// Any other method than GET and HEAD, for a part or for a page whose path begins like one.
/// `NotFound` or `Gone` when there is neither.
pub(crate) async fn other(
    SitemapPartPath { name }: SitemapPartPath,
    State(app): State<App>,
    uri: Uri,
) -> Result<Response> {
    if has_part(&app, &name).await? {
        return Ok(methods::allow(methods::READ));
    }
    methods::other(State(app), uri).await
}

async fn has_part(app: &App, name: &str) -> Result<bool> {
    let Some(number) = part_number(name) else { return Ok(false) };
    let before = PART * (i64::from(number) - 1);
    Ok(before == 0 || (before > 0 && before < public::count(app.read()).await?))
}

/// The part with this number, from 1.
async fn part(app: &App, number: u16) -> Result<Response> {
    let before = PART * (i64::from(number) - 1);
    let after = match before {
        0 => Some(String::new()),
        1.. => public::nth_path(app.read(), before).await?,
        _ => None,
    };
    let listed = public::list_all(app.read(), &after.ok_or(Error::NotFound)?, PART).await?;
    if listed.is_empty() && number > 1 {
        return Err(Error::NotFound);
    }
    let page = |one: ListedPage| PageView { path: one.path, day: one.published_at.date(&TimeZone::UTC).to_string() };
    render(app, Vec::new(), listed.into_iter().map(page).collect())
}

fn render(app: &App, parts: Vec<i64>, pages: Vec<PageView>) -> Result<Response> {
    let view = SitemapView { origin: app.config.origin(), namespace: NAMESPACE, parts, pages };
    let Html(text) = app.templates.render("site/sitemap.xml", &view)?;
    let headers = [(header::CONTENT_TYPE, "application/xml; charset=utf-8")];
    Ok((CachePolicy::Revalidate, Extension(CacheKeyParams(&[])), headers, text).into_response())
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("site/sitemap.xml", crate::state::template_samples::view::<SitemapView>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    SitemapView { origin, namespace, parts, pages }
    PageView { path, day }
}
