//! “Did you mean”: for a word that nobody used, the most used one that is nearly the same. Offers only words that the
//! user could have found.

use std::collections::HashMap;

use tantivy::{
    Searcher,
    collector::Count,
    query::{FuzzyTermQuery, Query},
};

use super::{
    index_error::index_error,
    index_store::term,
    query::{self, Audience, ParsedQuery, Word},
    schema::IndexFields,
};
use crate::error::Result;

/// So many candidates are looked at for one word.
const CANDIDATES: usize = 12;

/// What was typed with other words in place of unknown ones; none when there is nothing better.
pub(crate) fn did_you_mean(
    searcher: &Searcher,
    fields: &IndexFields,
    audience: Audience,
    typed: &ParsedQuery,
) -> Result<Option<String>> {
    let mut better = String::new();
    let mut at = 0;
    let mut changed = false;
    for word in &typed.words {
        let Some(known) = replacement(searcher, fields, audience, word)? else { continue };
        better.push_str(&typed.text[at..word.range.0]);
        better.push_str(&known);
        at = word.range.1;
        changed = true;
    }
    better.push_str(&typed.text[at..]);
    Ok(changed.then(|| better.trim().to_owned()))
}

fn replacement(searcher: &Searcher, fields: &IndexFields, audience: Audience, word: &Word) -> Result<Option<String>> {
    let distance = word.distance();
    if distance == 0 || is_found(searcher, fields, audience, query::equal(fields.text, &word.stem))? {
        return Ok(None);
    }
    let mut candidates: HashMap<String, u32> = HashMap::new();
    let automaton = FuzzyTermQuery::new(term(fields.words, &word.exact), distance, true);
    for segment in searcher.segment_readers() {
        let index = segment.inverted_index(fields.words).map_err(index_error)?;
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
        if is_found(searcher, fields, audience, query::equal(fields.words, &text))? {
            return Ok(Some(text));
        }
    }
    Ok(None)
}

fn is_found(searcher: &Searcher, fields: &IndexFields, audience: Audience, query: Box<dyn Query>) -> Result<bool> {
    let query = query::restrict_to(audience, fields, query);
    Ok(searcher.search(&query, &Count).map_err(index_error)? > 0)
}
