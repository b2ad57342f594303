//! Making a response that may be cached: once for all requests at the same time, within a time limit, and from a
//! request that has nothing but its path.

use std::{sync::Arc, time::Duration};

use axum::{
    body::Body,
    extract::{ConnectInfo, Request},
    http::{HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use http_body_util::BodyExt;
use tokio::time::timeout;

use super::{
    cache_result::CacheResult,
    cached_response::CachedResponse,
    cached_router::CachedRouter,
    encoding::Encoded,
    key_params::CacheKeyParams,
    request_source::RequestSource,
    response_cache::{FailedResponse, Lookup, Outcome},
    single_flight::Leader,
};
use crate::{
    web::{cache_policy::CachePolicy, proxies::FORWARDED_FOR, vary},
    work,
};

/// How long the body of a response may take that is to be cached.
const BODY_TIME: Duration = Duration::from_secs(30);

impl CachedRouter {
    /// Makes the response for the path of an address, or waits for another request that does.
    pub async fn make(&self, uri: Uri, source: Option<RequestSource>) -> CacheResult {
        let path = uri.path();
        let source = source.unwrap_or_default();
        match timeout(self.rules.wait, self.cache.get_or_make(path)).await {
            Ok(Lookup::Hit(entry)) => CacheResult::Cached(entry),
            Ok(Lookup::Miss(leader)) => self.lead(leader, path, source).await,
            Ok(Lookup::Failed(failed)) => CacheResult::Uncacheable(failed.into_response()),
            Ok(Lookup::Uncacheable) => CacheResult::Uncacheable(self.route(self.bare(path, source)).await),
            Err(_) => CacheResult::Uncacheable(self.refuse(StatusCode::SERVICE_UNAVAILABLE).into_response()),
        }
    }

    /// Makes the response for a path, for all who wait for it.
    async fn lead(&self, leader: Leader<'_, Outcome>, path: &str, source: RequestSource) -> CacheResult {
        let site_version = self.cache.site_version();
        let response = self.route(self.bare(path, source)).await;
        if is_failure(response.status()) {
            if let Some(entry) = self.cache.prolong(path) {
                leader.finish(Outcome::Cached(entry.clone()));
                return CacheResult::Cached(entry);
            }
            let failed = self.read_failure(response).await;
            leader.finish(Outcome::Failed(failed.clone()));
            return CacheResult::Uncacheable(failed.into_response());
        }
        if !may_be_kept(&response) {
            // That one client sends too many requests says nothing about the others.
            if response.status() != StatusCode::TOO_MANY_REQUESTS {
                self.cache.mark_uncacheable(path, site_version);
            }
            leader.finish(Outcome::Uncacheable);
            return CacheResult::Uncacheable(response);
        }
        let (mut parts, body) = response.into_parts();
        let Ok(Ok(body)) = timeout(BODY_TIME, body.collect()).await else {
            let failed = self.read_failure(self.refuse(StatusCode::INTERNAL_SERVER_ERROR).into_response()).await;
            leader.finish(Outcome::Failed(failed.clone()));
            return CacheResult::Uncacheable(failed.into_response());
        };
        let body = body.to_bytes();
        let is_immutable = parts.extensions.get() == Some(&CachePolicy::Immutable);
        let site_version = (!is_immutable).then_some(site_version);
        let now = self.cache.now();
        let mut entry =
            work::blocking_if_large(body.len(), || CachedResponse::new(site_version, now, parts.headers, &body));
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
    async fn read_failure(&self, response: Response) -> FailedResponse {
        let (parts, body) = response.into_parts();
        let body = timeout(BODY_TIME, body.collect()).await.ok().and_then(Result::ok);
        FailedResponse {
            status: parts.status,
            headers: parts.headers,
            body: body.map(http_body_util::Collected::to_bytes).unwrap_or_default(),
        }
    }

    /// A request with nothing but the path that the response is cached under, so that no header and no query can get
    /// into it; whom limits count it for is in no response that is cached.
    fn bare(&self, path: &str, RequestSource { peer, forwarded_for }: RequestSource) -> Request {
        let mut bare = Request::new(Body::empty());
        // It was the path of an address before.
        *bare.uri_mut() = path.parse().unwrap_or_default();
        bare.headers_mut().extend(HeaderValue::from_str(&self.hosts.public).map(|host| (header::HOST, host)));
        for value in forwarded_for {
            bare.headers_mut().append(FORWARDED_FOR, value);
        }
        if let Some(peer) = peer {
            bare.extensions_mut().insert(ConnectInfo(peer));
        }
        bare
    }
}

/// Whether the failure is ours, and may be over with the next request.
fn is_failure(status: StatusCode) -> bool {
    status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT
}

fn may_be_kept(response: &Response) -> bool {
    response.status() == StatusCode::OK
        && CachePolicy::of(response) != CachePolicy::NoStore
        && !response.headers().contains_key(header::SET_COOKIE)
        && vary::is_only(response.headers(), &header::ACCEPT_ENCODING)
}
