//! Which addresses a text may link to. Decided on the address as browsers read it, by what is known to be harmless.

use url::{ParseError, Url};

/// The only schemes; everything else can start a program, run a script, or read a file.
const SCHEMES: [&str; 4] = ["http", "https", "mailto", "tel"];

/// Whether a text may link to `address`: it has one of a few schemes, or none and leads to this site.
#[must_use]
pub fn is_allowed(address: &str) -> bool {
    // Most are of this kind, and there is nothing to find out about them.
    if ["/", "#", "https://", "http://"].iter().any(|usual| address.starts_with(usual)) {
        return true;
    }
    match Url::parse(address) {
        Ok(url) => SCHEMES.contains(&url.scheme()),
        Err(ParseError::RelativeUrlWithoutBase) => true,
        Err(_) => false,
    }
}

/// Whether an address stands on this site, given whole.
#[must_use]
pub fn is_local(address: &str) -> bool {
    address.starts_with('/') && !address.starts_with("//") && !address.starts_with("/\\")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_a_few_schemes_pass() {
        for good in [
            "https://x.example/a?b#c",
            "HTTP://x.example",
            "mailto:a@x.example?subject=b",
            "tel:+44-20-1234",
            "/a/b#c",
            "a/b",
            "../a",
            "#part",
            "?q=1",
            "",
            "//x.example/a",
            "8.2.4",
            "javascript%3Aalert(1)",
        ] {
            assert!(is_allowed(good), "{good}");
        }
        for bad in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            " javascript:alert(1)",
            "\u{1}javascript:alert(1)",
            "java\tscript:alert(1)",
            "java\nscript:alert(1)",
            "vbscript:x",
            "data:text/html,x",
            "data:image/png;base64,AA",
            "file:///etc/passwd",
            "ms-msdt:/id",
            "feed:https://x.example",
            "blob:https://x.example/1",
            "intent://x#Intent;end",
            "view-source:https://x.example",
            "ftp://x.example",
            "sms:+44",
            "x:y",
        ] {
            assert!(!is_allowed(bad), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn what_passes_has_a_known_scheme_or_none(address in "[ \t\n\u{0}-\u{1f}]{0,2}[a-zA-Z+.\t\n-]{0,12}:?[/a-z:%0-9]{0,10}") {
            let base = Url::parse("https://own.example/").unwrap();
            if is_allowed(&address) && let Ok(url) = base.join(&address) {
                prop_assert!(SCHEMES.contains(&url.scheme()), "{:?} leads to {}", address, url);
            }
        }
    }
}
