//! Which bodies gain from compression.

use axum::http::{HeaderMap, header};

/// Shorter ones gain nothing.
pub(crate) const COMPRESSIBLE: usize = 512;

/// Whether this content type gains from it.
#[must_use]
pub(crate) fn is_text(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.starts_with("text/") || kind.contains("xml") || kind.contains("json") || kind.contains("javascript")
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn every_kind_of_text_gains_from_compression() {
        for (kind, gains) in [
            ("text/html; charset=utf-8", true),
            ("application/xml", true),
            ("image/svg+xml", true),
            ("application/json", true),
            ("application/javascript", true),
            ("image/png", false),
        ] {
            let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static(kind))]);
            assert_eq!(is_text(&headers), gains, "{kind}");
        }
        assert!(!is_text(&HeaderMap::new()));
    }
}
