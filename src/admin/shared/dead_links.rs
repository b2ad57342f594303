//! Links of live texts that lead to no live page, for the dashboard and the list of them. Parts of pages are not looked at,
//! and other sites count as working.

use axum_extra::routing::TypedPath;

use super::admin_context::AdminContext;
use crate::{
    admin::paths::DashboardPath,
    error::Result,
    model::link::dead::{self, DeadLink},
    render::site_paths,
    web::{assets, path::is_at_or_below},
};

/// Most links that are counted and listed.
const MOST: i64 = 500;

/// By the documents that they are in.
pub(crate) async fn list(admin: &AdminContext) -> Result<Vec<DeadLink>> {
    let mut links = dead::to_no_page(admin.app.read(), &admin.app.config.origin(), MOST).await?;
    links.retain(|link| !is_answered(&link.path));
    Ok(links)
}

pub(crate) async fn count(admin: &AdminContext) -> Result<i64> {
    let (site_version, known) = admin.app.dead_links.get();
    if let Some(count) = known {
        return Ok(count);
    }
    let count = i64::try_from(list(admin).await?.len()).unwrap_or(i64::MAX);
    admin.app.dead_links.keep(site_version, count);
    Ok(count)
}

/// Whether the program answers at a path itself.
fn is_answered(path: &str) -> bool {
    site_paths::is_own(path) || is_at_or_below(path, DashboardPath::PATH) || assets::exists(path)
}
