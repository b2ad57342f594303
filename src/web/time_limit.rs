//! How long a request may take.

use std::time::Duration;

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
#[derive(Debug, Clone, Copy)]
pub(crate) struct TimeLimits {
    pub(crate) usual: Duration,
    /// What changes something at one path, where much is sent.
    pub(crate) long: Duration,
    pub(crate) long_path: &'static str,
}

impl TimeLimits {
    /// The same, but so much longer.
    #[must_use]
    pub(crate) fn and(self, more: Duration) -> Self {
        Self { usual: self.usual + more, long: self.long + more, ..self }
    }
}

/// The layer. What only reads is too much for the server now: 503. What changes something may have waited for its client, and may
/// have been carried out: 408.
pub(crate) async fn apply(State(limits): State<TimeLimits>, request: Request, next: Next) -> Response {
    let only_reads = request.method().is_safe();
    let is_long = !only_reads && request.uri().path() == limits.long_path;
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

    const LIMITS: TimeLimits =
        TimeLimits { usual: Duration::from_millis(1), long: Duration::from_millis(2), long_path: "/long" };

    #[tokio::test]
    async fn what_only_reads_may_be_asked_again() {
        let router =
            Router::new().route("/", any(std::future::pending::<StatusCode>)).layer(from_fn_with_state(LIMITS, apply));
        for (method, status, retries) in [(Method::GET, 503, true), (Method::POST, 408, false)] {
            let request = Request::builder().method(method).uri("/").body(Body::empty()).unwrap();
            let response = router.clone().oneshot(request).await.unwrap();
            assert_eq!(response.status(), status);
            assert_eq!(response.headers().contains_key(header::RETRY_AFTER), retries);
        }
    }
}
