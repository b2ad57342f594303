//! `GET /api/v1/version`: the number that grows with each change of anything public, so that a program knows whether to ask for more.

use axum::{extract::State, response::Response};
use serde_json::json;

use super::answer;
use crate::{error::Result, render::site_paths::ApiVersionPath, state::app_state::App};

pub(crate) async fn show(_: ApiVersionPath, State(app): State<App>) -> Result<Response> {
    let common = app.nav_cache.site_context(app.read()).await?;
    let value = json!({
        "site_version": app.pages.site_version(),
        "name": common.settings.site_name,
        "language": common.settings.language,
        "url": format!("{}/", app.config.origin()),
    });
    Ok(answer(&value, &[]))
}
