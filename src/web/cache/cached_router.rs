//! The service before the router: a GET or HEAD whose response is cached is answered from memory, and nothing else runs.
//! Everything unusual goes to the router as it came.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
    http::{self, HeaderMap, Method, StatusCode, Uri, header},
    response::Response,
};
use bytes::Bytes;
use http_body_util::Full;
use tokio::{runtime::Handle, sync::Semaphore};
use tower::ServiceExt;

use super::{
    bodies::Prepared,
    cache_result::CacheResult,
    cached_response::CachedResponse,
    counters::Counters,
    encoding::{Encoding, accept_encoding},
    request_source::RequestSource,
    response_cache::ResponseCache,
};
use crate::{
    web::{host::Hosts, path::is_at_or_below, proxies::FORWARDED_FOR, refusal::Refusal, security_headers::Security},
    work,
};

/// Longest path that is cached.
const PATH_MAX: usize = 1024;

/// Wraps the whole router. Cheap to clone.
#[derive(Clone)]
pub struct CachedRouter {
    pub(super) router: Router,
    pub(super) cache: Arc<ResponseCache>,
    pub(super) hosts: Hosts,
    security: Security,
    pub(super) rules: CacheRules,
    recompressing: Arc<Semaphore>,
    work: Handle,
}

/// What the app decides. A path covers itself and those below it.
#[derive(Debug, Clone, Copy)]
pub struct CacheRules {
    /// Never cached, because the answer depends on more than the path.
    pub uncached: &'static [&'static str],
    /// Answered also when all slots for connections are taken.
    pub health: &'static [&'static str],
    /// How long a request waits for a response that another one makes.
    pub wait: Duration,
}

impl CachedRouter {
    /// Answers for `hosts`; a request for another one goes to the router, which refuses it. Call it within the runtime
    /// for slow work.
    #[must_use]
    pub fn new(router: Router, cache: Arc<ResponseCache>, hosts: Hosts, security: Security, rules: CacheRules) -> Self {
        let (recompressing, work) = (Arc::new(Semaphore::new(1)), Handle::current());
        Self { router, cache, hosts, security, rules, recompressing, work }
    }

    /// Whether a `Host` header names us.
    #[must_use]
    pub(crate) fn answers(&self, host: &[u8]) -> bool {
        self.hosts.answers_header(host)
    }

    #[must_use]
    pub(crate) fn is_health(&self, path: &str) -> bool {
        self.rules.health.iter().any(|base| is_at_or_below(path, base))
    }

    /// What the fast path counts.
    #[must_use]
    pub(crate) fn counters(&self) -> &Counters {
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
    pub(crate) fn get_cached<B>(&self, request: &http::Request<B>) -> Option<http::Response<Full<Bytes>>> {
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
        let source = RequestSource {
            peer: request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0),
            forwarded_for: request.headers().get_all(FORWARDED_FOR).iter().cloned().collect(),
        };
        match self.make(request.uri().clone(), Some(source)).await {
            CacheResult::Cached(entry) if entry.ignores(query) => {
                let answer = || entry.answer(request.method(), request.headers());
                match work::blocking_if_large(entry.size(), answer) {
                    Some(response) => response.map(Body::new),
                    // The router refuses a request for an encoding that we do not have.
                    None => self.route(request).await,
                }
            }
            made @ CacheResult::Uncacheable(_) if !made.answers(asks) => self.route(request).await,
            CacheResult::Uncacheable(response) => without_body_for_head(request.method(), response),
            CacheResult::Cached(_) => self.route(request).await,
        }
    }

    pub(super) async fn route(&self, request: Request) -> Response {
        let Ok(response) = self.router.clone().oneshot(request).await;
        response
    }

    /// Whether the response for an address, whatever its query, may turn out to be one to cache.
    #[must_use]
    pub(crate) fn may_keep(&self, uri: &Uri) -> bool {
        let path = uri.path();
        path.len() <= PATH_MAX
            && !self.rules.uncached.iter().any(|base| is_at_or_below(path, base))
            && !self.cache.is_uncacheable(path)
    }

    /// What is said where no page can be drawn.
    pub(crate) fn refuse(&self, status: StatusCode) -> Refusal {
        Refusal::new(status, self.security)
    }

    fn is_usual<B>(&self, request: &http::Request<B>) -> bool {
        let mut hosts = request.headers().get_all(header::HOST).iter();
        matches!(*request.method(), Method::GET | Method::HEAD)
            && request.uri().authority().is_none()
            && hosts.next().is_some_and(|host| self.answers(host.as_bytes()))
            && hosts.next().is_none()
    }

    /// Compresses a page that is asked for again as small as can be, in the background. One at a time: while another is
    /// under way, this one waits for a later request.
    fn recompress(&self, path: &str, entry: Arc<CachedResponse>) {
        let Ok(permit) = self.recompressing.clone().try_acquire_owned() else { return entry.retry_recompression() };
        let (cache, path) = (self.cache.clone(), path.to_owned());
        self.work.spawn_blocking(move || {
            cache.improve(&path, &entry, entry.recompress());
            drop(permit);
        });
    }
}

fn asks_of_its_own(asked: &HeaderMap) -> bool {
    asked.contains_key(header::IF_MATCH)
        || accept_encoding(asked).is_some_and(|accepted| !Encoding::takes_identity(&accepted))
}

fn without_body_for_head(method: &Method, response: Response) -> Response {
    if method == Method::HEAD { response.map(|_| Body::empty()) } else { response }
}
