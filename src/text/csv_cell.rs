//! Cells for spreadsheets, which run what looks like a formula. A reader may split a file at another separator than it
//! was written with, so nothing after any separator may look like one either.

use std::borrow::Cow;

/// The text with an apostrophe before each sign with which a spreadsheet could begin a formula: at the beginning, or
/// after anything that could end a cell, with or without spaces and quotes in between.
#[must_use]
pub(crate) fn harmless(text: &str) -> Cow<'_, str> {
    let mut made = String::new();
    let mut kept = 0;
    let mut begins = true;
    for (at, c) in text.char_indices() {
        if begins && (is_formula(c) || (at == 0 && matches!(c, '\t' | '\r' | '\n'))) {
            made.push_str(&text[kept..at]);
            made.push('\'');
            kept = at;
        }
        begins = ends_a_cell(c) || begins && (c.is_whitespace() || is_unseen(c) || c == '"');
    }
    if made.is_empty() {
        return Cow::Borrowed(text);
    }
    made.push_str(&text[kept..]);
    Cow::Owned(made)
}

const fn is_formula(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '﹦' | '﹢' | '﹣' | '﹫')
}

const fn ends_a_cell(c: char) -> bool {
    matches!(c, ';' | ',' | '|' | '\t' | '\r' | '\n' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Invisible, so that what follows still looks like the beginning.
const fn is_unseen(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn formulas_are_made_harmless_behind_any_separator() {
        for (cell, safe) in [
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@sum(a1)", "'@sum(a1)"),
            ("＝1", "'＝1"),
            ("\t=1", "'\t'=1"),
            ("\r=1", "'\r'=1"),
            (" =1", " '=1"),
            ("y;=1+2", "y;'=1+2"),
            ("y; \"=1+2\"", "y; \"'=1+2\""),
            ("y\t＋1", "y\t'＋1"),
            ("y,=1\n=2\r\n-3|@4", "y,'=1\n'=2\r\n'-3|'@4"),
            ("\u{feff}=1", "\u{feff}'=1"),
            (";;=1", ";;'=1"),
            ("==1", "'==1"),
        ] {
            assert_eq!(harmless(cell), safe, "{cell:?}");
        }
        for cell in ["", "Ada", "'=1", "1-1", "a=b", "x - y", "a+b@c.example", "2026-11-25T10:00:00Z"] {
            assert!(matches!(harmless(cell), Cow::Borrowed(same) if same == cell), "{cell}");
        }
    }

    proptest! {
        #[test]
        fn no_part_looks_like_a_formula(text in "[a=+@;, \t\n\"'＝-]{0,20}", separator in "[;,\t\n|]") {
            let safe = harmless(&text).into_owned();
            for part in safe.split(separator.chars().next().unwrap()) {
                let part = part.trim_matches(|c: char| c.is_whitespace() || c == '"');
                prop_assert!(!part.starts_with(is_formula), "{text:?} became {safe:?}");
            }
            prop_assert_eq!(safe.replace('\'', ""), text.replace('\'', ""));
        }
    }
}
