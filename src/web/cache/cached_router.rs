//! The service before the router: a GET or HEAD whose response is kept is answered from memory, and nothing else runs.
//! Everything unusual goes to the router as it came.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
    http::{self, HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::Response,
};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use tokio::{runtime::Handle, sync::Semaphore, time::timeout};
use tokio_util::either::Either;
use tower::{Service, ServiceExt};

use super::{
    cached_response::{CacheKeyParams, CachedResponse, Prepared, accept_encoding},
    encoding::{Encoded, Encoding},
    policy,
    response_cache::{Lookup, ResponseCache},
};
use crate::{
    web::{headers::Security, host::Hosts, path::is_at_or_below},
    work,
};

/// These addresses and those below are never kept: the admin area, and what must be true at the moment.
const NEVER: [&str; 3] = ["/admin", "/healthz", "/readyz"];
/// Addresses below this carry a hash of their content, so they never grow old.
const IMMUTABLE: &str = "/static/";
/// How long a response that another request makes is waited for.
const IN_LINE: Duration = Duration::from_secs(5);
/// Longest address that is kept.
const PATH_MAX: usize = 1024;

/// Wraps the whole router. Cheap to clone.
#[derive(Clone)]
pub struct CachedRouter {
    router: Router,
    store: Arc<ResponseCache>,
    hosts: Hosts,
    security: Security,
    recompressing: Arc<Semaphore>,
    /// Where what takes long is done.
    work: Handle,
}

type Answer<T> = Result<T, Infallible>;
/// An answer from memory, or one in the making.
pub type Responding = Either<Ready<Answer<Response>>, Pin<Box<dyn Future<Output = Answer<Response>> + Send>>>;

/// What the router made.
pub enum CacheResult {
    /// To be kept; answer from it.
    Cached(Arc<CachedResponse>),
    /// Not to be kept: the answer to a GET.
    Uncacheable(Response),
}

impl CacheResult {
    /// Whether it is the answer also to a request that asks for something of its own: that has a query, a condition, or
    /// takes no body as it is. Where there is nothing to show, nothing of this changes that; a redirect takes the query
    /// along.
    #[must_use]
    pub fn answers(&self, asks: bool) -> bool {
        match self {
            Self::Cached(_) => true,
            Self::Uncacheable(response) => {
                !asks || !(response.status() == StatusCode::OK || response.status().is_redirection())
            }
        }
    }
}

impl CachedRouter {
    /// Answers for `hosts`; a request for another one goes to the router, which refuses it. To be called within the
    /// runtime that shall do what takes long.
    #[must_use]
    pub fn new(router: Router, store: Arc<ResponseCache>, hosts: Hosts, security: Security) -> Self {
        Self { router, store, hosts, security, recompressing: Arc::new(Semaphore::new(1)), work: Handle::current() }
    }

    /// Whether a `Host` header names us.
    #[must_use]
    pub fn answers(&self, host: &[u8]) -> bool {
        self.hosts.answers_header(host)
    }

