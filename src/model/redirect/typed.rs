//! What is typed of a redirect: the path that it begins at and where it leads, in the one form that is stored and looked up.
//! Knows no database.

use url::Url;

use crate::{
    model::{document::rules::DocumentRules, page::path::PATH_MAX},
    text::{clean, visible},
};

/// The base that paths are read against, as browsers do.
const HERE: &str = "https://here.invalid";
/// What is at the end of a path that covers what is below it.
const BELOW: &str = "/*";

/// Where a redirect leads, as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypedTarget {
    /// A path of this site, and the part of the page, with its `#`; the part may be empty.
    Page(String, String),
    /// An address of another site, or one that the program answers itself.
    Address(String),
}

/// The path that a redirect begins at, and whether it ends in `/*` and covers what is below.
/// Errors: a sentence for the form.
pub(crate) fn parse_from(rules: &DocumentRules, typed: &str) -> Result<(String, bool), String> {
    let typed = clean::line(plain(typed)?);
    if typed.is_empty() {
        return Err("Enter the old path, such as /old-page".to_owned());
    }
    let (path, covers_below) = typed.strip_suffix(BELOW).map_or((&*typed, false), |path| (path, true));
    let url = parse_local(rules, path).ok_or_else(|| {
        if path.contains("://") {
            format!("“{path}” is on another site; a redirect begins on this one")
        } else {
            format!("“{path}” is not a path on this site, such as /about")
        }
    })?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err("Leave out what is behind ? or #; a query is kept when visitors are sent on".to_owned());
    }
    Ok((check_length(path_of(&url))?, covers_below))
}

/// Where a redirect leads.
/// Errors: a sentence for the form.
pub(crate) fn parse_target(rules: &DocumentRules, typed: &str, covers_below: bool) -> Result<TypedTarget, String> {
    let typed = clean::line(plain(typed)?);
    if typed.is_empty() {
        return Err("Enter a path, such as /about, or an address that begins with https://".to_owned());
    }
    let typed = if covers_below { typed.strip_suffix(BELOW).unwrap_or(&typed) } else { &typed };
    let target = match parse_local(rules, typed) {
        Some(url) => here(rules, &url)?,
        None => TypedTarget::Address(elsewhere(typed)?),
    };
    if covers_below && ends_in_more(&target) {
        return Err("Leave out what is behind ? or #, because this redirect adds the rest of each path".to_owned());
    }
    Ok(target)
}

/// What was typed without blanks around it. A character that nobody sees or that browsers write otherwise would make a path that
/// no visitor asks for; where it is meant, it can be percent-encoded.
/// Errors: a sentence that names the character.
fn plain(typed: &str) -> Result<&str, String> {
    let typed = typed.trim();
    let is_odd =
        |c: &char| *c == '\\' || !visible::is_visible(*c) && (!visible::is_mark(*c) || visible::is_ignorable(*c));
    let Some((at, odd)) = typed.char_indices().find(|(_, c)| is_odd(c)) else { return Ok(typed) };
    let encoded =
        percent_encoding::utf8_percent_encode(odd.encode_utf8(&mut [0; 4]), percent_encoding::NON_ALPHANUMERIC)
            .to_string();
    let what = match odd {
        '\\' => return Err(format!("There is a backslash in “{typed}”; the parts of a path have / between them")),
        '\r' | '\n' => "a line break".to_owned(),
        odd if odd.is_whitespace() => "a space".to_owned(),
        odd => format!("a character that cannot be seen, U+{:04X},", u32::from(odd)),
    };
    let (before, behind) = (&typed[..at], &typed[at + odd.len_utf8()..]);
    Err(format!(
        "There is {what} between “{before}” and “{behind}”; leave it out, or write {encoded} if it belongs there"
    ))
}

/// A path, or an address of this site.
fn parse_local(rules: &DocumentRules, typed: &str) -> Option<Url> {
    let is_path = typed.starts_with('/') && !typed.starts_with("//") && !typed.starts_with("/\\");
    if is_path {
        return Url::parse(&format!("{HERE}{typed}")).ok();
    }
    let url = Url::parse(typed).ok()?;
    (matches!(url.scheme(), "http" | "https") && place(&url) == place(&Url::parse(&rules.origin).ok()?)).then_some(url)
}

/// The host and the port of an address; none for the usual port, since one usual scheme leads to the other.
fn place(url: &Url) -> (Option<&str>, Option<u16>) {
    (url.host_str(), url.port())
}

fn here(rules: &DocumentRules, url: &Url) -> Result<TypedTarget, String> {
    let path = check_length(path_of(url))?;
    let part = url.fragment().map(|fragment| format!("#{fragment}")).unwrap_or_default();
    if rules.answers(&path) {
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        return check_length(format!("{path}{query}{part}")).map(TypedTarget::Address);
    }
    if url.query().is_some() {
        return Err("Leave out what is behind the ?; the query of visitors is kept".to_owned());
    }
    check_length(part).map(|part| TypedTarget::Page(path, part))
}

fn elsewhere(typed: &str) -> Result<String, String> {
    match Url::parse(typed) {
        Ok(url) if !matches!(url.scheme(), "http" | "https") => {
            Err(format!("“{typed}” begins with {}:; only http: and https: lead to another site", url.scheme()))
        }
        Ok(url) if !url.username().is_empty() || url.password().is_some() => {
            Err("Leave out the user name and the password before the @".to_owned())
        }
        Ok(url) => check_length(url.to_string()),
        Err(_) => Err(format!("“{typed}” is neither a path, such as /about, nor an address that begins with https://")),
    }
}

