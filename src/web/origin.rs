//! The scheme of the origin: tower-http's check compares hosts only, so a page of the same name over plain http would pass.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::security_log::{self, Kind};

/// When the site is served over https: an unsafe request that names another origin than `own` is refused.
pub async fn check(State(own): State<Option<Arc<str>>>, request: Request, next: Next) -> Response {
    let foreign =
        |own: &str| request.headers().get(header::ORIGIN).is_some_and(|origin| origin.as_bytes() != own.as_bytes());
    if !request.method().is_safe() && own.as_deref().is_some_and(foreign) {
        return security_log::mark(StatusCode::FORBIDDEN.into_response(), Kind::OriginRefused, None);
    }
    next.run(request).await
}
