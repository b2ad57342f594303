//! From what someone typed to a query of the index. Nothing typed is ever read as a language: there are words, and
//! nothing else. The one function that decides who may find what is here.

use std::collections::HashMap;

use tantivy::{
    query::{BooleanQuery, BoostQuery, ConstScoreQuery, FuzzyTermQuery, Occur, Query, TermQuery},
    schema::{Field, IndexRecordOption},
};

use super::{
    index_document::Visibility,
    index_kind::IndexKind,
    index_store::term,
    schema::IndexFields,
    tokenizer::{self, Stemming, exact, tokens},
};

/// So many characters are looked at.
const CHARACTERS: usize = 200;
/// So many words are looked at.
const WORDS: usize = 12;
/// English words that say little; on an English site they are wished for, but not required beside others.
const SMALL: [&str; 46] = [
    "a", "about", "an", "and", "any", "are", "as", "at", "be", "by", "can", "do", "does", "for", "from", "has", "have",
    "how", "i", "if", "in", "is", "it", "me", "my", "not", "of", "on", "or", "our", "should", "that", "the", "their",
    "there", "this", "to", "was", "we", "what", "when", "where", "which", "who", "why", "with",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    Public,
    /// A signed-in user, and whether they handle messages.
    Admin {
        messages: bool,
    },
    /// A signed-in user who handles messages, and looks for nothing else.
    Messages,
}

impl Audience {
    #[must_use]
    pub(crate) const fn index(self) -> IndexKind {
        match self {
            Self::Public => IndexKind::Public,
            Self::Admin { .. } | Self::Messages => IndexKind::Admin,
        }
    }
}

/// Narrows a query down to what its user may find. Every query of the index goes through here.
#[must_use]
pub(crate) fn restrict_to(audience: Audience, fields: &IndexFields, query: Box<dyn Query>) -> Box<dyn Query> {
    let seen: &[Visibility] = match audience {
        Audience::Public => &[Visibility::Public],
        Audience::Admin { messages: false } => &[Visibility::Public, Visibility::Draft],
        Audience::Messages => &[Visibility::Message],
        Audience::Admin { messages: true } => &[Visibility::Public, Visibility::Draft, Visibility::Message],
    };
    let seen: Vec<Box<dyn Query>> =
        seen.iter().map(|visibility| equal(fields.visibility, visibility.as_str())).collect();
    let allowed = ConstScoreQuery::new(Box::new(BooleanQuery::union(seen)), 0.0);
    Box::new(BooleanQuery::new(vec![(Occur::Must, query), (Occur::Must, Box::new(allowed))]))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum MatchMode {
    Words,
    /// The last word may be the beginning of one.
    Prefix,
    Mistyped,
    Any,
}

/// One word that someone typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) exact: String,
    pub(crate) stem: String,
    /// The parts of a composed one, with their stems.
    pub(crate) parts: Vec<(String, String)>,
    /// Where it is in the text, in bytes.
    pub(crate) range: (usize, usize),
    pub(crate) small: bool,
}

impl Word {
    /// Typing errors forgiven: none in numbers and short words.
    #[must_use]
    pub(crate) fn distance(&self) -> u8 {
        let length = self.exact.chars().count();
        match length {
            _ if self.exact.chars().any(|c| !c.is_alphabetic()) => 0,
            0..4 => 0,
            4..8 => 1,
            _ => 2,
        }
    }
}

/// What someone typed, as words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ParsedQuery {
    pub text: String,
    pub words: Vec<Word>,
    /// How many words of it count; 0 when all do.
    pub only: usize,
    /// How they were cut to their stems.
    pub stemming: Stemming,
}

impl ParsedQuery {
    /// Looks at the beginning of `text`.
    #[must_use]
    pub(crate) fn read(text: &str, stemming: Stemming) -> Self {
        let text: String = text.chars().take(CHARACTERS).collect();
        let mut list: Vec<Word> = Vec::new();
        for (token, stemmed) in tokens(exact(), &text).into_iter().zip(tokens(stemming.analyzer(), &text)) {
            match list.last_mut().filter(|word| token.offset_from < word.range.1) {
                Some(word) => word.parts.push((token.text, stemmed.text)),
                None => list.push(Word {
                    small: stemming.is_english() && SMALL.contains(&token.text.as_str()),
                    exact: token.text,
                    stem: stemmed.text,
                    parts: Vec::new(),
                    range: (token.offset_from, token.offset_to),
                }),
            }
        }
        let only = if list.len() > WORDS { WORDS } else { 0 };
        list.truncate(WORDS);
        Self { text, words: list, only, stemming }
    }
}