    /// What is kept for a path. This is the way nearly every visitor goes.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<Arc<CachedResponse>> {
        let entry = self.store.get(path)?;
        if entry.wants_recompression() {
            self.recompress(path, entry.clone());
        }
        Some(entry)
    }

    /// The answer from memory, if there is one. Takes the request as it comes from the connection.
    pub fn kept<B>(&self, request: &http::Request<B>) -> Option<http::Response<Full<Bytes>>> {
        let uri = request.uri();
        let entry = self.is_usual(request).then(|| self.get(uri.path())).flatten()?;
        let ready = matches!(entry.ready(accept_encoding(request.headers()).as_deref()), Prepared::Yes(_));
        let answers = ready && entry.ignores(uri.query());
        answers.then(|| entry.answer(request.method(), request.headers())).flatten()
    }

    /// The answer from the router, to be kept if it may be.
    pub async fn made(self, request: Request) -> Answer<Response> {
        if !self.is_usual(&request) || !self.may_keep(request.uri()) {
            return self.router.oneshot(request).await;
        }
        let query = request.uri().query();
        let asks = query.is_some() || asks_of_its_own(request.headers());
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0);
        match self.make(request.uri().clone(), peer).await {
            CacheResult::Cached(entry) if entry.ignores(query) => {
                let answer = || entry.answer(request.method(), request.headers());
                match work::blocking_if_large(entry.size(), answer) {
                    Some(response) => Ok(response.map(Body::new)),
                    // The router refuses what asks for an encoding that there is not.
                    None => self.router.oneshot(request).await,
                }
            }
            made @ CacheResult::Uncacheable(_) if !made.answers(asks) => self.router.oneshot(request).await,
            CacheResult::Uncacheable(response) => Ok(without_body_for_head(request.method(), response)),
            CacheResult::Cached(_) => self.router.oneshot(request).await,
        }
    }

    /// Whether the response for an address, whatever its query, may turn out to be one to keep.
    #[must_use]
    pub fn may_keep(&self, uri: &Uri) -> bool {
        let path = uri.path();
        path.len() <= PATH_MAX
            && !NEVER.iter().any(|base| is_at_or_below(path, base))
            && !self.store.is_uncacheable(path)
    }

    /// Makes the response for the path of an address, or waits for whoever does.
    pub async fn make(&self, uri: Uri, peer: Option<SocketAddr>) -> CacheResult {
        let path = uri.path().to_owned();
        let guard = match timeout(IN_LINE, self.store.get_or_make(&path)).await {
            Ok(Lookup::Hit(entry)) => return CacheResult::Cached(entry),
            Ok(Lookup::Miss(guard)) => guard,
            Err(_) => return CacheResult::Uncacheable(self.refusal(StatusCode::SERVICE_UNAVAILABLE)),
        };
        let present = self.store.site_version();
        let site_version = (!path.starts_with(IMMUTABLE)).then_some(present);
        // Found out by somebody else while this one waited: then nobody has to wait in line.
        let guard = (!self.store.is_uncacheable(&path)).then_some(guard);
        let Ok(response) = self.router.clone().oneshot(self.bare(&path, peer)).await;
        let Some(guard) = guard.filter(|_| may_be_kept(&response)) else {
            if is_temporary_failure(response.status()) {
                // Those who wait for this one shall not wait for one another next.
                self.store.mark_uncacheable_briefly(&path, present);
            } else {
                self.store.mark_uncacheable(&path, present);
            }
            return CacheResult::Uncacheable(response);
        };
        let (mut parts, body) = response.into_parts();
        let Ok(body) = body.collect().await else {
            return CacheResult::Uncacheable(self.refusal(StatusCode::INTERNAL_SERVER_ERROR));
        };
        let body = body.to_bytes();
        let mut entry = work::blocking_if_large(body.len(), || CachedResponse::new(site_version, parts.headers, &body));
        if let Some(keys) = parts.extensions.remove::<CacheKeyParams>() {
            entry = entry.with_key_params(keys);
        }
        if let Some(encoded) = parts.extensions.remove::<Encoded>() {
            entry = entry.with_encoded(&encoded);
        }
        let entry = Arc::new(entry);
        // An entry too heavy to be kept is still an answer.
        let _ = guard.insert(entry.clone());
        CacheResult::Cached(entry)
    }

    /// What is said where no page can be drawn: the status in words.
    #[must_use]
    pub fn refusal(&self, status: StatusCode) -> Response {
        let mut response = Response::new(Body::from(format!("{}\n", status.canonical_reason().unwrap_or_default())));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(policy::NEVER));
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        self.security.add_to(headers);
        response
    }

    fn is_usual<B>(&self, request: &http::Request<B>) -> bool {
        let mut hosts = request.headers().get_all(header::HOST).iter();
        matches!(*request.method(), Method::GET | Method::HEAD)
            && request.uri().authority().is_none()
            && hosts.next().is_some_and(|host| self.answers(host.as_bytes()))
            && hosts.next().is_none()
    }

    /// A request that says nothing but what the response is kept under, so that no header and no query can find its way
    /// into it.
    fn bare(&self, path: &str, peer: Option<SocketAddr>) -> Request {
        let mut bare = Request::new(Body::empty());
        // It was the path of an address before.
        *bare.uri_mut() = path.parse().unwrap_or_default();
        bare.headers_mut().extend(HeaderValue::from_str(&self.hosts.public).map(|host| (header::HOST, host)));
        if let Some(peer) = peer {
            bare.extensions_mut().insert(ConnectInfo(peer));
        }
        bare
    }

    /// Compresses a page that is asked for again as well as can be, behind everybody's back. One at a time: while another
    /// is under way, this one's turn comes with a later request.
    fn recompress(&self, path: &str, entry: Arc<CachedResponse>) {
        let Ok(place) = self.recompressing.clone().try_acquire_owned() else { return entry.not_polished() };
        let (store, path) = (self.store.clone(), path.to_owned());
        self.work.spawn_blocking(move || {
            store.improve(&path, &entry, entry.recompressed());
            drop(place);
        });
    }
}

impl Service<Request> for CachedRouter {
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

fn asks_of_its_own(asked: &HeaderMap) -> bool {
    asked.contains_key(header::IF_MATCH)
        || accept_encoding(asked).is_some_and(|accepted| !Encoding::takes_identity(&accepted))
}

/// What may be over with the next request.
fn is_temporary_failure(status: StatusCode) -> bool {
    status.is_server_error() || matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_over_soon_is_told_from_what_lasts() {
        for (status, passing) in
            [(500, true), (503, true), (408, true), (429, true), (200, false), (404, false), (410, false)]
        {
            assert_eq!(is_temporary_failure(StatusCode::from_u16(status).unwrap()), passing, "{status}");
        }
    }
}
