//! What users wrote, within sentences of the program: isolated, so that a right-to-left title does not change the order
//! of the words around it.

const ISOLATE: char = '\u{2068}';
const POP: char = '\u{2069}';

/// A name or title for the middle of a sentence.
#[must_use]
pub(crate) fn isolate(text: &str) -> String {
    format!("{ISOLATE}{text}{POP}")
}

/// A sentence in which all that is quoted “like this” is isolated. What is isolated already stays so.
#[must_use]
pub(crate) fn quotations(sentence: &str) -> String {
    let mut isolated = String::with_capacity(sentence.len());
    let mut depth = 0_usize;
    let mut rest = sentence.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '“' if rest.peek() != Some(&ISOLATE) => {
                depth += 1;
                isolated.extend(['“', ISOLATE]);
            }
            '”' if depth > 0 => {
                depth -= 1;
                isolated.extend([POP, '”']);
            }
            other => isolated.push(other),
        }
    }
    // A quotation that does not end must not affect what follows the sentence.
    isolated.extend(std::iter::repeat_n(POP, depth));
    isolated
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotations_are_isolated_once() {
        let once = quotations("Moved “שלום” to the trash.");
        assert_eq!(once, "Moved “\u{2068}שלום\u{2069}” to the trash.");
        assert_eq!(quotations(&once), once);
        assert_eq!(
            quotations("“a “b” c”, ” and “d"),
            "“\u{2068}a “\u{2068}b\u{2069}” c\u{2069}”, ” and “\u{2068}d\u{2069}"
        );
        assert_eq!(quotations("Nothing."), "Nothing.");
        assert_eq!(isolate("Ada"), "\u{2068}Ada\u{2069}");
    }
}
