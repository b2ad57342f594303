//! `Vary`: several layers add to it, and none replaces what another added.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

/// Adds a request header to what the response varies with.
pub(crate) fn add(headers: &mut HeaderMap, name: &HeaderName) {
    if names(headers).any(|known| known == "*" || known.eq_ignore_ascii_case(name.as_str())) {
        return;
    }
    let known: Vec<_> = names(headers).chain([name.as_str()]).collect();
    if let Ok(value) = HeaderValue::from_str(&known.join(", ")) {
        headers.insert(header::VARY, value);
    }
}

/// Whether the response varies with nothing but this request header.
#[must_use]
pub(crate) fn is_only(headers: &HeaderMap, name: &HeaderName) -> bool {
    names(headers).all(|known| known.eq_ignore_ascii_case(name.as_str()))
}

fn names(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let values = headers.get_all(header::VARY).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(str::trim).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_lost_and_nothing_is_said_twice() {
        for (before, after) in [
            (&[][..], "accept-encoding"),
            (&["Accept-Encoding"], "Accept-Encoding"),
            (&["cookie"], "cookie, accept-encoding"),
            (&["cookie", "origin, accept-language"], "cookie, origin, accept-language, accept-encoding"),
            (&["*"], "*"),
        ] {
            let mut headers: HeaderMap =
                before.iter().map(|value| (header::VARY, HeaderValue::from_static(value))).collect();
            add(&mut headers, &header::ACCEPT_ENCODING);
            assert_eq!(headers[header::VARY], after);
            assert_eq!(is_only(&headers, &header::ACCEPT_ENCODING), before.is_empty() || before == ["Accept-Encoding"]);
        }
    }
}
