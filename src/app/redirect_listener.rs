//! The plain listener beside TLS: sends visitors to the public address, and gives an authority for certificates (ACME) the answers that a
//! client program has put into a folder. Knows no route and no database.

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use axum::{
    body::Body,
    http::{HeaderValue, Method, Response, StatusCode, header, request::Parts},
};
use tokio::io::AsyncReadExt;
use tokio_util::sync::CancellationToken;

use super::side_listener::{SideListener, status_alone};
use crate::config::Config;

/// Where an authority asks for the answer to its challenge (RFC 8555, 8.3).
const CHALLENGES: &str = "/.well-known/acme-challenge/";
/// Longest name of a challenge, and most bytes of its answer.
const NAME_MAX: usize = 128;
const ANSWER_MAX: u64 = 4096;
/// How many clients are answered at a time, and how long one may take.
const LIMITS: (usize, Duration) = (64, Duration::from_secs(5));

pub(super) struct RedirectListener {
    listener: SideListener,
    target: RedirectTarget,
}

struct RedirectTarget {
    /// The public address, which no request can change.
    origin: String,
    challenges: Option<PathBuf>,
}

impl RedirectListener {
    /// None when no address is set.
    /// Errors: a sentence for the maintainer.
    pub(super) async fn bind(config: &Config) -> Result<Option<Self>, String> {
        let Some(address) = config.tls_redirect_listen else { return Ok(None) };
        let about = ("what is sent on to https", "PLINTH_TLS_REDIRECT_LISTEN");
        let listener = SideListener::bind(address, about, LIMITS).await?;
        let target = RedirectTarget { origin: config.origin(), challenges: config.tls.challenges.clone() };
        Ok(Some(Self { listener, target }))
    }

    /// Where it listens; none when the system does not say.
    pub(super) fn address(&self) -> Option<SocketAddr> {
        self.listener.address()
    }

    /// Answers until `stop`.
    pub(super) async fn serve(self, stop: CancellationToken) {
        let target = Arc::new(self.target);
        let answer = move |head: Parts| {
            let target = target.clone();
            async move { target.answer(&head).await }
        };
        self.listener.serve(stop, answer).await;
    }
}

impl RedirectTarget {
    async fn answer(&self, Parts { method, uri, .. }: &Parts) -> Response<Body> {
        if let (Some(folder), Some(name)) = (&self.challenges, uri.path().strip_prefix(CHALLENGES)) {
            let is_read = matches!(*method, Method::GET | Method::HEAD);
            let found = if is_read { read_answer(folder.join(name), name).await } else { None };
            return found.map_or_else(|| status_alone(StatusCode::NOT_FOUND), text);
        }
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        let target = path.starts_with('/').then(|| HeaderValue::from_str(&format!("{}{path}", self.origin)).ok());
        let Some(target) = target.flatten() else { return status_alone(StatusCode::BAD_REQUEST) };
        let mut response = status_alone(StatusCode::PERMANENT_REDIRECT);
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
