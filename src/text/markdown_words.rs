//! Words within the source of a Markdown text: they stay words, whatever they are.

use super::clean;

/// One line of words: what Markdown would take for something else is escaped, and what nobody types is left out.
#[must_use]
pub(crate) fn escape(text: &str) -> String {
    let line = clean::line(text);
    let mut escaped = String::with_capacity(line.len() + 8);
    for c in line.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '~' | '|' | '#') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::markdown;

    #[test]
    fn words_stay_words() {
        let hostile = "A </script> [x](javascript:y) `code` *b* &amp; # C#\u{2028}\u{202e}\nB";
        assert_eq!(escape(hostile), "A \\</script\\> \\[x\\](javascript:y) \\`code\\` \\*b\\* \\&amp; \\# C\\# B");
    }

    proptest! {
        #[test]
        fn a_heading_has_no_more_than_the_words(text in "[a-z<>&`*_~|#\\[\\]()!\\\\ ]{1,30}") {
            let source = format!("## x {}", escape(&text));
            let words = clean::line(&format!("x {text}"));
            let as_text = markdown::contents::headings(&source);
            prop_assert_eq!(as_text.len(), 1);
            prop_assert_eq!(as_text[0].clone(), words);
            prop_assert!(markdown::contents::targets(&source).is_empty());
        }
    }
}
