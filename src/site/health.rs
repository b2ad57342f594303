//! For monitoring: whether the program answers, and whether it can do its work.

use axum::{
    Extension,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};

use super::readiness;
use crate::{
    model::{audit_log, opening},
    render::site_paths::{HealthPath, ReadinessPath},
    search::index_kind::IndexKind,
    state::app_state::App,
    web::error_info::Complete,
};

/// `GET /healthz`: the program answers. Touches no disk, so that a failing storage does not get the program restarted,
/// which would not help.
pub(crate) async fn alive(_: HealthPath) -> Response {
    plain(StatusCode::OK, "alive")
}

/// `GET /readyz`: the site can read and write.
pub(crate) async fn ready(_: ReadinessPath, State(app): State<App>) -> Response {
    match readiness::check(&app).await {
        Ok(()) => plain(StatusCode::OK, &format!("ready\n{}\n{}", search_lag(&app).await, backup_age(&app).await)),
        Err(fault) => plain(StatusCode::SERVICE_UNAVAILABLE, fault),
    }
}

/// How far the search index of this process is behind; each node has its own.
async fn search_lag(app: &App) -> String {
    let newest = audit_log::head(app.read()).await.ok().flatten().map_or(0, |head| head.id);
    app.search.snapshot(IndexKind::Public).map_or_else(
        || "the search index is being made".to_owned(),
        |index| format!("the search index is {} entries of the audit log behind", (newest - index.followed).max(0)),
    )
}

/// How old the newest backup is that the site knows of.
async fn backup_age(app: &App) -> String {
    match opening::load(app.read()).await.map(|state| state.last_backup()) {
        Ok(Some(at)) => format!("the newest backup is {} minutes old", (app.now().0 - at.0).max(0) / 60_000),
        Ok(None) => "no backup is known".to_owned(),
        Err(_) => "it is not known how old the newest backup is".to_owned(),
    }
}

fn plain(status: StatusCode, text: &str) -> Response {
    (status, Extension(Complete), format!("{text}\n")).into_response()
}
