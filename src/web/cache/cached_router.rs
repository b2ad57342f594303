//! The service before the router: a GET or HEAD whose response is cached is answered from memory, and nothing else runs.
//! Everything unusual goes to the router as it came.

use std::{net::SocketAddr, sync::Arc, time::Duration};

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
use tower::ServiceExt;

use super::{
    cached_response::{CacheKeyParams, CachedResponse, Prepared, accept_encoding},
    counters::Counters,
    encoding::{Encoded, Encoding},
    response_cache::{FailedResponse, Lookup, Outcome, ResponseCache},
    single_flight::Leader,
};
use crate::{
    web::{cache_policy::CachePolicy, host::Hosts, path::is_at_or_below, security_headers::Security, vary},
    work,
};

/// How long a request waits for a response that another one makes.
const WAIT: Duration = Duration::from_secs(5);
/// How long the body of a response may take that is to be cached.
const BODY_TIME: Duration = Duration::from_secs(30);
/// Longest path that is cached.
const PATH_MAX: usize = 1024;

/// Wraps the whole router. Cheap to clone.
#[derive(Clone)]
pub struct CachedRouter {
    router: Router,
    cache: Arc<ResponseCache>,
    hosts: Hosts,
    security: Security,
    paths: PathRules,
    recompressing: Arc<Semaphore>,
    /// Where what takes long is done.
    work: Handle,
}

/// What has to be known of the routes. A path stands for itself and those below it.
#[derive(Debug, Clone, Copy)]
pub struct PathRules {
    /// Never cached, because the answer depends on more than the path.
    pub uncached: &'static [&'static str],
    /// Answered also when all slots for connections are taken.
    pub health: &'static [&'static str],
}

/// What the router made.
pub enum CacheResult {
    /// To be cached; answer from it.
    Cached(Arc<CachedResponse>),
    /// Not to be cached: the answer to a GET.
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
    /// Answers for `hosts`; a request for another one goes to the router, which refuses it. Call it within the runtime that
    /// does what takes long.
    #[must_use]
    pub fn new(router: Router, cache: Arc<ResponseCache>, hosts: Hosts, security: Security, paths: PathRules) -> Self {
        let (recompressing, work) = (Arc::new(Semaphore::new(1)), Handle::current());
        Self { router, cache, hosts, security, paths, recompressing, work }
    }

    /// Whether a `Host` header names us.
    #[must_use]
    pub fn answers(&self, host: &[u8]) -> bool {
        self.hosts.answers_header(host)
    }

    /// Whether a path tells if the program is well.
    #[must_use]
    pub fn is_health(&self, path: &str) -> bool {
        self.paths.health.iter().any(|base| is_at_or_below(path, base))
    }

    /// What the fast path counts.
    #[must_use]
    pub fn counters(&self) -> &Counters {
        &self.cache.counters
    }

