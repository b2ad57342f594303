//! The access log: one line for each request that reaches the router, or is refused before it, under the target
//! `plinth::access`. What the fast path answers is counted instead, see [`crate::web::cache::counters`].

use std::{sync::Arc, time::Instant};

use axum::{
    extract::{Request, State},
    http::StatusCode,
    middleware::Next,
    response::Response,
};

use super::{
    request_context::{RequestContext, loggable_method},
    request_counts::RequestCounts,
};

/// The layer, which counts the request too. `request_context::set` comes before it.
pub(crate) async fn write(State(counts): State<Arc<RequestCounts>>, request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let class = counts.class_of(request.uri().path());
    let context = request.extensions().get::<RequestContext>().cloned();
    let since = Instant::now();
    let response = next.run(request).await;
    counts.add(class, response.status(), since.elapsed());
    let Some(context) = context else { return response };
    let status = response.status().as_u16();
    let ms = since.elapsed().as_secs_f64() * 1000.0;
    let (request, path, user) = (&*context.id, &*context.path, context.user());
    let method = loggable_method(&method);
    tracing::info!(target: "plinth::access", method, path, status, ms = format_args!("{ms:.1}"), request, user);
    response
}

/// For a request that was refused before the router: of most of these neither method nor path is known.
pub(super) fn write_refusal(status: StatusCode, request: &str) {
    tracing::info!(target: "plinth::access", status = status.as_u16(), request);
}
