//! The listener for Prometheus: answers `GET /metrics` and nothing else.

use std::{net::SocketAddr, time::Duration};

use axum::{
    body::Body,
    http::{HeaderValue, Method, Response, StatusCode, header, request::Parts},
};
use tokio_util::sync::CancellationToken;

use super::{text::CONTENT_TYPE, values};
use crate::{
    app::side_listener::{SideListener, status_alone},
    state::app_state::App,
};

const PATH: &str = "/metrics";
/// How many clients are answered at a time, and how long one may take.
const LIMITS: (usize, Duration) = (4, Duration::from_secs(10));

pub(in crate::app) struct MetricsListener(SideListener);

impl MetricsListener {
    /// None when no address is set.
    /// Errors: a sentence for the maintainer.
    pub(in crate::app) async fn bind(address: Option<SocketAddr>) -> Result<Option<Self>, String> {
        let Some(address) = address else { return Ok(None) };
        Ok(Some(Self(SideListener::bind(address, ("metrics", "PLINTH_METRICS_LISTEN"), LIMITS).await?)))
    }

    /// Where it listens; none when the system does not say.
    pub(in crate::app) fn address(&self) -> Option<SocketAddr> {
        self.0.address()
    }

    /// Answers until `stop`.
    pub(in crate::app) async fn serve(self, app: App, stop: CancellationToken) {
        let answer = move |head: Parts| {
            let app = app.clone();
            async move { answer(&head, &app).await }
        };
        self.0.serve(stop, answer).await;
    }
}

async fn answer(head: &Parts, app: &App) -> Response<Body> {
    if head.uri.path() != PATH {
        return status_alone(StatusCode::NOT_FOUND);
    }
    if !matches!(head.method, Method::GET | Method::HEAD) {
        let mut refused = status_alone(StatusCode::METHOD_NOT_ALLOWED);
        refused.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
        return refused;
    }
    let mut response = Response::new(Body::from(values::write(app).await));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
    response
}
