//! The conditions of a request, in the order of RFC 9110 (13.2.2). Our answers have no date of change, so a condition on one
//! is ignored, as it says there.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Answer as if there were no conditions.
    Go,
    /// 304: the client has it.
    Unchanged,
    /// 412: the client has another version.
    Failed,
}

/// Evaluates the conditions of a request for something with this tag, or without one.
#[must_use]
pub(crate) fn judge(method: &Method, asked: &HeaderMap, tag: Option<&HeaderValue>) -> Verdict {
    let tag = tag.map(HeaderValue::as_bytes);
    if asked.contains_key(header::IF_MATCH) && !any(asked, &header::IF_MATCH, |listed| Some(listed) == tag) {
        return Verdict::Failed;
    }
    let weakly = |listed: &[u8]| tag.is_some_and(|tag| is_weakly(listed, tag));
    if !any(asked, &header::IF_NONE_MATCH, weakly) {
        return Verdict::Go;
    }
    if matches!(*method, Method::GET | Method::HEAD) { Verdict::Unchanged } else { Verdict::Failed }
}

/// Whether an `If-None-Match` names a tag, by the weak comparison of RFC 9110 (13.1.2).
#[must_use]
pub(crate) fn lists(list: &str, tag: &HeaderValue) -> bool {
    holds(list, |listed| is_weakly(listed, tag.as_bytes()))
}

fn is_weakly(listed: &[u8], tag: &[u8]) -> bool {
    listed.strip_prefix(b"W/").unwrap_or(listed) == tag
}

/// Whether a list of tags holds `*` or one that fits.
fn holds(list: &str, fits: impl Fn(&[u8]) -> bool) -> bool {
    list.split(',').map(str::trim).any(|listed| listed == "*" || fits(listed.as_bytes()))
}

/// The same for a header, in however many fields.
fn any(asked: &HeaderMap, name: &HeaderName, fits: impl Fn(&[u8]) -> bool) -> bool {
    asked.get_all(name).iter().filter_map(|value| value.to_str().ok()).any(|list| holds(list, &fits))
}

/// The layer, for what has no tag: a page that is made for one visitor, and whatever changes something.
pub(crate) async fn check(request: Request, next: Next) -> Response {
    let conditions = [header::IF_MATCH, header::IF_NONE_MATCH];
    if !conditions.iter().any(|name| request.headers().contains_key(name)) {
        return next.run(request).await;
    }
    let verdict = judge(request.method(), request.headers(), None);
    if !request.method().is_safe() {
        return if verdict == Verdict::Go { next.run(request).await } else { precondition_failed() };
    }
    let response = next.run(request).await;
    // It has a tag, so it was asked for by its handler.
    if response.headers().contains_key(header::ETAG) {
        return response;
    }
    // Only for a success: otherwise there is nothing that the condition could be about.
    match verdict {
        Verdict::Failed if response.status().is_success() => precondition_failed(),
        _ => response,
    }
}

fn precondition_failed() -> Response {
    StatusCode::PRECONDITION_FAILED.into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(method: &Method, fields: &[(HeaderName, &'static str)]) -> Verdict {
        let asked = fields.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect();
        judge(method, &asked, Some(&HeaderValue::from_static("\"own\"")))
    }

    #[test]
    fn conditions_are_judged_in_their_order() {
        use Verdict::{Failed, Go, Unchanged};
        for (fields, expected) in [
            (&[][..], Go),
            (&[(header::IF_MATCH, "\"other\", \"own\"")], Go),
            (&[(header::IF_MATCH, "*")], Go),
            (&[(header::IF_MATCH, "\"other\"")], Failed),
            (&[(header::IF_MATCH, "W/\"own\"")], Failed),
            (&[(header::IF_NONE_MATCH, "W/\"own\"")], Unchanged),
            (&[(header::IF_NONE_MATCH, "\"a\", \"own\"")], Unchanged),
            (&[(header::IF_NONE_MATCH, "\"a\"")], Go),
            (&[(header::IF_MATCH, "\"other\""), (header::IF_NONE_MATCH, "\"own\"")], Failed),
            (&[(header::IF_MATCH, "\"own\""), (header::IF_NONE_MATCH, "\"own\"")], Unchanged),
            (&[(header::IF_UNMODIFIED_SINCE, "Thu, 01 Jan 1970 00:00:00 GMT")], Go),
            (&[(header::IF_MODIFIED_SINCE, "Fri, 01 Jan 2100 00:00:00 GMT")], Go),
        ] {
            assert_eq!(verdict(&Method::GET, fields), expected, "{fields:?}");
        }
        assert_eq!(verdict(&Method::POST, &[(header::IF_NONE_MATCH, "*")]), Failed);
    }
}
