//! The one folding for everything that is searched: texts that fold to the same match. Used by the index, by the lists
//! of the admin area, and by the filter of the questions; no script has its own.

use unicode_normalization::{UnicodeNormalization, char::canonical_combining_class};

use super::visible::is_ignorable;

/// Case, accents, compatibility forms, ligatures, typographic quotes and dashes, and invisible characters folded. “İSO”
/// is `iso`, “straße” is `strasse`, “Łódź” is `lodz`, “ΣΟΦΟΣ” and “σοφός” are one, and so are both forms of “é”. Marks
/// that make a different letter, such as vowel signs of Indian scripts and voiced kana, stay.
#[must_use]
pub(crate) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let once = fold_once(text);
    // Folding the case may produce a mark, so the second pass folds what the first made.
    if once.is_ascii() { once } else { fold_once(&once) }
}

fn fold_once(text: &str) -> String {
    let lower = text.nfkd().collect::<String>().to_lowercase();
    let mut folded = String::with_capacity(lower.len());
    for c in lower.nfkd().filter(|c| !is_accent(*c) && !is_ignorable(*c)) {
        match c {
            'ς' => folded.push('σ'),
            '\u{2018}'..='\u{201b}' | '\u{2bc}' | '\u{2032}' => folded.push('\''),
            '\u{201c}'..='\u{201f}' | '«' | '»' => folded.push('"'),
            '\u{2010}'..='\u{2015}' | '\u{2212}' => folded.push('-'),
            c => match deunicode::deunicode_char(c).filter(|plain| is_latin(c) && !plain.is_empty()) {
                Some(plain) => folded.push_str(&plain.to_ascii_lowercase()),
                None => folded.push(c),
            },
        }
    }
    folded.nfc().collect()
}

/// Accents of Latin, Greek and Cyrillic letters, points and vowels of Hebrew, Arabic and Syriac ones; not nuktas, voiced
/// marks of kana, viramas, or vowels of the scripts of South-East Asia.
fn is_accent(c: char) -> bool {
    matches!(canonical_combining_class(c), 1 | 10..=36 | 200..=240)
}

/// Latin letters that do not decompose to `a` to `z`: ß, ł, ø, æ, ı and others.
fn is_latin(c: char) -> bool {
    c.is_alphabetic() && matches!(c, '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' | '\u{2c60}'..='\u{2c7f}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What is typed, and what is found by it.
    const SAMPLES: [(&str, &str); 22] = [
        ("iso", "İSO"),
        ("itil", "İTİL"),
        ("ısık", "IŞIK"),
        ("uber", "Übersicht"),
        ("Übersicht", "u\u{308}bersicht"),
        ("jose", "José"),
        ("José", "Jose\u{301}"),
        ("Jose\u{301}", "José"),
        ("STRASSE", "Straße"),
        ("straße", "STRASSE"),
        ("lodz", "Łódź"),
        ("odense", "Ødense"),
        ("aether", "Æther"),
        ("σοφος", "ΣΟΦΌΣ"),
        ("ΣΟΦΟΣ", "σοφός"),
        ("шелк", "Шёлк"),
        ("שלום", "שָׁלוֹם"),
        ("محمد", "مُحَمَّد"),
        ("file", "ﬁle"),
        ("iso 20000", "ＩＳＯ\u{a0}２００００"),
        ("today's", "today’s"),
        ("super-long", "Su\u{ad}per‑long"),
    ];

    #[test]
    fn both_spellings_are_one() {
        for (typed, text) in SAMPLES {
            assert!(fold(text).contains(&fold(typed)), "{typed}: {} in {}", fold(typed), fold(text));
        }
    }

    #[test]
    fn letters_that_differ_stay_apart() {
        for (one, other) in [("か", "が"), ("क", "कि"), ("한", "하"), ("ด", "ดี"), ("o", "u"), ("日", "本")]
        {
            assert_ne!(fold(one), fold(other));
        }
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in any::<String>()) {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn the_form_of_a_letter_does_not_matter(text in any::<String>()) {
            prop_assert_eq!(fold(&text.nfd().collect::<String>()), fold(&text.nfc().collect::<String>()));
        }

        #[test]
        fn the_case_of_a_letter_does_not_matter(text in "[a-zà-öø-ÿα-ωа-яěščřžłő ]{0,30}") {
            prop_assert_eq!(fold(&text.to_uppercase()), fold(&text));
        }
    }
}
