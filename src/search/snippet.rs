//! The piece of a text that shows why it was found, with the words to mark. Gives pieces of plain text, never HTML.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use super::{parsed_query::ParsedQuery, tokenizer::exact, word};

/// Length of a snippet, in bytes, roughly.
const LENGTH: usize = 240;
/// How much of it comes before the first word found.
const BEFORE: usize = 60;
/// So much of a text is looked through, in bytes.
const LOOKED: usize = 60_000;

/// A piece of text, and whether it is to be marked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Piece {
    /// Plain text, to be escaped like any other.
    pub text: String,
    /// Whether it is a word that was searched.
    pub hit: bool,
}

/// Recognises in a text what was searched.
pub(crate) struct Marker<'a> {
    stems: HashMap<&'a str, usize>,
    typed: &'a ParsedQuery,
}

struct WordMatch {
    from: usize,
    to: usize,
    word: usize,
}

impl<'a> Marker<'a> {
    /// Recognises what `typed` found.
    #[must_use]
    pub(crate) fn new(typed: &'a ParsedQuery) -> Self {
        Self { stems: typed.stems(), typed }
    }

    #[must_use]
    pub(crate) fn mark_all(&self, text: &str) -> Vec<Piece> {
        pieces(text, 0, text.len(), &self.hits(text))
    }

    /// The best piece of the first of these texts that has any word in it, else the beginning of the first.
    #[must_use]
    pub(crate) fn best(&self, texts: &[&str]) -> Vec<Piece> {
        let texts: Vec<&str> = texts.iter().map(|text| cut(text, LOOKED)).filter(|text| !text.is_empty()).collect();
        let mut best: Option<(usize, &str, usize, Vec<WordMatch>)> = None;
        for text in texts.iter().copied() {
            let hits = self.hits(text);
            let Some((words, start)) = densest(&hits) else { continue };
            if best.as_ref().is_none_or(|(most, ..)| words > *most) {
                best = Some((words, text, start, hits));
            }
        }
        match best {
            Some((_, text, start, hits)) => around(text, start, &hits),
            None => texts.first().map_or_else(Vec::new, |text| around(text, 0, &[])),
        }
    }

    fn hits(&self, text: &str) -> Vec<WordMatch> {
        let mut hits: Vec<WordMatch> = Vec::new();
        exact().token_stream(text).process(&mut |token| {
            let Some(word) = self.word(&token.text) else { return };
            match hits.last_mut().filter(|last| token.offset_from < last.to) {
                // A part of a composed word that is marked as a whole.
                Some(last) => last.to = last.to.max(token.offset_to),
                None => hits.push(WordMatch { from: token.offset_from, to: token.offset_to, word }),
            }
        });
        hits
    }

    fn word(&self, plain: &str) -> Option<usize> {
        // A stem begins as its word does, so most words need not be cut to theirs.
        let beginning = plain.chars().next();
        if self.stems.keys().any(|stem| stem.chars().next() == beginning)
            && let Some(index) = self.stems.get(self.typed.stemming.stem_of(plain).as_str())
        {
            return Some(*index);
        }
        self.typed
            .words
            .iter()
            .position(|typed| typed.by == word::WordMatch::Beginning && plain.starts_with(typed.exact.as_str()))
    }
}

/// Where most of the words are together: how many, and where it begins.
fn densest(hits: &[WordMatch]) -> Option<(usize, usize)> {
    let within = |first: &WordMatch| {
        let near = hits.iter().filter(|hit| hit.from >= first.from && hit.to <= first.from + LENGTH - BEFORE);
        near.map(|hit| hit.word).collect::<HashSet<_>>().len()
    };
    // The first of the best ones; a text full of hits need not be looked through to its end.
    hits.iter()
        .take(200)
        .map(|hit| (within(hit), hit.from))
        .reduce(|best, next| if next.0 > best.0 { next } else { best })
}