    /// What is cached for a path. Nearly every request of a visitor ends here.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<Arc<CachedResponse>> {
        let entry = self.cache.get(path)?;
        if entry.wants_recompression() {
            self.recompress(path, entry.clone());
        }
        Some(entry)
    }

    /// The answer from memory, if there is one. Takes the request as it comes from the connection.
    pub fn cached<B>(&self, request: &http::Request<B>) -> Option<http::Response<Full<Bytes>>> {
        let uri = request.uri();
        let entry = self.is_usual(request).then(|| self.get(uri.path())).flatten()?;
        let ready = matches!(entry.ready(accept_encoding(request.headers()).as_deref()), Prepared::Yes(_));
        let answers = ready && entry.ignores(uri.query());
        answers.then(|| entry.answer(request.method(), request.headers())).flatten()
    }

    /// The answer from the router, to be cached if it may be.
    pub async fn respond(self, request: Request) -> Response {
        if !self.is_usual(&request) || !self.may_keep(request.uri()) {
            return self.route(request).await;
        }
        let query = request.uri().query();
        let asks = query.is_some() || asks_of_its_own(request.headers());
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0);
        match self.make(request.uri().clone(), peer).await {
            CacheResult::Cached(entry) if entry.ignores(query) => {
                let answer = || entry.answer(request.method(), request.headers());
                match work::blocking_if_large(entry.size(), answer) {
                    Some(response) => response.map(Body::new),
                    // The router refuses what asks for an encoding that there is not.
                    None => self.route(request).await,
                }
            }
            made @ CacheResult::Uncacheable(_) if !made.answers(asks) => self.route(request).await,
            CacheResult::Uncacheable(response) => without_body_for_head(request.method(), response),
            CacheResult::Cached(_) => self.route(request).await,
        }
    }

    async fn route(&self, request: Request) -> Response {
        let Ok(response) = self.router.clone().oneshot(request).await;
        response
    }

    /// Whether the response for an address, whatever its query, may turn out to be one to cache.
    #[must_use]
    pub fn may_keep(&self, uri: &Uri) -> bool {
        let path = uri.path();
        path.len() <= PATH_MAX
            && !self.paths.uncached.iter().any(|base| is_at_or_below(path, base))
            && !self.cache.is_uncacheable(path)
    }

    /// Makes the response for the path of an address, or waits for another request that does.
    pub async fn make(&self, uri: Uri, peer: Option<SocketAddr>) -> CacheResult {
        let path = uri.path();
        match timeout(WAIT, self.cache.get_or_make(path)).await {
            Ok(Lookup::Hit(entry)) => CacheResult::Cached(entry),
            Ok(Lookup::Miss(leader)) => self.lead(leader, path, peer).await,
            Ok(Lookup::Failed(failed)) => CacheResult::Uncacheable(failed.into_response()),
            Ok(Lookup::Uncacheable) => CacheResult::Uncacheable(self.route(self.bare(path, peer)).await),
            Err(_) => CacheResult::Uncacheable(self.refusal(StatusCode::SERVICE_UNAVAILABLE)),
        }
    }

    /// Makes the response for a path, for all who wait for it.
    async fn lead(&self, leader: Leader<'_, Outcome>, path: &str, peer: Option<SocketAddr>) -> CacheResult {
        let site_version = self.cache.site_version();
        let response = self.route(self.bare(path, peer)).await;
        if is_failure(response.status()) {
            let failed = self.collect(response).await;
            leader.finish(Outcome::Failed(failed.clone()));
            return CacheResult::Uncacheable(failed.into_response());
        }
        if !may_be_kept(&response) {
            // Too many requests of one client say nothing about those of another.
            if response.status() != StatusCode::TOO_MANY_REQUESTS {
                self.cache.mark_uncacheable(path, site_version);
            }
            leader.finish(Outcome::Uncacheable);
            return CacheResult::Uncacheable(response);
        }
        let (mut parts, body) = response.into_parts();
        let Ok(Ok(body)) = timeout(BODY_TIME, body.collect()).await else {
            let failed = self.collect(self.refusal(StatusCode::INTERNAL_SERVER_ERROR)).await;
            leader.finish(Outcome::Failed(failed.clone()));
            return CacheResult::Uncacheable(failed.into_response());
        };
        let body = body.to_bytes();
        let is_immutable = parts.extensions.get() == Some(&CachePolicy::Immutable);
        let site_version = (!is_immutable).then_some(site_version);
        let mut entry = work::blocking_if_large(body.len(), || CachedResponse::new(site_version, parts.headers, &body));
        if let Some(keys) = parts.extensions.remove::<CacheKeyParams>() {
            entry = entry.with_key_params(keys);
        }
        if let Some(encoded) = parts.extensions.remove::<Encoded>() {
            entry = entry.with_encoded(&encoded);
        }
        let entry = Arc::new(entry);
        self.cache.insert(path, entry.clone());
        leader.finish(Outcome::Cached(entry.clone()));
        CacheResult::Cached(entry)
    }

    /// A failure with its whole body, to be given to several requests.
    async fn collect(&self, response: Response) -> FailedResponse {
        let (parts, body) = response.into_parts();
        let body = timeout(BODY_TIME, body.collect()).await.ok().and_then(Result::ok);
        FailedResponse {
            status: parts.status,
            headers: parts.headers,
            body: body.map(http_body_util::Collected::to_bytes).unwrap_or_default(),
        }
    }

    /// What is said where no page can be drawn: the status in words.
    #[must_use]
    pub fn refusal(&self, status: StatusCode) -> Response {
        let mut response = Response::new(Body::from(format!("{}\n", status.canonical_reason().unwrap_or_default())));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        headers.insert(header::CACHE_CONTROL, CachePolicy::NoStore.value());
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

    /// A request that says nothing but what the response is cached under, so that no header and no query can find its way
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

    /// Compresses a page that is asked for again as well as can be, in the background. One at a time: while another is under
    /// way, this one's turn comes with a later request.
    fn recompress(&self, path: &str, entry: Arc<CachedResponse>) {
        let Ok(permit) = self.recompressing.clone().try_acquire_owned() else { return entry.not_polished() };
        let (cache, path) = (self.cache.clone(), path.to_owned());
        self.work.spawn_blocking(move || {
            cache.improve(&path, &entry, entry.recompressed());
            drop(permit);
        });
    }
}

fn asks_of_its_own(asked: &HeaderMap) -> bool {
    asked.contains_key(header::IF_MATCH)
        || accept_encoding(asked).is_some_and(|accepted| !Encoding::takes_identity(&accepted))
}

/// Whether it is ours, and may be over with the next request.
fn is_failure(status: StatusCode) -> bool {
    status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT
}

fn may_be_kept(response: &Response) -> bool {
    response.status() == StatusCode::OK
        && CachePolicy::of(response) != CachePolicy::NoStore
        && !response.headers().contains_key(header::SET_COOKIE)
        && vary::is_only(response.headers(), &header::ACCEPT_ENCODING)
}

fn without_body_for_head(method: &Method, response: Response) -> Response {
    if method == Method::HEAD { response.map(|_| Body::empty()) } else { response }
}
