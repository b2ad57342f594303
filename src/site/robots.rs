//! `robots.txt`: everything public may be read, the admin area not.

use axum::{extract::State, http::header, response::IntoResponse};

use crate::{
    render::site_paths::{RobotsPath, SitemapPath},
    state::app_state::App,
    web::cache_policy::CachePolicy,
};

pub(crate) async fn show(_: RobotsPath, State(app): State<App>) -> impl IntoResponse {
    // A rule covers every address that begins with it, `/administration` too, unless its end is marked.
    let origin = app.config.origin();
    let text = format!("User-agent: *\nDisallow: /admin$\nDisallow: /admin/\n\nSitemap: {origin}{SitemapPath}\n");
    (CachePolicy::Hour, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text)
}
