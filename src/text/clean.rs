//! Removes from typed text what nobody types and no screen, file or database should hold. A text without visible
//! characters becomes empty.

use unicode_normalization::UnicodeNormalization;

use super::visible;

/// One line in normal form (NFC): every run of white space becomes a single space; control characters and marks that
/// turn the direction of writing around are dropped.
#[must_use]
pub(crate) fn line(text: &str) -> String {
    let text = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c });
    let plain: String = text.filter(|c| !c.is_control() && !turns_direction(*c)).nfc().collect();
    let line = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    if visible::has_any(&line) { line } else { String::new() }
}

/// Several lines that end in `\n`, without control characters except the tab, without marks that override the direction
/// of what follows, and without blank lines around. The indentation of the first line stays, as it may mark code.
#[must_use]
pub fn lines(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{85}', '\u{2028}', '\u{2029}'], "\n");
    let plain: String =
        text.chars().filter(|c| (!c.is_control() || matches!(c, '\n' | '\t')) && !overrides_direction(*c)).collect();
    if visible::has_any(&plain) { without_blank_lines_around(&plain).to_owned() } else { String::new() }
}

/// The text from its first line that is not blank to its last.
#[must_use]
pub(crate) fn without_blank_lines_around(text: &str) -> &str {
    let is_blank = |line: &str| line.bytes().all(|b| matches!(b, b' ' | b'\t'));
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('\n').filter(|(first, _)| is_blank(first)) {
        rest = after;
    }
    while let Some((before, _)) = rest.rsplit_once('\n').filter(|(_, last)| is_blank(last)) {
        rest = before;
    }
    if is_blank(rest) { "" } else { rest }
}

/// Such marks can make a name or an address look like another.
const fn turns_direction(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Embeddings and overrides, which isolates replace; within a text they can make code look like other code.
const fn overrides_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_nobody_types_is_dropped() {
        assert_eq!(line(" Ada\0 \r\n Love\u{202e}lace\u{7f} "), "Ada Lovelace");
        assert_eq!(line("Jose\u{301}"), "Jos\u{e9}");
        assert_eq!(lines("\r\n one\0\r\n\ttwo\rthree \n"), " one\n\ttwo\nthree ");
        assert_eq!(lines(" \n\t\n    code\n\n  more\n \n"), "    code\n\n  more");
        assert_eq!(lines("a\u{2028}b \u{202e}c\u{2067}d"), "a\nb c\u{2067}d");
    }

    #[test]
    fn what_cannot_be_seen_is_nothing() {
        for nothing in ["\u{200b}", "\u{2800}", "\u{3164} \u{feff}", "\u{301}", " \n\u{a0}\n"] {
            assert_eq!((line(nothing), lines(nothing)), (String::new(), String::new()), "{nothing:?}");
        }
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing(text in any::<String>()) {
            let (once, block) = (line(&text), lines(&text));
            prop_assert_eq!(&line(&once), &once);
            prop_assert_eq!(&lines(&block), &block);
            prop_assert!(!once.contains(char::is_control));
            prop_assert!(once.is_empty() || visible::has_any(&once));
            prop_assert!(block.is_empty() || visible::has_any(&block));
        }

        #[test]
        fn both_forms_of_a_letter_are_one(text in "[a-zé-ÿ\u{300}-\u{308} ]{0,20}") {
            prop_assert_eq!(line(&text.nfd().collect::<String>()), line(&text.nfc().collect::<String>()));
        }

        #[test]
        fn a_text_keeps_its_indentation(indent in "[ \t]{0,8}", blank in "[ \t\n]{0,8}") {
            let text = format!("{blank}\n{indent}x{indent}\n{blank}");
            prop_assert_eq!(lines(&text), format!("{indent}x{indent}"));
        }
    }
}
