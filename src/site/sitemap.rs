//! `sitemap.xml`: every live page with the day it last changed, also those that no menu lists: a sitemap is for search
//! engines, which find them by links as well. Where there are too many for one file, it is an index of
//! parts, `sitemap-1.xml` and so on.

use std::fmt::Write;

use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::{Uri, header},
    response::{IntoResponse, Response},
};
use jiff::tz::TimeZone;

use super::page::{self, PageQuery};
use crate::{
    error::{Error, Result},
    model::page::public,
    state::app_state::App,
    web::{cache::cached_response::CacheKeyParams, cache_policy::CachePolicy, path::Path},
};

/// Most addresses in one file. The protocol allows 50,000 in 50 MB; with so many, even the longest addresses fit.
const PART: i64 = 10_000;
const SPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

/// `GET /sitemap.xml`
pub async fn show(State(app): State<App>) -> Result<Response> {
    let count = public::count(app.read()).await?;
    if count <= PART {
        return part(&app, 1).await;
    }
    let origin = app.config.origin();
    let mut body = String::new();
    for number in 1..=(count + PART - 1) / PART {
        let _ = writeln!(body, "<sitemap><loc>{origin}/sitemap-{number}.xml</loc></sitemap>");
    }
    Ok(xml("sitemapindex", &body))
}

/// `GET /sitemap-{name}`: one part, or a page whose address begins like one.
pub async fn show_named(
    State(app): State<App>,
    Path(name): Path<String>,
    uri: Uri,
    query: Result<Query<PageQuery>, QueryRejection>,
) -> Result<Response> {
    match name.strip_suffix(".xml").and_then(|number| number.parse().ok()) {
        Some(number) => part(&app, number).await,
        None => page::show(State(app), uri, query).await,
    }
}

/// The part with this number, from 1.
async fn part(app: &App, number: u16) -> Result<Response> {
    let before = PART * (i64::from(number) - 1);
    let after = match before {
        0 => Some(String::new()),
        1.. => public::nth_path(app.read(), before).await?,
        _ => None,
    };
    let addresses = public::paths(app.read(), &after.ok_or(Error::NotFound)?, PART).await?;
    if addresses.is_empty() && number > 1 {
        return Err(Error::NotFound);
    }
    let origin = app.config.origin();
    let mut body = String::new();
    for (path, _, changed) in addresses {
        let day = changed.date(&TimeZone::UTC);
        // An address holds nothing that XML would have to escape.
        let _ = writeln!(body, "<url><loc>{origin}{path}</loc><lastmod>{day}</lastmod></url>");
    }
    Ok(xml("urlset", &body))
}

fn xml(root: &str, body: &str) -> Response {
    let text = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{root} xmlns=\"{SPACE}\">\n{body}</{root}>\n");
    let headers = [(header::CONTENT_TYPE, "application/xml; charset=utf-8")];
    let mut response = (CachePolicy::Revalidate, headers, text).into_response();
    response.extensions_mut().insert(CacheKeyParams(&[]));
    response
}