fn ends_in_more(target: &TypedTarget) -> bool {
    match target {
        TypedTarget::Page(_, part) => !part.is_empty(),
        TypedTarget::Address(address) => address.contains(['?', '#']),
    }
}

fn check_length(text: String) -> Result<String, String> {
    if text.len() > PATH_MAX {
        return Err(format!("A path or an address can have {PATH_MAX} characters; this one has {}", text.len()));
    }
    Ok(text)
}

fn path_of(url: &Url) -> String {
    let path = normal(url.path());
    let bare = path.trim_end_matches('/');
    if bare.is_empty() { "/".to_owned() } else { bare.to_owned() }
}

/// A path in the one form that is stored and looked up: only what cannot be written otherwise is percent-encoded, in
/// capitals.
#[must_use]
pub(crate) fn normal(path: &str) -> String {
    let mut normal = String::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [first, behind @ ..] = rest {
        let (byte, is_encoded, next) = match (first, behind) {
            (b'%', [high, low, behind @ ..]) => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => (high * 16 + low, true, behind),
                _ => (*first, false, &rest[1..]),
            },
            _ => (*first, false, behind),
        };
        if is_plain(byte) || (!is_encoded && matches!(byte, b'/' | b'%')) {
            normal.push(char::from(byte));
        } else {
            normal.push_str(percent_encoding::percent_encode_byte(byte));
        }
        rest = next;
    }
    normal
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

/// What a part of a path may have as it is.
const fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'-' | b'.'
                | b'_'
                | b'~'
                | b'!'
                | b'$'
                | b'&'
                | b'\''
                | b'('
                | b')'
                | b'*'
                | b'+'
                | b','
                | b';'
                | b'='
                | b':'
                | b'@'
        )
}

/// Whether a path is `base` or below it.
#[must_use]
pub(crate) fn is_at_or_below(path: &str, base: &str) -> bool {
    path.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> DocumentRules {
        DocumentRules { reserved: &["search"], origin: "https://own.example".to_owned(), ..DocumentRules::default() }
    }

    const ODD: [&str; 9] = [" ", "\u{a0}", "\u{200b}", "\u{feff}", "\u{202e}", "\r\n", "\0", "\u{7f}", "\\"];

    #[test]
    fn a_path_has_one_form() {
        for (typed, expected) in [
            ("/old", "/old"),
            ("/Old/Page.html", "/Old/Page.html"),
            ("/old/", "/old"),
            (" /a%20b\r\n", "/a%20b"),
            ("/%E2%80%8Ba", "/%E2%80%8Ba"),
            ("/\u{939}\u{93f}", "/%E0%A4%B9%E0%A4%BF"),
            ("/caf\u{e9}", "/caf%C3%A9"),
            ("/caf%c3%a9", "/caf%C3%A9"),
            ("/%6Fld", "/old"),
            ("/a%2Fb", "/a%2Fb"),
            ("/100%", "/100%"),
            ("/a/../b", "/b"),
            ("https://own.example/old", "/old"),
            ("/", "/"),
        ] {
            assert_eq!(parse_from(&rules(), typed), Ok((expected.to_owned(), false)), "{typed}");
        }
        assert_eq!(parse_from(&rules(), "/old/*"), Ok(("/old".to_owned(), true)));
        let bad =
            ["", "old", "//x.example", "/\\x.example", "https://x.example/a", "/a?b", "/a#b", "javascript:alert(1)"];
        for typed in bad {
            assert!(parse_from(&rules(), typed).is_err(), "{typed}");
        }
        assert!(parse_from(&rules(), &format!("/{}", "a".repeat(PATH_MAX))).is_err());
        for odd in ODD {
            let sentence = parse_from(&rules(), &format!("/a{odd}b")).unwrap_err();
            assert!(sentence.starts_with("There is a "), "{sentence}");
        }
    }

    #[test]
    fn a_target_is_here_or_on_another_site() {
        let page = |path: &str, part: &str| Ok(TypedTarget::Page(path.to_owned(), part.to_owned()));
        let address = |address: &str| Ok(TypedTarget::Address(address.to_owned()));
        for (typed, expected) in [
            ("/about/", page("/about", "")),
            ("/faq#why", page("/faq", "#why")),
            ("https://OWN.example/about", page("/about", "")),
            ("/search?q=x", address("/search?q=x")),
            ("https://x.example", address("https://x.example/")),
            ("http://x.example/a%20b?c#d", address("http://x.example/a%20b?c#d")),
        ] {
            assert_eq!(parse_target(&rules(), typed, false), expected, "{typed}");
        }
        assert_eq!(parse_target(&rules(), "/new/*", true), page("/new", ""));
        for typed in
            ["", "about", "//x.example", "javascript:alert(1)", "mailto:a@x.example", "https://a:b@x.example", "/a?b"]
        {
            assert!(parse_target(&rules(), typed, false).is_err(), "{typed}");
        }
        for odd in ODD {
            for typed in [format!("/a{odd}b"), format!("https://x.example/a{odd}b"), format!("https://x{odd}.example/")]
            {
                let sentence = parse_target(&rules(), &typed, false).unwrap_err();
                assert!(sentence.starts_with("There is a "), "{sentence}");
            }
        }
        for typed in ["/faq#why", "https://x.example/?a", "https://x.example/#a"] {
            assert!(parse_target(&rules(), typed, true).is_err(), "{typed}");
        }
    }
}
