//! What is visible of a text. Knows no field: `clean` makes a text without visible characters empty.

use icu_properties::{
    CodePointMapData, CodePointSetData,
    props::{DefaultIgnorableCodePoint, GeneralCategory, WhiteSpace},
};

/// Letters and symbols by their category, gaps on the screen: the Braille pattern without a dot, the place of an object
/// that is not in the text, the blanks among the hieroglyphs, and the note without a head.
const BLANK: [char; 5] = ['\u{2800}', '\u{fffc}', '\u{13441}', '\u{13442}', '\u{1d159}'];

/// Whether a reader sees anything of this text. Spaces, controls, fillers, and marks that need a base letter do not
/// count; nor do private and unassigned characters, which have no glyph.
#[must_use]
pub fn has_any(text: &str) -> bool {
    text.chars().any(is_visible)
}

/// Whether this character shows something by itself.
#[must_use]
pub(crate) fn is_visible(c: char) -> bool {
    use GeneralCategory as Category;
    if c.is_ascii() {
        return c.is_ascii_graphic();
    }
    let shows_nothing = matches!(
        category(c),
        Category::Control
            | Category::Format
            | Category::Surrogate
            | Category::PrivateUse
            | Category::Unassigned
            | Category::SpaceSeparator
            | Category::LineSeparator
            | Category::ParagraphSeparator
            | Category::NonspacingMark
            | Category::EnclosingMark
            | Category::SpacingMark
    );
    !shows_nothing && !is_ignorable(c) && !BLANK.contains(&c) && !CodePointSetData::new::<WhiteSpace>().contains(c)
}

/// Whether this character is invisible when text is drawn: zero-width characters, marks of direction, variation
/// selectors, fillers.
#[must_use]
pub(crate) fn is_ignorable(c: char) -> bool {
    !c.is_ascii() && CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
}

/// Whether this character belongs to the letter before it.
#[must_use]
pub(crate) fn is_mark(c: char) -> bool {
    use GeneralCategory as Category;
    !c.is_ascii() && matches!(category(c), Category::NonspacingMark | Category::EnclosingMark | Category::SpacingMark)
}

fn category(c: char) -> GeneralCategory {
    CodePointMapData::<GeneralCategory>::new().get(c)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_what_a_reader_sees_counts() {
        for nothing in [
            "",
            " \t\n",
            "\0\u{7f}\u{85}",
            "\u{a0}\u{3000}\u{2028}",
            "\u{ad}",
            "\u{200b}\u{200c}\u{200d}\u{2060}\u{feff}",
            "\u{200e}\u{202e}\u{2066}\u{2069}\u{61c}",
            "\u{115f}\u{1160}\u{3164}\u{ffa0}",
            "\u{2800}\u{fffc}",
            "\u{13441}\u{13442}\u{1d159}",
            "\u{300}\u{20dd}\u{93e}",
            "\u{fe0f}\u{e0100}",
            "\u{180e}\u{34f}",
            "\u{e000}\u{10fffd}",
            "\u{378}\u{ffff}",
        ] {
            assert!(!has_any(nothing), "{nothing:?}");
        }
        for something in ["a", "-", "é", "e\u{301}", "ß", "日", "ﬁ", "שלום", "हि", "\u{2764}\u{fe0f}", "🎉", "\u{2801}"]
        {
            assert!(has_any(something), "{something:?}");
            assert!(has_any(&format!("\u{200b}{something}\u{2800}")), "{something:?}");
        }
    }

    proptest! {
        #[test]
        fn a_text_is_visible_by_any_of_its_characters(text in ".{0,40}") {
            prop_assert_eq!(has_any(&text), text.chars().any(|c| has_any(&c.to_string())));
            let seen = format!("{text}x");
            prop_assert!(has_any(&seen));
            prop_assert!(!text.chars().any(|c| c.is_alphanumeric() && !is_mark(c) && !is_ignorable(c) && !BLANK.contains(&c) && !is_visible(c)));
        }
    }
}