/// The query of the index. None when there is nothing to ask for.
#[must_use]
pub(crate) fn build(typed: &ParsedQuery, mode: MatchMode, fields: &IndexFields) -> Option<Box<dyn Query>> {
    let last = typed.words.len().checked_sub(1)?;
    let all_small = typed.words.iter().all(|word| word.small);
    let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
    let mut wanted: Vec<Box<dyn Query>> = Vec::new();
    for (index, word) in typed.words.iter().enumerate() {
        let clause = word_query(word, mode, index == last, fields);
        if word.small && !all_small && !(index == last && mode >= MatchMode::Prefix && typed.words.len() == 1) {
            clauses.push((Occur::Should, boost(clause, 0.2)));
        } else if mode == MatchMode::Any {
            wanted.push(clause);
        } else {
            clauses.push((Occur::Must, clause));
        }
        clauses.push((Occur::Should, constant_score(equal(fields.number, &word.exact), 1000.0)));
    }
    if !wanted.is_empty() {
        clauses.push((Occur::Must, Box::new(BooleanQuery::union(wanted))));
    }
    let whole = tokenizer::exact_key(&typed.text);
    // "part 6" means Part 6 before clause 6.
    clauses.push((Occur::Should, constant_score(equal(fields.number, &whole), 2000.0)));
    clauses.push((Occur::Should, constant_score(equal(fields.name, &whole), 500.0)));
    Some(Box::new(BooleanQuery::new(clauses)))
}

fn word_query(word: &Word, mode: MatchMode, last: bool, fields: &IndexFields) -> Box<dyn Query> {
    let whole = part_query(&word.exact, &word.stem, fields);
    let mut ways = vec![whole];
    if !word.parts.is_empty() {
        let parts = word.parts.iter().map(|(exact, stem)| part_query(exact, stem, fields)).collect();
        ways.push(boost(Box::new(BooleanQuery::intersection(parts)), 0.3));
    }
    let length = word.exact.chars().count();
    if last && mode >= MatchMode::Prefix && length >= 2 {
        let begins = |field: Field| Box::new(FuzzyTermQuery::new_prefix(term(field, &word.exact), 0, true));
        ways.push(constant_score(begins(fields.title_words), 3.0));
        if word.exact.starts_with(|c: char| c.is_ascii_digit()) {
            ways.push(constant_score(begins(fields.number), 50.0));
        }
        if length >= 3 {
            ways.push(constant_score(begins(fields.words), 0.5));
        }
    }
    let distance = word.distance();
    if mode >= MatchMode::Mistyped && distance > 0 {
        let like = |field: Field, distance| Box::new(FuzzyTermQuery::new(term(field, &word.exact), distance, true));
        ways.push(constant_score(like(fields.title_words, 1), 2.0));
        ways.push(constant_score(like(fields.words, 1), 0.8));
        if distance > 1 {
            ways.push(constant_score(like(fields.words, distance), 0.3));
        }
    }
    if ways.len() == 1 { ways.swap_remove(0) } else { Box::new(BooleanQuery::union(ways)) }
}

/// Anywhere, and better in a heading or the title.
fn part_query(exact: &str, stem: &str, fields: &IndexFields) -> Box<dyn Query> {
    let frequent = |field: Field, text: &str| -> Box<dyn Query> {
        Box::new(TermQuery::new(term(field, text), IndexRecordOption::WithFreqs))
    };
    Box::new(BooleanQuery::new(vec![
        (Occur::Must, frequent(fields.text, stem)),
        (Occur::Should, boost(frequent(fields.title, stem), 3.0)),
        (Occur::Should, boost(frequent(fields.headings, stem), 1.5)),
        (Occur::Should, constant_score(equal(fields.title_words, exact), 0.5)),
    ]))
}

/// Documents that hold a term, all alike.
#[must_use]
pub(crate) fn equal(field: Field, text: &str) -> Box<dyn Query> {
    Box::new(TermQuery::new(term(field, text), IndexRecordOption::Basic))
}

fn constant_score(query: Box<dyn Query>, score: f32) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(query, score))
}

fn boost(query: Box<dyn Query>, by: f32) -> Box<dyn Query> {
    Box::new(BoostQuery::new(query, by))
}

/// The stems of what was typed, to mark them in a text.
#[must_use]
pub(crate) fn stems(typed: &ParsedQuery) -> HashMap<&str, usize> {
    let whole = typed.words.iter().enumerate().map(|(index, word)| (word.stem.as_str(), index));
    let parts = typed.words.iter().enumerate();
    let parts = parts.flat_map(|(index, word)| word.parts.iter().map(move |(_, stem)| (stem.as_str(), index)));
    let small = |index: &usize| typed.words[*index].small;
    let all_small = typed.words.iter().all(|word| word.small);
    whole.chain(parts).filter(|(_, index)| all_small || !small(index)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::search::schema;

    fn read(text: &str) -> ParsedQuery {
        ParsedQuery::read(text, Stemming::of("en"))
    }

    #[test]
    fn only_so_much_is_looked_at() {
        assert_eq!(read(&"ab ".repeat(10_000)).words.len(), WORDS);
        assert_eq!(read("\"() AND OR : * ~ ^ [ ] { } \\ /").words.len(), 2);
        let typed = read("ISO/IEC 20000-1");
        assert_eq!(typed.words.len(), 2);
        assert_eq!(typed.words[0].parts.len(), 2);
        assert_eq!(typed.words[1].distance(), 0);
    }

    proptest! {
        #[test]
        fn whatever_is_typed_makes_a_query_or_none(text in "\\PC{0,300}") {
            let (_, fields) = schema::schema();
            let typed = read(&text);
            for mode in [MatchMode::Words, MatchMode::Prefix, MatchMode::Mistyped, MatchMode::Any] {
                prop_assert_eq!(build(&typed, mode, &fields).is_none(), typed.words.is_empty());
            }
        }
    }
}
