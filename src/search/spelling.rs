//! How each word that was typed can be found: as it is, as a beginning, by a similar word in its place, or not at all. For a
//! word that nobody used, the most used one that is nearly the same takes its place.

use std::collections::HashMap;

use tantivy::query::FuzzyTermQuery;

use super::{
    index_error::index_error,
    index_store::term,
    parsed_query::ParsedQuery,
    query,
    stemming::Stemming,
    vocabulary::Vocabulary,
    word::{Word, WordMatch},
};
use crate::error::Result;

/// So many candidates are looked at for one word.
const CANDIDATES: usize = 12;

/// Says of each word how to look for it, and puts known words in the place of unknown ones. While the user is typing, the
/// last word is the beginning of one. A word of a phrase that means the same as others may be unknown.
pub(crate) fn look_up(vocabulary: &Vocabulary<'_>, typed: &mut ParsedQuery, typing: bool) -> Result<()> {
    let last = typed.words.len().saturating_sub(1);
    for (index, word) in typed.words.iter_mut().enumerate() {
        let is_known = typed.concepts.iter().any(|known| !known.phrases.is_empty() && known.words.contains(&index));
        let is_last = index == last;
        if is_last && typing && vocabulary.begins(word)? {
            word.by = WordMatch::Beginning;
        } else if vocabulary.has_whole(word)? {
            word.by = WordMatch::Whole;
        } else if is_last && vocabulary.begins(word)? {
            word.by = WordMatch::Beginning;
        } else if is_known {
            word.by = WordMatch::Nothing;
        } else {
            replace(vocabulary, word, typed.stemming)?;
        }
    }
    Ok(())
}

fn replace(vocabulary: &Vocabulary<'_>, word: &mut Word, stemming: Stemming) -> Result<()> {
    let Some(known) = nearest(vocabulary, word)? else {
        word.by = WordMatch::Nothing;
        return Ok(());
    };
    word.by = WordMatch::Similar;
    word.stem = stemming.stem_of(&known);
    word.exact = known;
    word.parts.clear();
    Ok(())
}

/// What was typed with the words that were put in the place of unknown ones; none when all are known.
pub(crate) fn did_you_mean(typed: &ParsedQuery) -> Option<String> {
    let mut better = String::new();
    let mut at = 0;
    for word in typed.words.iter().filter(|word| word.by == WordMatch::Similar) {
        better.push_str(&typed.text[at..word.range.start]);
        better.push_str(&word.exact);
        at = word.range.end;
    }
    better.push_str(&typed.text[at..]);
    (at > 0).then(|| better.trim().to_owned())
}

/// The known word that is the most like an unknown one.
fn nearest(vocabulary: &Vocabulary<'_>, word: &Word) -> Result<Option<String>> {
    let distance = word.distance();
    if distance == 0 {
        return Ok(None);
    }
    let field = vocabulary.fields.words;
    let mut candidates: HashMap<String, u32> = HashMap::new();
    let automaton = FuzzyTermQuery::new(term(field, &word.exact), distance, true);
    for segment in vocabulary.searcher.segment_readers() {
        let index = segment.inverted_index(field).map_err(index_error)?;
        let automaton = automaton.automaton().map_err(index_error)?;
        let mut stream = index.terms().search(automaton).into_stream().map_err(index_error)?;
        while stream.advance() {
            if let Ok(text) = std::str::from_utf8(stream.key()) {
                *candidates.entry(text.to_owned()).or_default() += stream.value().doc_freq;
            }
        }
    }
    let mut candidates: Vec<(usize, u32, String)> = candidates
        .into_iter()
        .map(|(text, frequency)| (strsim::damerau_levenshtein(&text, &word.exact), frequency, text))
        .collect();
    candidates.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)).then_with(|| a.2.cmp(&b.2)));
    for (_, _, text) in candidates.into_iter().take(CANDIDATES) {
        if vocabulary.finds(query::equal(field, &text))? {
            return Ok(Some(text));
        }
    }
    Ok(None)
}
