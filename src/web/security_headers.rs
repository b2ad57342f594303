//! The security headers of every response, errors included. A handler may set its own value first, as the
//! preview does for its frame.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

/// For everything but previews. Nothing inline, nothing from elsewhere, no frames around us.
pub(crate) const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; \
    connect-src 'self'; manifest-src 'self'; frame-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// For a preview, which is shown in a frame of our own, runs no script and sends no form. What its links open in a new window
/// is a page like any other.
pub(crate) const PREVIEW_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; \
    form-action 'none'; frame-ancestors 'self'; base-uri 'none'; sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox";

/// For a file that someone has put into the media library: nothing in it runs or loads anything.
pub(crate) const FILE_POLICY: &str = "default-src 'none'; sandbox; frame-ancestors 'none'";

/// What the layer needs to know of the site.
#[derive(Debug, Clone, Copy)]
pub struct Security {
    /// Whether visitors come over https; adds HSTS.
    pub https: bool,
}

pub(crate) async fn secure(State(security): State<Security>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    security.add_to(response.headers_mut());
    response
}

impl Security {
    /// Adds the headers that are not there yet.
    pub(crate) fn add_to(self, headers: &mut HeaderMap) {
        put(headers, header::CONTENT_SECURITY_POLICY, POLICY);
        put(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        put(headers, header::REFERRER_POLICY, "same-origin");
        put(headers, HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
        put(headers, HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
        put(headers, HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()");
        if self.https {
            put(headers, header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");
        }
    }
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.entry(name).or_insert(HeaderValue::from_static(value));
}
