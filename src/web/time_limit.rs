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

/// The layer. What only reads is too much for the server now: 503. What changes something may have waited for its client, and may
/// have been carried out: 408.
pub(crate) async fn apply(State(limit): State<Duration>, request: Request, next: Next) -> Response {
    let only_reads = request.method().is_safe();
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

    #[tokio::test]
    async fn what_only_reads_may_be_asked_again() {
        let router = Router::new()
            .route("/", any(std::future::pending::<StatusCode>))
            .layer(from_fn_with_state(Duration::from_millis(1), apply));
        for (method, status, retries) in [(Method::GET, 503, true), (Method::POST, 408, false)] {
            let request = Request::builder().method(method).uri("/").body(Body::empty()).unwrap();
            let response = router.clone().oneshot(request).await.unwrap();
            assert_eq!(response.status(), status);
            assert_eq!(response.headers().contains_key(header::RETRY_AFTER), retries);
        }
    }
}
