//! What a signed-in user sent with a form, kept while the request runs: if it ends with an error page, that page shows
//! it. Knows no form.

use std::sync::{Arc, OnceLock};

use axum::{
    body::Body,
    extract::{FromRequest, Request},
    http::{Method, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;

use crate::{
    admin::paths::DashboardPath,
    web::{form, path::is_at_or_below},
};
use axum_extra::routing::TypedPath;

/// Added to a request by the layer that draws error pages, filled by the permission check.
#[derive(Debug, Clone, Default)]
pub(crate) struct KeptForm(Arc<OnceLock<Bytes>>);

/// Fields that nobody types into.
const UNTYPED: [&str; 33] = [
    "above",
    "after",
    "assignee",
    "base",
    "before",
    "below",
    "category",
    "clash",
    "do",
    "draft",
    "focus",
    "layout",
    "live",
    "made_from",
    "mention",
    "menu",
    "message",
    "next",
    "index",
    "reply_to",
    "revision",
    "role",
    "seen",
    "seen_uses",
    "since",
    "submission",
    "template",
    "to",
    "trashed_at",
    "under",
    "undo",
    "username",
    "version",
];

/// Whether a field of this name is shown to the user who sent it: neither a password nor a field that the form adds
/// itself.
#[must_use]
pub fn is_shown(name: &str) -> bool {
    let is_untyped = UNTYPED.contains(&name)
        || ["was_", "keep_", "clash_", "yours_", "theirs_", "draft_"].iter().any(|start| name.starts_with(start));
    !is_untyped && !is_password(name)
}

/// Whether a field of this name holds a password, which is never sent back.
#[must_use]
pub(crate) fn is_password(name: &str) -> bool {
    name.contains("password")
}

impl KeptForm {
    /// Prepares to keep what this request sends; none for a request that sends nothing to the admin area.
    pub(crate) fn of(request: &mut Request) -> Option<Self> {
        if *request.method() != Method::POST || !is_at_or_below(request.uri().path(), DashboardPath::PATH) {
            return None;
        }
        let kept = Self::default();
        request.extensions_mut().insert(kept.clone());
        Some(kept)
    }

    /// All that was sent, without passwords.
    #[must_use]
    pub(crate) fn fields(&self) -> Vec<(String, String)> {
        let mut pairs: Vec<(String, String)> =
            self.0.get().and_then(|bytes| form::read(bytes).ok()).unwrap_or_default();
        pairs.retain(|(name, _)| !is_password(name));
        pairs
    }
}

/// Reads the body of a form, keeps it, and returns the request with it.
/// Errors: the response to a body that is too large or breaks off.
pub(crate) async fn keep(request: Request) -> Result<Request, Response> {
    let Some(kept) = request.extensions().get::<KeptForm>().cloned() else { return Ok(request) };
    let kind = request.headers().get(header::CONTENT_TYPE);
    if !kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/x-www-form-urlencoded")) {
        return Ok(request);
    }
    let (parts, body) = request.into_parts();
    let bytes = Bytes::from_request(Request::from_parts(parts.clone(), body), &()).await;
    let bytes = bytes.map_err(IntoResponse::into_response)?;
    let _ = kept.0.set(bytes.clone());
    Ok(Request::from_parts(parts, Body::from(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_told_from_what_the_form_needs() {
        for name in ["base", "was_name", "password", "confirm_password", "submission", "keep_title", "assignee"] {
            assert!(!is_shown(name), "{name}");
        }
        assert!(is_shown("menu_label"));
        let kept = KeptForm::default();
        kept.0.set(Bytes::from_static(b"base=1&password=x&body=A%0D%0Ab")).unwrap();
        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(kept.fields(), [field("base", "1"), field("body", "A\r\nb")]);
        assert!(KeptForm::default().fields().is_empty());
    }
}