fn around(text: &str, start: usize, hits: &[WordMatch]) -> Vec<Piece> {
    let from = if start <= BEFORE {
        0
    } else {
        sentence_start(text, start).unwrap_or_else(|| word_start(text, start - BEFORE))
    };
    let to = if from + LENGTH >= text.len() { text.len() } else { word_end(text, from + LENGTH) };
    let mut shown = Vec::new();
    if from > 0 {
        shown.push(Piece { text: "… ".to_owned(), hit: false });
    }
    shown.extend(pieces(text, from, to, hits));
    if to < text.len() {
        shown.push(Piece { text: " …".to_owned(), hit: false });
    }
    shown
}

/// Where the sentence before `at` begins, when that is near.
fn sentence_start(text: &str, at: usize) -> Option<usize> {
    let from = text.floor_char_boundary(at.saturating_sub(2 * BEFORE));
    let before = text[..at].get(from..)?;
    let end = [". ", "? ", "! ", ": "].iter().filter_map(|end| before.rfind(end)).max()?;
    Some(from + end + 2)
}

/// The first sentences of a text, about `limit` bytes of it.
#[must_use]
pub(crate) fn beginning(text: &str, limit: usize) -> &str {
    if text.len() <= limit {
        return text;
    }
    let head = cut(text, limit);
    match head.rfind(". ") {
        Some(end) => &head[..=end],
        None => text[..word_end(text, limit)].trim_end(),
    }
}

fn pieces(text: &str, from: usize, to: usize, hits: &[WordMatch]) -> Vec<Piece> {
    let mut shown = Vec::new();
    let mut at = from;
    for hit in hits.iter().filter(|hit| hit.from >= from && hit.to <= to) {
        if hit.from > at {
            shown.push(Piece { text: text[at..hit.from].to_owned(), hit: false });
        }
        shown.push(Piece { text: text[hit.from..hit.to].to_owned(), hit: true });
        at = hit.to;
    }
    if at < to {
        shown.push(Piece { text: text[at..to].to_owned(), hit: false });
    }
    shown
}

/// The beginning of the word after `at`, or a boundary of characters.
fn word_start(text: &str, at: usize) -> usize {
    let at = text.ceil_char_boundary(at);
    text[at..].char_indices().take(40).find(|(_, c)| c.is_whitespace()).map_or(at, |(skip, c)| at + skip + c.len_utf8())
}

/// The end of the word before `at`, or a boundary of characters.
fn word_end(text: &str, at: usize) -> usize {
    let at = text.floor_char_boundary(at);
    text[..at].char_indices().rev().take(40).find(|(_, c)| c.is_whitespace()).map_or(at, |(end, _)| end)
}

fn cut(text: &str, limit: usize) -> &str {
    &text[..text.floor_char_boundary(limit)]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::search::{stemming::Stemming, synonyms::Synonyms};

    fn marked(typed: &str, text: &str) -> String {
        let mut typed = ParsedQuery::read(typed, Stemming::of("en"));
        typed.find_concepts(&Synonyms::default());
        let pieces = Marker::new(&typed).best(&[text]);
        pieces.into_iter().map(|piece| if piece.hit { format!("[{}]", piece.text) } else { piece.text }).collect()
    }

    #[test]
    fn words_are_marked_as_they_were_found() {
        assert_eq!(marked("audit", "Auditing is what auditors do."), "[Auditing] is what auditors do.");
        assert_eq!(marked("cafe", "Das Café."), "Das [Café].");
        let long = format!("{} the needle {}", "hay ".repeat(200), "hay ".repeat(200));
        let found = marked("needle", &long);
        assert!(found.starts_with("… ") && found.ends_with(" …") && found.contains("[needle]"), "{found}");
        assert!(found.len() < 300);
    }

    proptest! {
        #[test]
        fn no_text_and_no_query_breaks_it(typed in "\\PC{0,40}", text in "\\PC{0,600}") {
            let _ = marked(&typed, &text);
        }
    }
}
