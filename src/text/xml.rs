//! Texts within XML: what no XML document may hold, not even escaped, is left out. Escaping is for templates.

/// The text without what XML does not know.
#[must_use]
pub(crate) fn allowed(text: &str) -> String {
    text.chars().filter(|c| is_allowed(*c)).collect()
}

/// `Char` of XML 1.0, without what it discourages.
const fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{7e}' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fdcf}')
        || matches!(c, '\u{fdf0}'..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_does_not_know_is_left_out() {
        assert_eq!(allowed("a\0\u{b}\u{1b}\u{7f}\u{85}\u{fffe}\u{ffff}b"), "ab");
        assert_eq!(allowed("]]> <é> \t\n שלום 🙂"), "]]> <é> \t\n שלום 🙂");
    }
}
