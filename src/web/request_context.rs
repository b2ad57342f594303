//! What the log says of a request: a reference that can be read aloud, the client, and the path without anything secret.
//! The layer gives each request its reference; error pages show the same one.

use std::{sync::Arc, time::Instant};

use axum::{extract::Request, middleware::Next, response::Response};
use tracing::Instrument;

use super::client::Client;
use crate::text::token;

/// Addresses whose last part opens something by itself.
const SECRET: [&str; 2] = ["/admin/setup/", "/admin/invitations/"];
/// A part of an address as long as this, with capitals, may be a token that stands where it does not belong.
const TOKEN: usize = 40;

/// See the file's head. Cheap to clone.
#[derive(Debug, Clone)]
pub struct RequestContext {
    /// The reference of the request.
    pub id: Arc<str>,
    /// Whose it is.
    pub client: Option<Client>,
    /// The path as it may be logged.
    pub path: Arc<str>,
}

/// The layer. `client::identify` stands before it.
pub async fn set(mut request: Request, next: Next) -> Response {
    let context = RequestContext {
        id: token::reference().into(),
        client: request.extensions().get().copied(),
        path: loggable(request.uri().path()).into(),
    };
    let span = tracing::info_span!("request", id = %context.id, method = %request.method(), path = %context.path);
    request.extensions_mut().insert(context);
    let since = Instant::now();
    async move {
        let response = next.run(request).await;
        tracing::debug!(status = response.status().as_u16(), took = ?since.elapsed(), "answered");
        response
    }
    .instrument(span)
    .await
}

/// A path without what could open a door, without queries, and of a bearable length.
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
