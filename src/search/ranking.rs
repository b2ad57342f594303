//! From what someone typed to a query of the index: what a document needs to be found, and what puts it before others.

use tantivy::{
    query::{BooleanQuery, DisjunctionMaxQuery, FuzzyTermQuery, Occur, PhraseQuery, Query, TermQuery},
    schema::{Field, IndexRecordOption},
};

use super::{
    index_store::term,
    parsed_query::{Concept, ParsedQuery},
    query::{boost, constant_score, equal},
    schema::IndexFields,
    synonyms::Phrase,
    tokenizer::{self, is_spaceless},
    word::{Word, WordMatch},
};

/// How many words a number has that was typed, at most.
const NUMBER_WORDS: usize = 4;
/// Words before a number.
const BEFORE_NUMBERS: [&str; 6] = ["annex", "chapter", "clause", "no", "requirement", "section"];
/// What a document that has everything adds.
const WHOLE: f32 = 8.0;
/// What a title that has everything adds.
const WHOLE_TITLE: f32 = 12.0;
/// What the name that was typed adds: more than any words do.
pub(crate) const NAMED: f32 = 500.0;

/// The query of the index: documents with any of the concepts, those with the rarest and the most of them first. None when
/// there is nothing to ask for.
#[must_use]
pub(crate) fn build(typed: &ParsedQuery, fields: &IndexFields) -> Option<Box<dyn Query>> {
    let ranking = Ranking { typed, fields };
    let concepts: Vec<&Concept> = typed.findable().collect();
    if concepts.is_empty() {
        return None;
    }
    let any = concepts.iter().map(|concept| ranking.anywhere(concept)).collect();
    let mut clauses: Vec<(Occur, Box<dyn Query>)> = vec![(Occur::Must, Box::new(BooleanQuery::union(any)))];
    let titles = concepts.iter().map(|concept| ranking.in_title(concept)).collect();
    clauses.push((Occur::Should, constant_score(Box::new(BooleanQuery::intersection(titles)), WHOLE_TITLE)));
    clauses.extend(with_all(typed, fields).map(|all| (Occur::Should, constant_score(all, WHOLE))));
    let small = typed.words.iter().filter(|word| word.small);
    clauses.extend(small.map(|word| (Occur::Should, constant_score(equal(fields.title_words, &word.exact), 0.2))));
    clauses.extend(ranking.names().into_iter().map(|query| (Occur::Should, query)));
    Some(Box::new(BooleanQuery::new(clauses)))
}

/// Documents with all concepts. None when no document can have them.
#[must_use]
pub(crate) fn with_all(typed: &ParsedQuery, fields: &IndexFields) -> Option<Box<dyn Query>> {
    let ranking = Ranking { typed, fields };
    let all: Vec<_> = typed.findable().map(|concept| ranking.anywhere(concept)).collect();
    (!all.is_empty() && all.len() == typed.concepts.len()).then(|| together(all))
}

struct Ranking<'a> {
    typed: &'a ParsedQuery,
    fields: &'a IndexFields,
}

