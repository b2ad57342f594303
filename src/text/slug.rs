//! Slugs: the part of a path that names one page or one question. Knows nothing of trees or routes.

/// Longest slug, in bytes.
pub(crate) const MAX: usize = 100;

/// Accepts `a-z`, `0-9` and single hyphens between them.
/// Errors: a sentence for the form.
pub(crate) fn parse(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("Enter a slug, for example: foundation-course".to_owned());
    }
    if text.len() > MAX {
        return Err(format!("The slug must be {MAX} characters or fewer"));
    }
    let clean = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if !clean || text.starts_with('-') || text.ends_with('-') || text.contains("--") {
        return Err("The slug may have small letters a to z, digits, and single hyphens between them".to_owned());
    }
    Ok(text.to_owned())
}

/// A slug made from a title: accents folded, everything else turned into hyphens. Empty when nothing is left.
#[must_use]
pub fn from_title(title: &str) -> String {
    let mut slug = slug::slugify(title);
    slug.truncate(MAX);
    slug.trim_end_matches('-').to_owned()
}

/// The slug itself, then others that begin with it, to find one that is free.
pub(crate) fn candidates(slug: &str) -> impl Iterator<Item = String> + use<> {
    let slug = slug.to_owned();
    (1..100).map(move |n| if n == 1 { slug.clone() } else { format!("{slug}-{n}") })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn refuses_what_a_slug_cannot_hold() {
        for bad in ["", " ", "-a", "a-", "a--b", "A", "ä", "a/b", "a.b", "a b", "..", "%2e", "a\0b"] {
            assert!(parse(bad).is_err(), "{bad:?}");
        }
        assert_eq!(parse(" 8-2-4 ").unwrap(), "8-2-4");
        assert_eq!(from_title("Überprüfung & Änderung 8.2.4!"), "uberprufung-anderung-8-2-4");
    }

    proptest! {
        #[test]
        fn every_title_gives_a_slug_that_parses_or_nothing(title in ".{0,300}") {
            let slug = from_title(&title);
            prop_assert!(slug.is_empty() || parse(&slug).as_ref() == Ok(&slug));
        }
    }
}
