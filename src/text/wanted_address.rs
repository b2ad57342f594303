//! One e-mail address that is looked for in texts, however it is spelled there: in capitals, with its domain in the letters of a
//! language or as in the DNS, within brackets or a sentence. Part of another address is not it.

use std::{borrow::Cow, ops::Range};

use percent_encoding::percent_decode_str;
use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::email;

/// Longest address, in bytes; no part of one is longer.
const LONGEST: usize = 254;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WantedAddress {
    /// Both in their normal form.
    local: String,
    domain: String,
}

impl WantedAddress {
    /// None when it is no address.
    #[must_use]
    pub(crate) fn parse(typed: &str) -> Option<Self> {
        let normal = email::parse(typed, LONGEST)?;
        let (local, domain) = normal.rsplit_once('@')?;
        Some(Self { local: local.to_owned(), domain: domain.to_owned() })
    }

    /// As addresses are stored and looked up.
    #[must_use]
    pub(crate) fn normal(&self) -> String {
        format!("{}@{}", self.local, self.domain)
    }

    #[must_use]
    pub(crate) fn is_in(&self, text: &str) -> bool {
        text.contains('@') && !self.places(&compose(text)).is_empty()
    }

    /// The same for the query of an address of the web.
    #[must_use]
    pub(crate) fn is_in_query(&self, query: &str) -> bool {
        self.is_in(&percent_decode_str(&query.replace('+', " ")).decode_utf8_lossy())
            || self.is_in(&percent_decode_str(query).decode_utf8_lossy())
    }

    /// The text with `other` wherever it has the address.
    #[must_use]
    pub(crate) fn replace_in(&self, text: &str, other: &str) -> String {
        let text = compose(text);
        let (mut replaced, mut from) = (String::new(), 0);
        for place in self.places(&text) {
            replaced.push_str(&text[from..place.start]);
            replaced.push_str(other);
            from = place.end;
        }
        replaced + &text[from..]
    }

    fn places(&self, text: &str) -> Vec<Range<usize>> {
        let found = text.match_indices('@').filter_map(|(sign, _)| {
            let (before, behind) = (&text[..sign], &text[sign + 1..]);
            Some(self.local_start(before)?..sign + 1 + self.domain_length(behind)?)
        });
        found.collect()
    }

    /// Where the local part begins that ends a text.
    fn local_start(&self, text: &str) -> Option<usize> {
        let mut wanted = self.local.chars().rev().peekable();
        for (start, c) in text.char_indices().rev() {
            for lower in c.to_lowercase().rev() {
                if alike(wanted.next()?) != alike(lower) {
                    return None;
                }
            }
            if wanted.peek().is_none() {
                return (!goes_on(text[..start].chars().rev(), &['.', '+', '-', '_', '\''])).then_some(start);
            }
        }
        None
    }

    /// How long the domain is that begins a text.
    fn domain_length(&self, text: &str) -> Option<usize> {
        let belongs = |c: char| c.is_alphanumeric() || ['-', '.'].contains(&c) || !c.is_ascii() && !c.is_whitespace();
        let run = text.char_indices().take_while(|(at, c)| *at < LONGEST && belongs(*c));
        run.map(|(at, c)| at + c.len_utf8()).find(|end| {
            !goes_on(text[*end..].chars(), &['.', '-', '。']) && email::ascii_domain(&text[..*end]) == self.domain
        })
    }
}

/// Whether these characters, from the address outwards, belong to a longer one.
fn goes_on(mut outwards: impl Iterator<Item = char>, joints: &[char]) -> bool {
    match outwards.next() {
        Some(c) if joints.contains(&c) => outwards.next().is_some_and(char::is_alphanumeric),
        Some(c) => c.is_alphanumeric(),
        None => false,
    }
}

/// The two forms of a small sigma are one.
const fn alike(c: char) -> char {
    if c == 'ς' { 'σ' } else { c }
}

/// In normal form C, like the address.
fn compose(text: &str) -> Cow<'_, str> {
    if is_nfc(text) { Cow::Borrowed(text) } else { text.nfc().collect::<String>().into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(typed: &str) -> WantedAddress {
        WantedAddress::parse(typed).unwrap()
    }

    #[test]
    fn every_spelling_is_found_and_no_longer_address() {
        let ada = address("Ada@Example.org");
        for text in [
            "ada@example.org",
            "Write to ADA@EXAMPLE.ORG.",
            "<mailto:ada@Example.org>, at once",
            "_ada@example.org_",
            "email=ada@example.org&folder=all",
            "see …ada@example.org”",
            "b@c.d,ada@example.org",
        ] {
            assert!(ada.is_in(text), "{text}");
        }
        for text in
            ["lada@example.org", "x.ada@example.org", "ada@example.org.uk", "ada@example.orgs", "ada", "@", "ada@"]
        {
            assert!(!ada.is_in(text), "{text}");
        }
        assert!(ada.is_in_query("?q=ada%40example.org") && !ada.is_in_query("?q=ada"));
        assert!(address("ada+iso@example.org").is_in_query("email=ada%2Biso%40example.org"));
        let user = address("jos\u{e9}@müller.example");
        for text in ["JOSE\u{301}@MU\u{308}LLER.example", "josé@xn--mller-kva.example.", "„josé@müller.example“"]
        {
            assert!(user.is_in(text), "{text}");
        }
        assert_eq!(WantedAddress::parse("ada"), None);
    }

    #[test]
    fn the_rest_of_a_text_stays() {
        let ada = address("ada@example.org");
        let text = "Ada (ADA@example.org) and lada@example.org: ada@example.org.";
        assert_eq!(ada.replace_in(text, "…"), "Ada (…) and lada@example.org: ….");
        assert_eq!(ada.replace_in("none", "…"), "none");
    }
}
