//! For monitoring: whether the program answers, and whether it can do its work.

use std::time::Duration;

use axum::{
    Extension,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};

use tokio::{task::spawn_blocking, time::timeout};

use super::readiness;
use crate::{
    doctor::disk::Room,
    error::Error,
    model::{audit_log, mail::list, opening},
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

/// How long it may take to find out what further lines say.
const DETAILS: Duration = Duration::from_secs(3);

/// `GET /readyz`: the site can read and write. The further lines do not change that.
pub(crate) async fn ready(_: ReadinessPath, State(app): State<App>) -> Response {
    match readiness::check(&app).await {
        Ok(()) => {
            let said = timeout(DETAILS, details(&app)).await;
            plain(
                StatusCode::OK,
                &format!("ready\n{}", said.unwrap_or_else(|_| "the rest is not known in time".to_owned())),
            )
        }
        Err(fault) => plain(StatusCode::SERVICE_UNAVAILABLE, fault),
    }
}

/// A line for each thing to watch; without names and exact sizes, as anyone may ask.
async fn details(app: &App) -> String {
    [search_lag(app).await, backup_age(app).await, mail_queue(app).await, disk_room(app).await].join("\n")
}

/// What waits to be sent.
async fn mail_queue(app: &App) -> String {
    let counted =
        async { Ok::<_, Error>((list::queue(app.read()).await?.waiting, list::count_failed(app.read()).await?)) };
    counted.await.map_or_else(
        |_| "it is not known how many e-mails wait".to_owned(),
        |(waiting, failed)| format!("{waiting} e-mails wait to be sent, {failed} were given up"),
    )
}

/// Whether the data directory can take what is written.
async fn disk_room(app: &App) -> String {
    let data = app.config.data.clone();
    let room = spawn_blocking(move || Room::at(&data)).await;
    match room.ok().and_then(Result::ok) {
        Some(room) if room.is_over() => "the disk is nearly full: soon nothing more can be written",
        Some(_) => "the disk has room",
        None => "it is not known how much room the disk has",
    }
    .to_owned()
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
