//! Which addresses a text may link to, by a list of what is harmless, applied to the address as browsers read it; and
//! where on this site a link leads.

use url::{ParseError, Url, form_urlencoded};

/// The only schemes; others can start a program, run a script, or read a file.
const SCHEMES: [&str; 4] = ["http", "https", "mailto", "tel"];

/// Whether a text may link to `address`: it has one of a few schemes, or none and leads to this site.
#[must_use]
pub(crate) fn is_allowed(address: &str) -> bool {
    // Most are of this kind, and need no parsing.
    if ["/", "#", "https://", "http://"].iter().any(|usual| address.starts_with(usual)) {
        return true;
    }
    match Url::parse(address) {
        Ok(url) => SCHEMES.contains(&url.scheme()),
        Err(ParseError::RelativeUrlWithoutBase) => true,
        Err(_) => false,
    }
}

/// Whether there may be a link in a text; most texts without one need not be read to know.
#[must_use]
pub(crate) fn may_be_in(text: &str) -> bool {
    ["](", "]:", "://", "www."].iter().any(|mark| text.contains(mark))
}

/// Whether an address, scheme and host included, is of this site.
#[must_use]
pub fn is_local(address: &str) -> bool {
    address.starts_with('/') && !address.starts_with("//") && !address.starts_with("/\\")
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Destination {
    /// Scheme, host and port of another site; empty for the site of the page.
    pub(crate) origin: String,
    /// The address on that site, without a slash at its end.
    pub(crate) path: String,
    /// The id of a part of that page; may be empty.
    pub(crate) fragment: String,
}

/// Where `address` leads from the page `base`; none for an e-mail address, a telephone number, or what nobody can follow.
#[must_use]
pub(crate) fn resolve(base: &Url, address: &str) -> Option<Destination> {
    let url = base.join(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let path = match url.path().trim_end_matches('/') {
        "" => "/",
        path => path,
    };
    let is_elsewhere = url.origin() != base.origin();
    Some(Destination {
        origin: if is_elsewhere { url.origin().ascii_serialization() } else { String::new() },
        path: path.to_owned(),
        fragment: id_named_by(url.fragment().unwrap_or_default()),
    })
}

/// The id that a fragment names, without the directive for browsers behind it.
fn id_named_by(fragment: &str) -> String {
    let fragment = fragment.split(":~:").next().unwrap_or_default();
    let one_name = fragment.replace('+', "%2B").replace('&', "%26").replace('=', "%3D");
    form_urlencoded::parse(one_name.as_bytes()).next().map_or_else(String::new, |(name, _)| name.into_owned())
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

    #[test]
    fn destinations_are_read_as_browsers_do() {
        let base = Url::parse("https://own.example/a/b").unwrap();
        let to = |origin: &str, path: &str, fragment: &str| {
            Some(Destination { origin: origin.to_owned(), path: path.to_owned(), fragment: fragment.to_owned() })
        };
        for (address, expected) in [
            ("/x/", to("", "/x", "")),
            ("#part", to("", "/a/b", "part")),
            ("c?q=1#1+1=2&x", to("", "/a/c", "1+1=2&x")),
            ("..", to("", "/", "")),
            ("#%C3%A4ndern", to("", "/a/b", "ändern")),
            ("#ändern", to("", "/a/b", "ändern")),
            ("#:~:text=word", to("", "/a/b", "")),
            ("https://OWN.example/x", to("", "/x", "")),
            ("http://own.example/x", to("http://own.example", "/x", "")),
            ("//other.example/x#y", to("https://other.example", "/x", "y")),
            ("mailto:a@own.example", None),
            ("ms-msdt:/x", None),
        ] {
            assert_eq!(resolve(&base, address), expected, "{address}");
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
