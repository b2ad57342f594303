//! Where the sentences of a text begin and end, near enough to tell a long one. Knows no markup.

use std::ops::Range;

/// What ends a sentence when a space follows.
const ENDS: [char; 4] = ['.', '!', '?', '…'];
/// What ends one in scripts without spaces.
const WIDE_ENDS: [char; 3] = ['。', '！', '？'];
/// What may be between the end of a sentence and the space.
const CLOSING: [char; 7] = ['"', '\'', '”', '’', '»', ')', ']'];

/// The sentences of a paragraph, in bytes. After an abbreviation a sentence may end too early.
#[must_use]
pub(super) fn sentences(words: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut is_over = false;
    for (at, c) in words.char_indices() {
        if is_over && c.is_whitespace() {
            let next = words[at..].trim_start();
            if !next.starts_with(char::is_lowercase) {
                push(&mut found, words, start..at);
                start = words.len() - next.len();
            }
        }
        is_over = ENDS.contains(&c) || is_over && CLOSING.contains(&c);
        if WIDE_ENDS.contains(&c) {
            let end = at + c.len_utf8();
            push(&mut found, words, start..end);
            start = end;
        }
    }
    push(&mut found, words, start..words.len());
    found
}

fn push(found: &mut Vec<Range<usize>>, words: &str, range: Range<usize>) {
    let Some(sentence) = words.get(range.clone()) else { return };
    let kept = sentence.trim();
    if !kept.is_empty() {
        let start = range.start + sentence.len() - sentence.trim_start().len();
        found.push(start..start + kept.len());
    }
}

/// How many words a sentence has; a dash between spaces is none.
#[must_use]
pub(super) fn count_words(sentence: &str) -> usize {
    sentence.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split(words: &str) -> Vec<&str> {
        sentences(words).into_iter().map(|range| &words[range]).collect()
    }

    #[test]
    fn sentences_end_at_their_signs() {
        assert_eq!(split("One. Two!  “Three?” Four"), ["One.", "Two!", "“Three?”", "Four"]);
        assert_eq!(
            split("Use a tool, e.g. a list, at 8.2.4 or v1.0. Then stop."),
            ["Use a tool, e.g. a list, at 8.2.4 or v1.0.", "Then stop."]
        );
        assert_eq!(split("一。二！三"), ["一。", "二！", "三"]);
        assert_eq!(split("  "), [""; 0]);
        assert_eq!(count_words("One – two, three-four 5."), 4);
    }

    proptest! {
        #[test]
        fn nothing_but_space_is_left_out(words in "([a-zA-Z.!?…。\"’) ]|ä){0,40}") {
            let joined: String = split(&words).concat();
            let bare = |text: &str| text.split_whitespace().collect::<String>();
            prop_assert_eq!(bare(&joined), bare(&words));
        }
    }
}
