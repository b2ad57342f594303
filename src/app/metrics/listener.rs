//! The listener for Prometheus: answers `GET /metrics` and nothing else, a few clients at a time, none for long.

use std::{convert::Infallible, net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    body::Body,
    http::{HeaderValue, Method, Request, Response, StatusCode, header},
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{text::CONTENT_TYPE, values};
use crate::{db::opening::io_fault, state::app_state::App};

const PATH: &str = "/metrics";
/// How many clients are answered at a time; further ones wait.
const CLIENTS: usize = 4;
/// How long one may take, with everything.
const TIME: Duration = Duration::from_secs(10);
/// How long it pauses when a connection cannot be accepted.
const PAUSE: Duration = Duration::from_millis(200);

pub(in crate::app) struct MetricsListener(TcpListener);

impl MetricsListener {
    /// None when no address is set.
    /// Errors: a sentence for the maintainer.
    pub(in crate::app) async fn bind(address: Option<SocketAddr>) -> Result<Option<Self>, String> {
        let Some(address) = address else { return Ok(None) };
        let bound = TcpListener::bind(address).await.map_err(|error| {
            format!(
                "Cannot listen on {address} for metrics: {}. Set PLINTH_METRICS_LISTEN to another address or port.",
                io_fault(&error)
            )
        })?;
        Ok(Some(Self(bound)))
    }

    /// Where it listens; none when the system does not say.
    pub(in crate::app) fn address(&self) -> Option<SocketAddr> {
        self.0.local_addr().ok()
    }

    /// Answers until `stop`.
    pub(in crate::app) async fn serve(self, app: App, stop: CancellationToken) {
        let clients = Arc::new(Semaphore::new(CLIENTS));
        loop {
            let next = async {
                let permit = clients.clone().acquire_owned().await;
                (permit, self.0.accept().await)
            };
            let Some((permit, accepted)) = stop.run_until_cancelled(next).await else { return };
            match accepted {
                Ok((stream, _)) => {
                    let app = app.clone();
                    tokio::spawn(async move {
                        // Who is too slow gets no answer, and nobody else waits for it.
                        let _ = timeout(TIME, answer_one(stream, app)).await;
                        drop(permit);
                    });
                }
                Err(error) => {
                    tracing::debug!(%error, "a connection for metrics could not be accepted");
                    sleep(PAUSE).await;
                }
            }
        }
    }
}

/// One request for each connection, so that no client keeps a place.
async fn answer_one(stream: TcpStream, app: App) {
    let service = service_fn(move |request| {
        let app = app.clone();
        async move { Ok::<_, Infallible>(answer(request, &app).await) }
    });
    let served = http1::Builder::new()
        .keep_alive(false)
        .auto_date_header(false)
        .max_buf_size(16 * 1024)
        .serve_connection(TokioIo::new(stream), service);
    if let Err(error) = served.await {
        tracing::debug!(%error, "a client of the metrics went early");
    }
}

async fn answer(request: Request<Incoming>, app: &App) -> Response<Body> {
    let (head, _) = request.into_parts();
    if head.uri.path() != PATH {
        return refuse(StatusCode::NOT_FOUND);
    }
    if !matches!(head.method, Method::GET | Method::HEAD) {
        let mut refused = refuse(StatusCode::METHOD_NOT_ALLOWED);
        refused.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
        return refused;
    }
    let mut response = Response::new(Body::from(values::write(app).await));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
    response
}

fn refuse(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::from(format!("{status}\n")));
    *response.status_mut() = status;
    response
}
