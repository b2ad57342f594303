//! The response for a missing page, with the pages that resemble what was asked for.

use axum::{
    Extension,
    response::{IntoResponse, Response},
};

use crate::{
    error::{Error, Result},
    model::page::public::NavPage,
    render::{
        error_page::{Near, NearMatches},
        navigation::is_at_or_above,
    },
    state::app_state::App,
};

/// How many near matches a missing page offers.
const NEAR: usize = 5;
/// How many paths are compared for near matches.
const COMPARED: usize = 300;
/// How similar a path must be.
const ALIKE: f64 = 0.6;

/// The response for `path`.
/// `NotFound` when near matches cannot be found.
pub(crate) async fn show(app: &App, path: &str) -> Result<Response> {
    match page(app, path).await {
        Ok(response) => Ok(response),
        Err(error) => {
            app.fault_log.tell("near matches could not be found", error);
            Err(Error::NotFound)
        }
    }
}

async fn page(app: &App, path: &str) -> Result<Response> {
    Ok((Extension(NearMatches(near(app, path).await?)), Error::NotFound).into_response())
}

/// Pages that resemble what was asked for: those whose path is nearly the same, for typing errors, then those that
/// mention it.
async fn near(app: &App, path: &str) -> Result<Vec<Near>> {
    let mut near = near_path(app, path).await?;
    let about = match app.search.near(app.read(), path, NEAR).await {
        Ok(found) => found.unwrap_or_default(),
        Err(Error::Busy(_)) => Vec::new(),
        Err(other) => return Err(other),
    };
    for shown in about {
        if near.len() < NEAR && near.iter().all(|known| known.path != shown.path) {
            near.push(Near { title: shown.title, number: shown.number, path: shown.path, trail: shown.trail });
        }
    }
    Ok(near)
}

/// The most similar first, from two levels below the deepest existing page on the path. Those lists are kept in memory,
/// so that dead links do not keep the portal busy.
async fn near_path(app: &App, path: &str) -> Result<Vec<Near>> {
    let wanted = path.trim_matches('/').to_lowercase();
    let last = wanted.rsplit('/').next().unwrap_or_default();
    if wanted.is_empty() || wanted.len() > 200 {
        return Ok(Vec::new());
    }
    let mut found: Vec<(f64, NavPage)> = Vec::new();
    for entry in candidates(app, path).await? {
        let slug = entry.path.rsplit('/').next().unwrap_or_default();
        let alike = alike(&wanted, entry.path.trim_matches('/')).max(alike(last, slug) * 0.95);
        if alike >= ALIKE {
            found.push((alike, entry));
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.truncate(NEAR);
    let mut near = Vec::with_capacity(found.len());
    for (_, NavPage { title, clause_number, path, .. }) in found {
        let trail = trail(app, &path).await?;
        near.push(Near { title: title.into(), number: clause_number.into(), path: path.into(), trail });
    }
    Ok(near)
}

/// The labels of the pages above a path.
async fn trail(app: &App, path: &str) -> Result<Vec<String>> {
    let mut trail = Vec::new();
    let mut list = app.nav_cache.children(app.read(), None).await?;
    while let Some(next) = list.iter().find(|entry| is_at_or_above(entry, path)).cloned() {
        list = app.nav_cache.children_of(app.read(), &next).await?;
        trail.push(next.label().to_owned());
    }
    Ok(trail)
}

async fn candidates(app: &App, path: &str) -> Result<Vec<NavPage>> {
    let mut list = app.nav_cache.children(app.read(), None).await?;
    while let Some(next) = list.iter().find(|entry| is_at_or_above(entry, path)).cloned() {
        list = app.nav_cache.children_of(app.read(), &next).await?;
    }
    let mut all = list.to_vec();
    for entry in list.iter() {
        if all.len() >= COMPARED {
            break;
        }
        all.extend(app.nav_cache.children_of(app.read(), entry).await?.iter().cloned());
    }
    all.truncate(COMPARED);
    Ok(all)
}

/// 1 for the same, 0 for nothing in common.
fn alike(one: &str, other: &str) -> f64 {
    let (shorter, longer) = (one.len().min(other.len()), one.len().max(other.len()));
    // Most pairs differ so much in length that they cannot be similar enough.
    #[expect(clippy::cast_precision_loss, reason = "lengths of paths")]
    let part = |length: usize| length as f64 / longer.max(1) as f64;
    if part(shorter) < ALIKE { 0.0 } else { 1.0 - part(strsim::osa_distance(one, other)) }
}
