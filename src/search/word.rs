//! One word that someone typed, and how it is looked for.

use std::ops::Range;

use super::{
    small_words::is_small,
    stemming::Stemming,
    tokenizer::{exact, is_spaceless, tokens},
};

/// How a word is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum WordMatch {
    #[default]
    Whole,
    /// As the beginning of a word.
    Beginning,
    /// No text has what was typed: by the word that is the most like it, which is here in its place.
    Similar,
    /// No text has anything like it.
    Nothing,
}

/// One word that someone typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) exact: String,
    pub(crate) stem: String,
    /// The parts of a composed one, with their stems.
    pub(crate) parts: Vec<(String, String)>,
    /// Where it is in the text, in bytes.
    pub(crate) range: Range<usize>,
    pub(crate) small: bool,
    pub(crate) by: WordMatch,
}

impl Word {
    /// The first words of a text, at most `limit`.
    #[must_use]
    pub(crate) fn read_all(text: &str, stemming: Stemming, limit: usize) -> Vec<Self> {
        let mut list: Vec<Self> = Vec::new();
        for (token, stemmed) in tokens(exact(), text).into_iter().zip(tokens(stemming.analyzer(), text)) {
            let count = list.len();
            match list.last_mut().filter(|word| token.offset_from < word.range.end) {
                Some(word) => word.parts.push((token.text, stemmed.text)),
                None if count == limit => break,
                None => list.push(Self {
                    small: stemming.is_english() && is_small(&token.text),
                    exact: token.text,
                    stem: stemmed.text,
                    parts: Vec::new(),
                    range: token.offset_from..token.offset_to,
                    by: WordMatch::Whole,
                }),
            }
        }
        list
    }

    /// Typing errors forgiven: none in numbers, short words, and scripts without spaces.
    #[must_use]
    pub(crate) fn distance(&self) -> u8 {
        let length = self.exact.chars().count();
        match length {
            _ if self.exact.chars().any(|c| !c.is_alphabetic() || is_spaceless(c)) => 0,
            0..4 => 0,
            4..8 => 1,
            _ => 2,
        }
    }

    /// The stems of its parts, or its own.
    pub(crate) fn part_stems(&self) -> impl Iterator<Item = &str> {
        let own = self.parts.is_empty().then_some(self.stem.as_str());
        own.into_iter().chain(self.parts.iter().map(|(_, stem)| stem.as_str()))
    }
}
