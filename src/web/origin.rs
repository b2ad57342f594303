//! The scheme of the origin: tower-http's check compares hosts only, so a page of the same name over plain http would pass.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{
    host::Host,
    security_log::{self, EventKind},
};

/// When the site is served over https: an unsafe request that names another origin than `own` is refused.
pub(crate) async fn check(State(own): State<Option<Arc<str>>>, request: Request, next: Next) -> Response {
    let foreign =
        |own: &str| request.headers().get(header::ORIGIN).is_some_and(|origin| !is_same(own, origin.as_bytes()));
    if !request.method().is_safe() && own.as_deref().is_some_and(foreign) {
        return security_log::attach(StatusCode::FORBIDDEN.into_response(), EventKind::OriginRefused, None);
    }
    next.run(request).await
}

/// Whether two origins are one, however the host is spelled; nearly all are written the same.
fn is_same(own: &str, origin: &[u8]) -> bool {
    let host = |origin: &[u8]| Host::parse(origin.strip_prefix(b"https://")?);
    origin == own.as_bytes() || host(origin).is_some_and(|other| host(own.as_bytes()) == Some(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_makes_no_other_origin() {
        let own = "https://portal.example";
        for same in [own, "https://portal.example.", "https://Portal.example"] {
            assert!(is_same(own, same.as_bytes()), "{same}");
        }
        for other in
            ["http://portal.example", "https://portal.example:8443", "https://portal.example.evil.example", "null", ""]
        {
            assert!(!is_same(own, other.as_bytes()), "{other}");
        }
    }
}