impl Ranking<'_> {
    /// Documents with the concept in their text, better in a heading or the title.
    fn anywhere(&self, concept: &Concept) -> Box<dyn Query> {
        self.one_of(concept, |word| self.word(word), |phrase| self.phrase(phrase))
    }

    fn in_title(&self, concept: &Concept) -> Box<dyn Query> {
        self.one_of(concept, |word| self.word_in_title(word), |phrase| phrase_in(self.fields.title, &phrase.stems))
    }

    fn one_of(
        &self,
        concept: &Concept,
        word: impl Fn(&Word) -> Box<dyn Query>,
        phrase: impl Fn(&Phrase) -> Box<dyn Query>,
    ) -> Box<dyn Query> {
        let words = self.typed.words_of(concept);
        let mut ways: Vec<Box<dyn Query>> = Vec::new();
        if words.iter().all(|word| word.by != WordMatch::Nothing) {
            ways.push(together(words.iter().map(word).collect()));
        }
        ways.extend(concept.phrases.iter().map(phrase));
        if ways.len() == 1 { ways.swap_remove(0) } else { Box::new(DisjunctionMaxQuery::with_tie_breaker(ways, 0.2)) }
    }

    fn word(&self, word: &Word) -> Box<dyn Query> {
        let fields = self.fields;
        let mut ways = vec![self.part(&word.exact, &word.stem)];
        if !word.parts.is_empty() {
            let parts = word.parts.iter().map(|(exact, stem)| self.part(exact, stem)).collect();
            ways.push(boost(Box::new(BooleanQuery::intersection(parts)), 0.3));
        }
        if word.by == WordMatch::Beginning {
            ways.push(constant_score(begins(fields.title_words, word), 3.0));
            if word.exact.starts_with(|c: char| c.is_ascii_digit()) {
                ways.push(constant_score(begins(fields.number, word), 50.0));
            }
            if has_long_beginning(word) {
                ways.push(constant_score(begins(fields.words, word), 0.5));
            }
        }
        if ways.len() == 1 { ways.swap_remove(0) } else { Box::new(BooleanQuery::union(ways)) }
    }

    fn word_in_title(&self, word: &Word) -> Box<dyn Query> {
        let fields = self.fields;
        let whole = phrase_in(fields.title, std::slice::from_ref(&word.stem));
        let also = if word.by == WordMatch::Beginning {
            begins(fields.title_words, word)
        } else if word.parts.is_empty() {
            return whole;
        } else {
            let parts = word.parts.iter().map(|(_, stem)| equal(fields.title, stem)).collect();
            Box::new(BooleanQuery::intersection(parts))
        };
        Box::new(BooleanQuery::union(vec![whole, also]))
    }

    /// A word or a part of one anywhere.
    fn part(&self, exact: &str, stem: &str) -> Box<dyn Query> {
        let fields = self.fields;
        Box::new(BooleanQuery::new(vec![
            (Occur::Must, frequent(fields.text, stem)),
            (Occur::Should, boost(frequent(fields.title, stem), 2.0)),
            (Occur::Should, boost(frequent(fields.headings, stem), 1.5)),
            (Occur::Should, constant_score(equal(fields.title_words, exact), 0.5)),
        ]))
    }

    /// A phrase anywhere.
    fn phrase(&self, phrase: &Phrase) -> Box<dyn Query> {
        let fields = self.fields;
        Box::new(BooleanQuery::new(vec![
            (Occur::Must, phrase_in(fields.text, &phrase.stems)),
            (Occur::Should, boost(phrase_in(fields.title, &phrase.stems), 3.0)),
            (Occur::Should, boost(phrase_in(fields.headings, &phrase.stems), 1.5)),
        ]))
    }

    /// Documents that have what was typed, or a part of it, as their number or their title.
    fn names(&self) -> Vec<Box<dyn Query>> {
        let key = tokenizer::exact_key(&self.typed.text);
        let words: Vec<&str> = key.split(' ').filter(|word| !word.is_empty()).collect();
        let number = |key: &str, score| constant_score(equal(self.fields.number, key), score);
        let mut names = Vec::new();
        // “8.6.1” is a number wherever it is, “6” only by itself or after a word such as “clause”.
        let is_number = |at: usize| {
            words.len() == 1 || words[at].contains('.') || at > 0 && BEFORE_NUMBERS.contains(&words[at - 1])
        };
        let alone = (0..words.len()).filter(|at| is_number(*at));
        names.extend(alone.map(|at| number(words[at], NAMED * 2.0)));
        for length in 2..=NUMBER_WORDS.min(words.len()) {
            // “part 6” means Part 6 before clause 6.
            names.extend(words.windows(length).map(|some| number(&some.join(" "), NAMED * 4.0)));
        }
        let phrases = self.typed.concepts.iter().flat_map(|concept| &concept.phrases);
        names.extend(phrases.map(|phrase| number(&phrase.key, NAMED * 1.5)));
        names.push(constant_score(equal(self.fields.name, &self.typed.name_key()), NAMED));
        names
    }
}

/// These words side by side; the parts of a composed word between them do not count.
fn phrase_in(field: Field, stems: &[String]) -> Box<dyn Query> {
    match stems {
        [] => Box::new(BooleanQuery::union(Vec::new())),
        [stem] => frequent(field, stem),
        stems => {
            let mut query = PhraseQuery::new(stems.iter().map(|stem| term(field, stem)).collect());
            query.set_slop(3);
            Box::new(query)
        }
    }
}

fn together(mut queries: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    if queries.len() == 1 { queries.swap_remove(0) } else { Box::new(BooleanQuery::intersection(queries)) }
}

fn frequent(field: Field, stem: &str) -> Box<dyn Query> {
    Box::new(TermQuery::new(term(field, stem), IndexRecordOption::WithFreqs))
}

fn begins(field: Field, word: &Word) -> Box<dyn Query> {
    Box::new(FuzzyTermQuery::new_prefix(term(field, &word.exact), 0, true))
}

/// Whether so few words begin like it that the whole text can be asked.
pub(super) fn has_long_beginning(word: &Word) -> bool {
    word.exact.chars().count() >= 3 || word.exact.contains(is_spaceless)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::search::{schema, stemming::Stemming, synonyms::Synonyms};

    proptest! {
        #[test]
        fn whatever_is_typed_makes_a_query_or_none(text in "\\PC{0,300}") {
            let (_, fields) = schema::schema();
            let mut typed = ParsedQuery::read(&text, Stemming::of("en"));
            typed.find_concepts(&Synonyms::default());
            prop_assert_eq!(build(&typed, &fields).is_none(), typed.words.is_empty());
        }
    }
}
