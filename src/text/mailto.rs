//! `mailto:` links (RFC 6068). Knows nothing of messages.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::email::ascii_domain;

/// Longest link that all common mail programs take, in characters.
pub(crate) const MAX: usize = 1900;

/// All but the unreserved characters of RFC 3986.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A link that opens an empty e-mail to `to`.
#[must_use]
pub(crate) fn address(to: &str) -> String {
    let (local, domain) = to.rsplit_once('@').unwrap_or((to, ""));
    format!("mailto:{}@{}", encode(local), encode(&ascii_domain(domain)))
}

/// A link that opens an e-mail to `to`. An empty body is left out. Nothing in the values can add a header.
#[must_use]
pub(crate) fn link(to: &str, subject: &str, body: &str) -> String {
    let mut link = format!("{}?subject={}", address(to), encode(subject));
    if !body.is_empty() {
        link.push_str("&body=");
        link.push_str(&encode(body));
    }
    link
}

fn encode(text: &str) -> String {
    utf8_percent_encode(&text.replace('\n', "\r\n"), ENCODED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stay_values() {
        assert_eq!(
            link("a&cc=b?c@portal.example", "Re: 1 & 2", "é\nline"),
            "mailto:a%26cc%3Db%3Fc@portal.example?subject=Re%3A%201%20%26%202&body=%C3%A9%0D%0Aline"
        );
        assert_eq!(link("a@b.example", "s", ""), "mailto:a@b.example?subject=s");
        assert_eq!(link("a@müller.example", "s", ""), "mailto:a@xn--mller-kva.example?subject=s");
    }
}
