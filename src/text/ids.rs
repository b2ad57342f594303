//! The ids of one page: each is given once, and none is empty. Templates keep the names that begin with `_` or `field-`;
//! nothing that is written by users gets one of those.

use std::collections::{HashMap, HashSet};

use unicode_normalization::UnicodeNormalization;

use super::visible::is_mark;

/// Longest name made of words, in characters; a number may follow.
const LONGEST: usize = 80;

/// See the file's head. Names with permanent links to them are reserved first.
#[derive(Debug, Default, Clone)]
pub(crate) struct Ids {
    taken: HashSet<String>,
    next: HashMap<String, usize>,
}

impl Ids {
    /// Takes exactly this name; false when it is taken.
    pub(crate) fn reserve(&mut self, name: &str) -> bool {
        !name.is_empty() && self.taken.insert(name.to_owned())
    }

    /// Whether nothing has this name.
    #[must_use]
    pub(crate) fn is_free(&self, name: &str) -> bool {
        !self.taken.contains(name)
    }

    /// Takes the name, or the next one that is free: `name-1`, `name-2`.
    pub(crate) fn take(&mut self, name: &str) -> String {
        let mut number = self.next.get(name).copied().unwrap_or(0);
        let chosen = loop {
            let candidate = if number == 0 { name.to_owned() } else { format!("{name}-{number}") };
            number += 1;
            if self.reserve(&candidate) {
                break candidate;
            }
        };
        self.next.insert(name.to_owned(), number);
        chosen
    }
}

/// A name made of words, as widely used for headings: lower-case letters of any script and digits, hyphens for spaces.
/// When nothing is left, it is `section`.
#[must_use]
pub(crate) fn of_words(words: &str) -> String {
    let lower = words.to_lowercase();
    let kept = lower.nfc().filter_map(|c| match c {
        c if c.is_whitespace() => Some('-'),
        c if c.is_alphanumeric() || is_mark(c) || matches!(c, '-' | '_') => Some(c),
        _ => None,
    });
    let name: String = kept.take(LONGEST).collect();
    let name = name.trim_matches(['-', '_']);
    match name {
        "" => "section".to_owned(),
        name if name.starts_with("field-") => format!("text-{name}"),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_made_of_words() {
        for (words, name) in [
            ("Two words", "two-words"),
            ("8.2.4 Ändern & prüfen", "824-ändern--prüfen"),
            ("🎉", "section"),
            ("🎉 Party", "party"),
            ("_search", "search"),
            ("Field body", "text-field-body"),
            ("a\" onclick=\"x", "a-onclickx"),
            ("", "section"),
        ] {
            assert_eq!(of_words(words), name, "{words}");
        }
    }

    #[test]
    fn each_name_is_given_once() {
        let mut ids = Ids::default();
        assert!(ids.reserve("a-1") && !ids.reserve("a-1") && !ids.reserve(""));
        assert_eq!(["a", "a", "a", "b"].map(|name| ids.take(name)), ["a", "a-2", "a-3", "b"]);
        assert!(!ids.is_free("a-2") && ids.is_free("c"));
    }

    proptest! {
        #[test]
        fn no_name_is_empty_or_a_templates(words in any::<String>()) {
            let name = of_words(&words);
            prop_assert!(!name.is_empty() && !name.starts_with('_') && !name.starts_with("field-"));
            prop_assert!(!name.contains(char::is_whitespace) && !name.contains(['"', '<', '&', '#']));
        }
    }
}
