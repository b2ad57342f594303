//! What answers a query by itself, to be shown above the results: a clause by its number, a term, a question with its answer.

use tantivy::collector::TopDocs;

use super::{
    index_document::{IndexedDocument, ResultKind},
    index_error::index_error,
    parsed_query::{Concept, ParsedQuery},
    query,
    snippet::beginning,
    state::Snapshot,
    stored_document::read_document,
    tokenizer::{exact_key, tokens},
};
use crate::{error::Result, model::document::kind::DocumentKind};

/// Most characters of it that are shown, roughly.
const LENGTH: usize = 400;
/// A term that says so little, in bytes, only leads to another one.
const LITTLE: usize = 80;
/// So many things of one name are looked at.
const NAMESAKES: usize = 8;

/// An answer in plain text, and what it was taken from.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) document: IndexedDocument,
    pub(crate) text: String,
}

/// The answer to what was typed, when there is one. `first` is the best result.
pub(crate) fn find(
    snapshot: &Snapshot,
    typed: &ParsedQuery,
    first: Option<&IndexedDocument>,
) -> Result<Option<Answer>> {
    let numbered = first.filter(|found| names_number(typed, &found.number) || is_clause_named(typed, found));
    let (found, text) = if let Some(numbered) = numbered {
        (numbered.clone(), numbered.summary.clone())
    } else if let Some(term) = term(snapshot, typed)? {
        let text = term.text.clone();
        (term, text)
    } else if let Some(question) =
        first.filter(|found| is_question(found) && !found.is_exercise && is_asked(typed, &found.title))
    {
        (question.clone(), question.text.clone())
    } else {
        return Ok(None);
    };
    let text = beginning(&text, LENGTH).to_owned();
    Ok((!text.is_empty()).then_some(Answer { document: found, text }))
}

fn is_clause_named(typed: &ParsedQuery, found: &IndexedDocument) -> bool {
    found.kind == ResultKind::Clause && typed.stemming.name_key(&found.title) == typed.name_key()
}

fn is_question(found: &IndexedDocument) -> bool {
    found.kind == ResultKind::Document(DocumentKind::FaqItem)
}

/// Whether someone typed nothing but this number, and small words.
fn names_number(typed: &ParsedQuery, number: &str) -> bool {
    let key = exact_key(number);
    let words: Vec<&str> = typed.words.iter().filter(|word| !word.small).map(|word| word.exact.as_str()).collect();
    let own = words.join(" ");
    let names = own == key || own.strip_prefix("clause ") == Some(&key);
    let is_alone = |concept: &Concept| concept.phrases.iter().any(|phrase| phrase.key == key);
    !key.is_empty() && (names || typed.concepts.len() == 1 && typed.concepts.iter().any(is_alone))
}

/// The term that someone typed and nothing else, or one that means the same when the first says little, as an abbreviation
/// does.
fn term(snapshot: &Snapshot, typed: &ParsedQuery) -> Result<Option<IndexedDocument>> {
    let own = named_terms(snapshot, &typed.name_key())?;
    if own.iter().any(|term| term.text.len() > LITTLE) || typed.concepts.len() != 1 {
        return Ok(own.into_iter().next());
    }
    let mut same = Vec::new();
    for phrase in &typed.concepts[0].phrases {
        same.extend(named_terms(snapshot, &typed.stemming.name_key(&phrase.key))?);
    }
    Ok(same.into_iter().find(|term| term.text.len() > LITTLE).or_else(|| own.into_iter().next()))
}

fn named_terms(snapshot: &Snapshot, key: &str) -> Result<Vec<IndexedDocument>> {
    let top = TopDocs::with_limit(NAMESAKES).order_by_score();
    let found = snapshot.searcher.search(&query::equal(snapshot.fields.name, key), &top).map_err(index_error)?;
    let documents = found.into_iter().map(|(_, address)| read_document(&snapshot.searcher, &snapshot.fields, address));
    let documents = documents.collect::<Result<Vec<_>>>()?;
    Ok(documents.into_iter().filter(|found| found.kind == ResultKind::Term).collect())
}

/// Whether a title has everything that was typed.
fn is_asked(typed: &ParsedQuery, title: &str) -> bool {
    let stems: Vec<String> = tokens(typed.stemming.analyzer(), title).into_iter().map(|token| token.text).collect();
    let has = |stem: &String| stems.contains(stem);
    typed.concepts.len() > 1
        && typed.concepts.iter().all(|concept| {
            typed.words_of(concept).iter().all(|word| has(&word.stem))
                || concept.phrases.iter().any(|phrase| phrase.stems.iter().all(has))
        })
}
