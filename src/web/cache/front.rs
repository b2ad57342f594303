//! The service before the router: a GET or HEAD whose response is kept is answered from memory, and nothing else runs.
//! Everything unusual goes to the router as it came.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
    http::{self, HeaderMap, HeaderValue, Method, StatusCode, header},
    response::Response,
};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use tokio::sync::Semaphore;
use tokio_util::either::Either;
use tower::{Service, ServiceExt};

use super::{
    entry::Entry,
    store::{Found, Store},
};
use crate::web::host::Hosts;

/// Addresses below these are never kept: the desk, and what must be true at the moment.
const NEVER: [&str; 2] = ["/admin", "/healthz"];
/// Addresses below this carry a hash of their content, so they never grow old.
const IMMUTABLE: &str = "/static/";
/// Longest address that is kept.
const PATH_MAX: usize = 1024;

/// Wraps the whole router. Cheap to clone.
#[derive(Clone)]
pub struct Front {
    router: Router,
    store: Arc<Store>,
    hosts: Hosts,
    polishing: Arc<Semaphore>,
}

type Answer<T> = Result<T, Infallible>;
/// An answer from memory, or one in the making.
pub type Responding = Either<Ready<Answer<Response>>, Pin<Box<dyn Future<Output = Answer<Response>> + Send>>>;

impl Front {
    /// Answers for `hosts`; a request for another one goes to the router, which refuses it.
    #[must_use]
    pub fn new(router: Router, store: Arc<Store>, hosts: Hosts) -> Self {
        Self { router, store, hosts, polishing: Arc::new(Semaphore::new(1)) }
    }

    /// The answer from memory, if there is one. Takes the request as it comes from the connection and allocates little:
    /// this is the way nearly every visitor goes.
    pub fn kept<B>(&self, request: &http::Request<B>) -> Option<http::Response<Full<Bytes>>> {
        let path = request.uri().path();
        let entry = self.is_usual(request).then(|| self.store.get(path)).flatten()?;
        if entry.wants_polish() {
            self.polish(path, entry.clone());
        }
        Some(entry.answer(request.method(), request.headers()))
    }

    /// The answer from the router, to be kept if it may be.
    pub async fn made(self, request: Request) -> Answer<Response> {
        if self.is_usual(&request) && !self.store.passes(request.uri().path()) {
            return self.make(request).await;
        }
        self.router.oneshot(request).await
    }

    fn is_usual<B>(&self, request: &http::Request<B>) -> bool {
        let uri = request.uri();
        let mut hosts = request.headers().get_all(header::HOST).iter();
        matches!(*request.method(), Method::GET | Method::HEAD)
            && uri.query().is_none()
            && uri.authority().is_none()
            && hosts.next().is_some_and(|host| self.hosts.answers_header(host))
            && hosts.next().is_none()
            && uri.path().len() <= PATH_MAX
            && !NEVER.iter().any(|prefix| uri.path().starts_with(prefix))
    }

    async fn make(self, request: Request) -> Answer<Response> {
        let path = request.uri().path().to_owned();
        let guard = match self.store.get_or_make(&path).await {
            Found::Entry(entry) => return Ok(entry.answer(request.method(), request.headers()).map(Body::new)),
            Found::Nothing(guard) => guard,
        };
        let present = self.store.stamp();
        let stamp = (!path.starts_with(IMMUTABLE)).then_some(present);
        let response = self.router.clone().oneshot(bare(&request, &self.hosts)).await?;
        if !may_be_kept(&response) {
            self.store.let_pass(&path, present);
            drop(guard);
            return Ok(without_body_for_head(request.method(), response));
        }
        let (parts, body) = response.into_parts();
        let Ok(body) = body.collect().await else { return Ok(internal()) };
        let entry = Arc::new(Entry::new(stamp, parts.headers, body.to_bytes()));
        // An entry too heavy to be kept is still an answer.
        let _ = guard.insert(entry.clone());
        Ok(entry.answer(request.method(), request.headers()).map(Body::new))
    }

    /// Compresses a page that is asked for again as well as can be, one at a time, behind everybody's back.
    fn polish(&self, path: &str, entry: Arc<Entry>) {
        let (store, polishing, path) = (self.store.clone(), self.polishing.clone(), path.to_owned());
        tokio::spawn(async move {
            let Ok(place) = polishing.acquire_owned().await else { return };
            let polished = tokio::task::spawn_blocking({
                let entry = entry.clone();
                move || entry.polished()
            });
            if let Ok(better) = polished.await {
                store.improve(&path, &entry, better);
            }
            drop(place);
        });
    }
}

impl Service<Request> for Front {
    type Response = Response;
    type Error = Infallible;
    type Future = Responding;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Answer<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        match self.kept(&request) {
            Some(response) => Either::Left(ready(Ok(response.map(Body::new)))),
            None => Either::Right(Box::pin(self.clone().made(request))),
        }
    }
}

/// A request that says nothing but what the response is kept under, so that no header can find its way into it.
fn bare(request: &Request, hosts: &Hosts) -> Request {
    let mut bare = Request::new(Body::empty());
    *bare.uri_mut() = request.uri().clone();
    bare.headers_mut().extend(HeaderValue::from_str(&hosts.public).map(|host| (header::HOST, host)));
    if let Some(peer) = request.extensions().get::<ConnectInfo<std::net::SocketAddr>>() {
        bare.extensions_mut().insert(*peer);
    }
    bare
}

fn may_be_kept(response: &Response) -> bool {
    let says_no = |headers: &HeaderMap| {
        headers
            .get(header::CACHE_CONTROL)
            .is_none_or(|policy| policy.as_bytes().windows(8).any(|part| part == b"no-store"))
    };
    response.status() == StatusCode::OK
        && !response.headers().contains_key(header::SET_COOKIE)
        && !says_no(response.headers())
}

fn without_body_for_head(method: &Method, response: Response) -> Response {
    if method == Method::HEAD { response.map(|_| Body::empty()) } else { response }
}

fn internal() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response
}
