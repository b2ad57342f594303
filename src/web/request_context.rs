//! What the log says of a request: a reference that can be read aloud, the client, the user, and the path without anything
//! secret. The layer gives each request its reference; error pages show the same one.

use std::sync::{Arc, OnceLock};

use axum::{
    extract::{Request, State},
    http::Method,
    middleware::Next,
    response::Response,
};
use tracing::Instrument;

use super::client::Client;
use crate::crypto;

/// A part of a path of this length with capitals may be a token in the wrong place.
const TOKEN: usize = 40;

/// More of a method than this is not logged.
const METHOD: usize = 20;

/// Routes with a token, such as `/setup/{token}`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SecretPaths(pub(crate) &'static [&'static str]);

/// See the file's head. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct RequestContext {
    pub(crate) id: Arc<str>,
    pub(crate) client: Option<Client>,
    /// The path as it may be logged.
    pub(crate) path: Arc<str>,
    user: Arc<OnceLock<i64>>,
}

impl RequestContext {
    /// Remembers who is signed in, for the log.
    pub(crate) fn set_user(&self, id: i64) {
        // The first one stays: that user sent the request.
        let _ = self.user.set(id);
    }

    /// Who is signed in, if that is known.
    #[must_use]
    pub(crate) fn user(&self) -> Option<i64> {
        self.user.get().copied()
    }
}

/// The layer. `proxies::identify` comes before it.
pub(crate) async fn set(State(secret): State<SecretPaths>, mut request: Request, next: Next) -> Response {
    let context = RequestContext {
        id: crypto::reference().into(),
        client: request.extensions().get().copied(),
        path: loggable(request.uri().path(), secret).into(),
        user: Arc::default(),
    };
    // The access log has method and path; here they would be formatted for every request, logged or not.
    let span = tracing::info_span!("request", id = %context.id);
    request.extensions_mut().insert(context);
    next.run(request).instrument(span).await
}

/// A path without tokens, without a query, and not longer than a line of the log should be.
#[must_use]
pub(crate) fn loggable(path: &str, secret: SecretPaths) -> String {
    let mut parts: Vec<&str> = path.split('/').map(|part| if is_secret(part) { "…" } else { part }).collect();
    let lower = path.to_ascii_lowercase();
    let known = secret.0.iter().any(|route| route.split('{').next().is_some_and(|prefix| lower.starts_with(prefix)));
    if known {
        parts.truncate(3);
        parts.push("…");
    }
    parts.join("/").chars().filter(|c| !c.is_control()).take(200).collect()
}

/// A method, cut to the length of a usual one: a client can send one of any length.
#[must_use]
pub(crate) fn loggable_method(method: &Method) -> &str {
    method.as_str().get(..METHOD).unwrap_or(method.as_str())
}

fn is_secret(part: &str) -> bool {
    part.len() >= TOKEN && part.bytes().any(|byte| byte.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_left_out() {
        let (token, secret) =
            (crypto::random_token(), SecretPaths(&["/admin/setup/{token}", "/admin/invitations/{token}"]));
        for (path, shown) in [
            ("/about".to_owned(), "/about"),
            (format!("/admin/setup/{token}"), "/admin/setup/…"),
            (format!("/admin/invitations/{token}/"), "/admin/invitations/…"),
            (format!("/Admin/Invitations/{}", &token[..10]), "/Admin/Invitations/…"),
            (format!("/somewhere/{token}/else"), "/somewhere/…/else"),
            (
                "/a-long-slug-that-someone-wrote-without-any-capital".to_owned(),
                "/a-long-slug-that-someone-wrote-without-any-capital",
            ),
        ] {
            assert_eq!(loggable(&path, secret), shown);
        }
        assert_eq!(loggable(&"/x".repeat(9999), secret).chars().count(), 200);
    }
}
