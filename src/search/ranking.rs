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

/// How many concepts a document needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// All of them.
    All,
    /// All of them, or most of them in its title.
    AllOrMostInTitle,
    Most,
    Any,
}

/// Terms of a number that was typed: of how many words.
const NUMBER_WORDS: usize = 3;

/// The query of the index. None when there is nothing to ask for.
#[must_use]
pub(crate) fn build(typed: &ParsedQuery, need: Need, fields: &IndexFields) -> Option<Box<dyn Query>> {
    let ranking = Ranking { typed, fields };
    let concepts: Vec<&Concept> = typed.findable().collect();
    if concepts.is_empty() {
        return None;
    }
    let mut clauses = vec![(Occur::Must, constant_score(ranking.needed(&ranking.certain(&concepts), need), 0.0))];
    clauses.extend(concepts.iter().map(|concept| (Occur::Should, ranking.anywhere(concept))));
    let titles = concepts.iter().map(|concept| ranking.in_title(concept)).collect();
    clauses.push((Occur::Should, constant_score(Box::new(BooleanQuery::intersection(titles)), 12.0)));
    let small = typed.words.iter().filter(|word| word.small);
    clauses.extend(small.map(|word| (Occur::Should, constant_score(equal(fields.title_words, &word.exact), 0.2))));
    clauses.extend(ranking.names().into_iter().map(|query| (Occur::Should, query)));
    Some(Box::new(BooleanQuery::new(clauses)))
}

/// How many of `all` are most of them.
const fn most(all: usize) -> usize {
    (all * 3).div_ceil(5)
}

struct Ranking<'a> {
    typed: &'a ParsedQuery,
    fields: &'a IndexFields,
}

impl Ranking<'_> {
    /// Those that someone typed as they are and that not every other text has; all when there are none.
    fn certain<'a>(&self, concepts: &[&'a Concept]) -> Vec<&'a Concept> {
        let tells = |word: &Word| word.by != WordMatch::Similar && !word.common;
        let certain = concepts
            .iter()
            .filter(|concept| !concept.phrases.is_empty() || self.typed.words_of(concept).iter().all(tells));
        let certain: Vec<_> = certain.copied().collect();
        if certain.is_empty() { concepts.to_vec() } else { certain }
    }

    fn needed(&self, concepts: &[&Concept], need: Need) -> Box<dyn Query> {
        let anywhere = || concepts.iter().map(|concept| self.anywhere(concept)).collect();
        let in_title = || concepts.iter().map(|concept| self.in_title(concept)).collect();
        let all = || Box::new(BooleanQuery::intersection(anywhere()));
        let most = most(concepts.len());
        match need {
            Need::All => all(),
            Need::AllOrMostInTitle => {
                let titles = BooleanQuery::union_with_minimum_required_clauses(in_title(), most);
                Box::new(BooleanQuery::union(vec![all(), Box::new(titles)]))
            }
            Need::Most => Box::new(BooleanQuery::union_with_minimum_required_clauses(anywhere(), most)),
            Need::Any => Box::new(BooleanQuery::union(anywhere())),
        }
    }

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
            (Occur::Should, boost(frequent(fields.title, stem), 3.0)),
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
        let words = &self.typed.words;
        let number = |key: &str, score| constant_score(equal(self.fields.number, key), score);
        let mut names = Vec::new();
        for length in 1..=NUMBER_WORDS.min(words.len()) {
            for some in words.windows(length) {
                let key: Vec<&str> = some.iter().map(|word| word.exact.as_str()).collect();
                // “part 6” means Part 6 before clause 6.
                names.push(number(&key.join(" "), if length == 1 { 1000.0 } else { 2000.0 }));
            }
        }
        let phrases = self.typed.concepts.iter().flat_map(|concept| &concept.phrases);
        names.extend(phrases.map(|phrase| number(&phrase.key, 800.0)));
        let whole = tokenizer::exact_key(&self.typed.text);
        names.push(constant_score(equal(self.fields.name, &whole), 500.0));
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
            for need in [Need::All, Need::AllOrMostInTitle, Need::Most, Need::Any] {
                prop_assert_eq!(build(&typed, need, &fields).is_none(), typed.words.is_empty());
            }
        }
    }
}
