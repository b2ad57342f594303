//! How long a request may take.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use tokio::time::timeout;

/// When to ask again for what took too long, in seconds.
const RETRY: u64 = 30;

/// How long requests may take.
#[derive(Debug, Clone)]
pub(crate) struct TimeLimits {
    pub(crate) usual: Duration,
    /// What changes something by one of these routes, where much is sent.
    pub(crate) long: Duration,
    pub(crate) long_routes: Arc<[&'static str]>,
}

impl TimeLimits {
    /// The same, but so much longer.
    #[must_use]
    pub(crate) fn and(&self, more: Duration) -> Self {
        Self { usual: self.usual + more, long: self.long + more, long_routes: self.long_routes.clone() }
    }
}

/// Whether a path is one of a route, in which a part in braces is any part.
fn leads_to(route: &str, path: &str) -> bool {
    let parts = |path| str::split(path, '/');
    parts(route).count() == parts(path).count()
        && parts(route).zip(parts(path)).all(|(wanted, part)| wanted.starts_with('{') || wanted == part)
}

/// The layer. What only reads is too much for the server now: 503. What changes something may have waited for its client, and may
/// have been carried out: 408.
pub(crate) async fn apply(State(limits): State<TimeLimits>, request: Request, next: Next) -> Response {
    let only_reads = request.method().is_safe();
    let is_long = !only_reads && limits.long_routes.iter().any(|route| leads_to(route, request.uri().path()));
    let limit = if is_long { limits.long } else { limits.usual };
    match timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) if only_reads => (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, RETRY)]).into_response(),
        Err(_) => StatusCode::REQUEST_TIMEOUT.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use axum::{Router, body::Body, http::Method, middleware::from_fn_with_state, routing::any};
    use tower::ServiceExt;

    use super::*;

    fn limits(usual: Duration, long: Duration) -> TimeLimits {
        TimeLimits { usual, long, long_routes: Arc::new(["/{id}/files"]) }
    }

    #[tokio::test]
    async fn what_only_reads_may_be_asked_again() {
        let limits = limits(Duration::from_millis(1), Duration::from_millis(2));
        let router =
            Router::new().route("/", any(std::future::pending::<StatusCode>)).layer(from_fn_with_state(limits, apply));
        for (method, status, retries) in [(Method::GET, 503, true), (Method::POST, 408, false)] {
            let request = Request::builder().method(method).uri("/").body(Body::empty()).unwrap();
            let response = router.clone().oneshot(request).await.unwrap();
            assert_eq!(response.status(), status);
            assert_eq!(response.headers().contains_key(header::RETRY_AFTER), retries);
        }
    }

    #[tokio::test]
    async fn files_have_longer_at_each_path_of_their_route() {
        let limits = limits(Duration::from_millis(1), Duration::from_mins(1));
        let slow = async || {
            tokio::time::sleep(Duration::from_millis(100)).await;
            StatusCode::OK
        };
        let router = Router::new().route("/{id}/files", any(slow)).route("/{id}/words", any(slow));
        let router = router.layer(from_fn_with_state(limits, apply));
        for (method, path, status) in
            [(Method::POST, "/7/files", 200), (Method::POST, "/7/words", 408), (Method::GET, "/7/files", 503)]
        {
            let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
            assert_eq!(router.clone().oneshot(request).await.unwrap().status(), status, "{path}");
        }
    }
}
