//! Languages by their BCP 47 tags: whether a tag is valid, and the direction of the language's script.

use icu_locale::{Locale, LocaleDirectionality};

/// A tag in its usual spelling: `en-gb` becomes `en-GB`. None when it is not valid, or names no language.
#[must_use]
pub(crate) fn parse(typed: &str) -> Option<String> {
    let locale = Locale::try_from_str(&typed.trim().replace('_', "-")).ok()?;
    let language = locale.id.language;
    // Longer ones are well formed, but no language has one: someone wrote a name, such as “English”.
    (!language.is_unknown() && language.as_str().len() <= 3).then(|| locale.to_string())
}

/// The language of a tag without script and region: `de` of `de-AT`.
#[must_use]
pub(crate) fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or_default()
}

/// The value for `dir`: by the script that the tag names, or the one that the language is usually written in.
#[must_use]
pub(crate) fn direction(tag: &str) -> &'static str {
    let locale = Locale::try_from_str(tag).ok();
    let from_the_right = locale.is_some_and(|l| LocaleDirectionality::new_extended().is_right_to_left(&l.id));
    if from_the_right { "rtl" } else { "ltr" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_checked_and_spelled_as_usual() {
        for (typed, tag) in [
            ("en-gb", "en-GB"),
            (" EN_us ", "en-US"),
            ("he", "he"),
            ("zh-hant-tw", "zh-Hant-TW"),
            ("sr-latn", "sr-Latn"),
        ] {
            assert_eq!(parse(typed).as_deref(), Some(tag), "{typed}");
        }
        for bad in ["", "e", "English", "en-", "-", "und", "en GB", "en-\"x", "de-abcdefghij"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_script_decides_on_the_direction() {
        for tag in ["he", "ar-EG", "fa", "ur", "yi", "dv", "az-Arab"] {
            assert_eq!(direction(tag), "rtl", "{tag}");
        }
        for tag in ["en-GB", "de", "ar-Latn", "ja", "nonsense-tag-of-no-use", ""] {
            assert_eq!(direction(tag), "ltr", "{tag}");
        }
    }
}
