//! What was searched since the last look, without anything that could name a user. Bounded; kept in memory until
//! the background work writes it down.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use unicode_normalization::UnicodeNormalization;

use super::tokenizer;
use crate::text::fold::fold;

/// Different terms that are kept between two looks.
const TERMS: usize = 1000;
/// Longest term, in characters.
const LONGEST: usize = 60;
/// A run of so many digits may be a telephone or a customer's number.
const DIGITS: usize = 7;

/// How often a term was searched.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) typed: String,
    pub(crate) searches: i64,
    /// Without any result.
    pub(crate) zero_results: i64,
}

#[derive(Default)]
pub(crate) struct Counter(Mutex<HashMap<String, Count>>);

impl Counter {
    pub(crate) fn note(&self, text: &str, found: bool) {
        let Some(typed) = countable(text) else { return };
        let term = fold(&typed);
        let mut terms = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if terms.len() >= TERMS && !terms.contains_key(&term) {
            return;
        }
        let count = terms.entry(term).or_insert_with(|| Count { typed, ..Count::default() });
        count.searches += 1;
        count.zero_results += i64::from(!found);
    }

    /// Puts back what was taken out and could not be written down.
    pub(crate) fn put_back(&self, counts: Vec<(String, Count)>) {
        let mut terms = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (term, count) in counts {
            if terms.len() >= TERMS && !terms.contains_key(&term) {
                continue;
            }
            let Count { typed, searches, zero_results } = count;
            let present = terms.entry(term).or_default();
            present.typed = typed;
            present.searches += searches;
            present.zero_results += zero_results;
        }
    }

    /// Takes out everything that was counted.
    #[must_use]
    pub(crate) fn take(&self) -> Vec<(String, Count)> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_iter().collect()
    }
}

/// A search as it is shown: in normal form, with single spaces; none when it could name a user. What folds to the same
/// is counted as one.
#[must_use]
pub(crate) fn countable(text: &str) -> Option<String> {
    if text.contains('@') || text.contains("://") || has_long_number(text) {
        return None;
    }
    let visible = text.chars().map(|c| if c.is_control() { ' ' } else { c }).nfc().collect::<String>();
    let term: String = visible.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(LONGEST).collect();
    (!tokenizer::exact_key(&term).is_empty()).then(|| term.trim_end().to_owned())
}

/// Digits that belong together although they are written in groups.
fn has_long_number(text: &str) -> bool {
    let mut run = 0;
    for c in text.chars() {
        match c {
            c if c.is_numeric() => run += 1,
            ' ' | '-' | '.' | '/' | '(' | ')' | '+' | '\u{a0}' => {}
            _ => run = 0,
        }
        if run >= DIGITS {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_could_name_a_user_is_counted() {
        for text in
            ["ada@example.org", "ada @ example", "0171 234-56 78", "12345678", "https://x.example/y", "", "?!", "🙂"]
        {
            assert_eq!(countable(text), None, "{text}");
        }
        assert_eq!(countable("  ISO/IEC 20000-1:2018 \u{7}").as_deref(), Some("ISO/IEC 20000-1:2018"));
        assert_eq!(countable("Jose\u{301}"), countable("Jos\u{e9}"));
        assert_eq!(countable(&"long ".repeat(100)).map(|term| term.chars().count()), Some(59));
    }

    #[test]
    fn what_folds_to_the_same_is_counted_as_it_was_typed_first() {
        let counter = Counter::default();
        for text in ["İTİL", "itil", " ITIL "] {
            counter.note(text, text == "itil");
        }
        let terms = counter.take();
        let count = Count { typed: "İTİL".to_owned(), searches: 3, zero_results: 2 };
        assert_eq!(terms, [("itil".to_owned(), count)]);
        counter.note("ITIL", true);
        counter.put_back(terms);
        let (term, count) = counter.take().remove(0);
        assert_eq!((term.as_str(), count.typed.as_str(), count.searches), ("itil", "İTİL", 4));
    }
}
