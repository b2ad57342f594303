//! For monitoring: whether the program answers, and whether it can do its work.

use axum::{
    Extension,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};

use super::readiness;
use crate::{state::app_state::App, web::error_info::Complete};

/// `GET /healthz`: the program answers. Touches no disk, so that a failing storage does not get the program restarted,
/// which would not help.
pub(crate) async fn alive() -> Response {
    plain(StatusCode::OK, "alive")
}

/// `GET /readyz`: the site can read and write.
pub(crate) async fn ready(State(app): State<App>) -> Response {
    match readiness::check(&app).await {
        Ok(()) => plain(StatusCode::OK, "ready"),
        Err(fault) => plain(StatusCode::SERVICE_UNAVAILABLE, fault),
    }
}

fn plain(status: StatusCode, text: &str) -> Response {
    (status, Extension(Complete), format!("{text}\n")).into_response()
}
