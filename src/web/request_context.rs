//! What the log says of a request: a reference that can be read aloud, the client, the user, and the path without anything
//! secret. The layer gives each request its reference; error pages show the same one.

use std::sync::{Arc, OnceLock};

use axum::{extract::Request, middleware::Next, response::Response};
use tracing::Instrument;

use super::client::Client;
use crate::text::token;

/// Paths whose last part is a token.
const SECRET: [&str; 2] = ["/admin/setup/", "/admin/invitations/"];
/// A part of a path as long as this, with capitals, may be a token in the wrong place.
const TOKEN: usize = 40;

/// See the file's head. Cheap to clone.
#[derive(Debug, Clone)]
pub struct RequestContext {
    /// The reference of the request.
    pub id: Arc<str>,
    /// Where it came from.
    pub client: Option<Client>,
    /// The path as it may be logged.
    pub path: Arc<str>,
    user: Arc<OnceLock<i64>>,
}

impl RequestContext {
    /// Remembers who is signed in, for the log.
    pub fn set_user(&self, id: i64) {
        // The first one stays: it is who sent the request.
        let _ = self.user.set(id);
    }

    /// Who is signed in, if that is known.
    #[must_use]
    pub fn user(&self) -> Option<i64> {
        self.user.get().copied()
    }
}

/// The layer. `proxies::identify` comes before it.
pub async fn set(mut request: Request, next: Next) -> Response {
    let context = RequestContext {
        id: token::reference().into(),
        client: request.extensions().get().copied(),
        path: loggable(request.uri().path()).into(),
        user: Arc::default(),
    };
    let span = tracing::info_span!("request", id = %context.id, method = %request.method(), path = %context.path);
    request.extensions_mut().insert(context);
    next.run(request).instrument(span).await
}

/// A path without tokens, without a query, and not longer than a line of the log should be.
#[must_use]
pub fn loggable(path: &str) -> String {
    let mut parts: Vec<&str> = path.split('/').map(|part| if is_secret(part) { "…" } else { part }).collect();
    let known = SECRET.iter().any(|prefix| path.to_ascii_lowercase().starts_with(prefix));
    if known {
        parts.truncate(3);
        parts.push("…");
    }
    parts.join("/").chars().filter(|c| !c.is_control()).take(200).collect()
}

fn is_secret(part: &str) -> bool {
    part.len() >= TOKEN && part.bytes().any(|byte| byte.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_left_out() {
        let token = token::random();
        for (path, shown) in [
            ("/about".to_owned(), "/about"),
            (format!("/admin/setup/{token}"), "/admin/setup/…"),
            (format!("/admin/invitations/{token}/"), "/admin/invitations/…"),
            (format!("/Admin/Invitations/{}", &token[..10]), "/Admin/Invitations/…"),
            (format!("/somewhere/{token}/else"), "/somewhere/…/else"),
            (
                "/a-long-slug-that-somebody-wrote-without-any-capital".to_owned(),
                "/a-long-slug-that-somebody-wrote-without-any-capital",
            ),
        ] {
            assert_eq!(loggable(&path), shown);
        }
        assert_eq!(loggable(&"/x".repeat(9999)).chars().count(), 200);
    }
}
