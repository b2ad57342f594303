//! What browsers and systems show the site by: its icons at the paths where they look for them, and its manifest.

use axum::{
    Extension,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::{
    error::Result,
    model::page::path::HOME,
    render::site_paths::{FaviconPath, ManifestPath, TouchIconPath},
    state::app_state::App,
    text::language,
    web::{assets, cache::key_params::CacheKeyParams, cache_policy::CachePolicy},
};

/// The ground of the icon, and of the pages.
const THEME: &str = "#0c454d";
const BACKGROUND: &str = "#fbf8f1";

pub(crate) async fn favicon(_: FaviconPath) -> Response {
    assets::at_fixed_path("favicon.ico")
}

pub(crate) async fn touch_icon(_: TouchIconPath) -> Response {
    assets::at_fixed_path("apple-touch-icon.png")
}

/// `GET /site.webmanifest`. The site is used in a browser, so it asks for no window of its own.
pub(crate) async fn manifest(_: ManifestPath, State(app): State<App>) -> Result<Response> {
    let common = app.nav_cache.site_context(app.read()).await?;
    let settings = &common.settings;
    let manifest = json!({
        "name": settings.site_name,
        "description": settings.tagline,
        "lang": settings.language,
        "dir": language::direction(&settings.language),
        "id": HOME,
        "start_url": HOME,
        "scope": HOME,
        "display": "browser",
        "theme_color": THEME,
        "background_color": BACKGROUND,
        "icons": [
            { "src": assets::path("icon.svg"), "sizes": "any", "type": "image/svg+xml" },
            { "src": TouchIconPath.to_string(), "sizes": "180x180", "type": "image/png" },
        ],
    });
    let headers = [(header::CONTENT_TYPE, "application/manifest+json")];
    Ok((CachePolicy::Page, Extension(CacheKeyParams(&[])), headers, manifest.to_string()).into_response())
}
