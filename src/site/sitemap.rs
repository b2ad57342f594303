//! `sitemap.xml`: every live page with the day it last changed.

use std::fmt::Write;

use axum::{extract::State, http::header, response::IntoResponse};
use jiff::tz::TimeZone;

use crate::{error::Result, face::state::App, model::page::public};

/// Most addresses that one site map may hold.
const LIMIT: i64 = 50_000;

/// `GET /sitemap.xml`
pub async fn show(State(app): State<App>) -> Result<impl IntoResponse> {
    let origin = app.config.origin();
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for (path, _, changed) in public::addresses(app.read(), "", LIMIT).await? {
        // An address holds nothing that XML would have to escape.
        let _ =
            writeln!(xml, "<url><loc>{origin}{path}</loc><lastmod>{}</lastmod></url>", changed.date(&TimeZone::UTC));
    }
    xml.push_str("</urlset>\n");
    Ok(([(header::CONTENT_TYPE, "application/xml; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")], xml))
}
