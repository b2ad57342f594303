//! The plain listener beside TLS: sends visitors to the public address, and gives an authority for certificates (ACME) the answers that a
//! client program has put into a folder. Knows no route and no database.

use std::{convert::Infallible, net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use axum::{
    body::Body,
    http::{HeaderValue, Method, Request, Response, StatusCode, header, request::Parts},
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    io::AsyncReadExt,
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use crate::{config::Config, db::opening::io_fault};

/// Where an authority asks for the answer to its challenge (RFC 8555, 8.3).
const CHALLENGES: &str = "/.well-known/acme-challenge/";
/// Longest name of a challenge, and most bytes of its answer.
const NAME_MAX: usize = 128;
const ANSWER_MAX: u64 = 4096;
/// How many clients are answered at a time; further ones wait.
const CLIENTS: usize = 64;
/// How long one may take, with everything.
const TIME: Duration = Duration::from_secs(5);
/// How long it pauses when a connection cannot be accepted.
const PAUSE: Duration = Duration::from_millis(200);

pub(super) struct RedirectListener {
    listener: TcpListener,
    /// The public address, which no request can change.
    origin: String,
    challenges: Option<PathBuf>,
}

impl RedirectListener {
    /// None when no address is set.
    /// Errors: a sentence for the maintainer.
    pub(super) async fn bind(config: &Config) -> Result<Option<Self>, String> {
        let Some(address) = config.tls_redirect_listen else { return Ok(None) };
        let listener = TcpListener::bind(address).await.map_err(|error| {
            format!(
                "Cannot listen on {address} for what is sent on to https: {}. Set PLINTH_TLS_REDIRECT_LISTEN to another \
                 address or port.",
                io_fault(&error)
            )
        })?;
        Ok(Some(Self { listener, origin: config.origin(), challenges: config.tls.challenges.clone() }))
    }

    /// Where it listens; none when the system does not say.
    pub(super) fn address(&self) -> Option<SocketAddr> {
        self.listener.local_addr().ok()
    }

    /// Answers until `stop`.
    pub(super) async fn serve(self, stop: CancellationToken) {
        let clients = Arc::new(Semaphore::new(CLIENTS));
        let listener = Arc::new(self);
        loop {
            let next = async {
                let permit = clients.clone().acquire_owned().await;
                (permit, listener.listener.accept().await)
            };
            let Some((permit, accepted)) = stop.run_until_cancelled(next).await else { return };
            match accepted {
                Ok((stream, _)) => {
                    let listener = listener.clone();
                    tokio::spawn(async move {
                        let _ = timeout(TIME, listener.answer_one(stream)).await;
                        drop(permit);
                    });
                }
                Err(error) => {
                    tracing::debug!(%error, "a connection that is to be sent on could not be accepted");
                    sleep(PAUSE).await;
                }
            }
        }
    }

    /// One request for each connection, so that no client keeps a place.
    async fn answer_one(self: Arc<Self>, stream: TcpStream) {
        let service = service_fn(move |request: Request<Incoming>| {
            let listener = self.clone();
            let (head, _) = request.into_parts();
            async move { Ok::<_, Infallible>(listener.answer(&head).await) }
        });
        let served = http1::Builder::new()
            .keep_alive(false)
            .auto_date_header(false)
            .max_buf_size(16 * 1024)
            .serve_connection(TokioIo::new(stream), service);
        if let Err(error) = served.await {
            tracing::debug!(%error, "a client that was to be sent on went early");
        }
    }

    async fn answer(&self, Parts { method, uri, .. }: &Parts) -> Response<Body> {
        if let (Some(folder), Some(name)) = (&self.challenges, uri.path().strip_prefix(CHALLENGES)) {
            let is_read = matches!(*method, Method::GET | Method::HEAD);
            let found = if is_read { read_answer(folder.join(name), name).await } else { None };
            return found.map_or_else(|| refuse(StatusCode::NOT_FOUND), text);
        }
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        let target = path.starts_with('/').then(|| HeaderValue::from_str(&format!("{}{path}", self.origin)).ok());
        let Some(target) = target.flatten() else { return refuse(StatusCode::BAD_REQUEST) };
        let mut response = refuse(StatusCode::PERMANENT_REDIRECT);
        response.headers_mut().insert(header::LOCATION, target);
        response
    }
}

/// The answer to a challenge whose name is one: no part of a path.
async fn read_answer(file: PathBuf, name: &str) -> Option<Vec<u8>> {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if name.is_empty() || name.len() > NAME_MAX || !name.bytes().all(is_name) {
        return None;
    }
    let mut bytes = Vec::new();
    let file = tokio::fs::File::open(file).await.ok()?;
    file.take(ANSWER_MAX).read_to_end(&mut bytes).await.ok()?;
    Some(bytes)
}

fn text(bytes: Vec<u8>) -> Response<Body> {
    let mut response = Response::new(Body::from(bytes));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    response
}

fn refuse(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::from(format!("{status}\n")));
    *response.status_mut() = status;
    response
}
