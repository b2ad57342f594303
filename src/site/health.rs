//! Says whether the portal can answer: 200 when the database does, 503 when not.

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{
    face::state::App,
    model::page::{address, public},
};

/// `GET /healthz`
pub async fn show(State(app): State<App>) -> Response {
    // The front page is read too: a file may be open and yet damaged.
    let read = match app.db.ping().await {
        Ok(()) => public::at(app.read(), address::HOME).await.map(|_| ()),
        Err(error) => Err(error.into()),
    };
    let (status, text) = match read {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::error!(%error, "the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
    };
    (status, [(header::CACHE_CONTROL, "no-store"), (header::CONTENT_TYPE, "text/html; charset=utf-8")], text)
        .into_response()
}
