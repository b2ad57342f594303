//! What a letter asks, in one line. Knows no message.

/// What is written in the place of what is left out.
const GAP: &str = "…";

/// What a letter asks, in at most `longest` characters: its first sentence that is a question, or else how it begins.
#[must_use]
pub(crate) fn question(text: &str, longest: usize) -> String {
    let ends = |(at, c): (usize, char)| {
        let after = text[at + c.len_utf8()..].chars().next();
        (matches!(c, '.' | '!' | '?' | '\n') && after.is_none_or(char::is_whitespace)).then_some(at + c.len_utf8())
    };
    let mut from = 0;
    let mut found = None;
    for end in text.char_indices().filter_map(ends) {
        let sentence = text[from..end].trim();
        if sentence.ends_with('?') {
            found = Some(sentence);
            break;
        }
        from = end;
    }
    let line = found.unwrap_or_else(|| text.lines().next().unwrap_or_default());
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= longest {
        return line;
    }
    let cut: String = line.chars().take(longest.saturating_sub(1)).collect();
    let whole = cut.rsplit_once(' ').map_or(cut.as_str(), |(whole, _)| whole);
    format!("{whole}{GAP}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_question_is_found_and_short() {
        assert_eq!(question("One. Two\n\nThree? Four?", 200), "Three?");
        assert_eq!(question("I ask about fees.\nMore.", 200), "I ask about fees.");
        assert_eq!(question("one two three?", 9), "one two…");
        assert_eq!(question("", 9), "");
        assert_eq!(question("Which level comes after\nFoundation?", 99), "Which level comes after Foundation?");
    }

    proptest! {
        #[test]
        fn no_question_is_too_long(text in "\\PC{0,80}(\n\\PC{0,40}){0,6}", longest in 1_usize..60) {
            prop_assert!(question(&text, longest).chars().count() <= longest);
        }
    }
}
