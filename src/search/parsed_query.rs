//! What someone typed, as words and as the concepts that they name. Nothing typed is ever read as a language: there are
//! words, and nothing else.

use std::{collections::HashMap, ops::Range};

use super::{
    stemming::Stemming,
    synonyms::{Phrase, Synonyms},
    word::{Word, WordMatch},
};

/// So many characters are looked at.
const CHARACTERS: usize = 200;
/// So many words are looked at.
const WORDS: usize = 12;

/// Words that name one thing, with other phrases for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Concept {
    pub(crate) words: Range<usize>,
    pub(crate) phrases: Vec<Phrase>,
}

/// What someone typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ParsedQuery {
    pub(crate) text: String,
    pub(crate) words: Vec<Word>,
    /// How many words of it count; 0 when all do.
    pub(crate) only: usize,
    /// How they were cut to their stems.
    pub(crate) stemming: Stemming,
    /// In the order of their words. A small word belongs to one only as part of a phrase, or when all words are small.
    pub(crate) concepts: Vec<Concept>,
}

impl ParsedQuery {
    /// Looks at the beginning of `text`. Its concepts are still to be found.
    #[must_use]
    pub(crate) fn read(text: &str, stemming: Stemming) -> Self {
        let text: String = text.chars().take(CHARACTERS).collect();
        let mut words = Word::read_all(&text, stemming, WORDS + 1);
        let only = if words.len() > WORDS { WORDS } else { 0 };
        words.truncate(WORDS);
        Self { text, words, only, stemming, concepts: Vec::new() }
    }

    /// Puts together the words that name one thing.
    pub(crate) fn find_concepts(&mut self, synonyms: &Synonyms) {
        self.concepts = concepts(&self.words, synonyms);
    }

    /// What was typed, to compare with a title.
    #[must_use]
    pub(crate) fn name_key(&self) -> String {
        let words: Vec<&str> = self.words.iter().map(|word| word.exact.as_str()).collect();
        self.stemming.name_key(&words.join(" "))
    }

    /// The words of a concept.
    #[must_use]
    pub(crate) fn words_of(&self, concept: &Concept) -> &[Word] {
        &self.words[concept.words.clone()]
    }

    /// The concepts that any text can have.
    pub(crate) fn findable(&self) -> impl Iterator<Item = &Concept> {
        let is_findable = |concept: &&Concept| {
            !concept.phrases.is_empty() || self.words_of(concept).iter().all(|word| word.by != WordMatch::Nothing)
        };
        self.concepts.iter().filter(is_findable)
    }

    /// The stems of what was typed, to mark them in a text, each with the index of its word.
    #[must_use]
    pub(crate) fn stems(&self) -> HashMap<&str, usize> {
        let mut stems = HashMap::new();
        for concept in &self.concepts {
            for index in concept.words.clone() {
                let word = &self.words[index];
                let parts = word.parts.iter().map(|(_, stem)| stem.as_str());
                stems.extend(parts.chain([word.stem.as_str()]).map(|stem| (stem, index)));
            }
            let other = concept.phrases.iter().filter(|phrase| phrase.stems.len() == 1);
            stems.extend(other.map(|phrase| (phrase.stems[0].as_str(), concept.words.start)));
        }
        stems
    }
}

fn concepts(words: &[Word], synonyms: &Synonyms) -> Vec<Concept> {
    // Each part with the word that it belongs to.
    let parts: Vec<(usize, &str)> =
        words.iter().enumerate().flat_map(|(index, word)| word.part_stems().map(move |part| (index, part))).collect();
    let stems: Vec<&str> = parts.iter().map(|(_, part)| *part).collect();
    let all_small = words.iter().all(|word| word.small);
    let (mut found, mut groups): (Vec<Concept>, Vec<usize>) = (Vec::new(), Vec::new());
    let mut at = 0;
    while at < parts.len() {
        let first = parts[at].0;
        if let Some(known) = synonyms.longest(&stems[at..]) {
            let words = first..parts[at + known.length - 1].0 + 1;
            // Who types two words of one group means one thing.
            if !known.groups.iter().any(|group| groups.contains(group)) {
                found.push(Concept { words, phrases: known.phrases });
            }
            groups.extend(known.groups);
            at += known.length;
            continue;
        }
        let is_new = found.last().is_none_or(|last| last.words.end <= first);
        if is_new && (all_small || !words[first].small) && !phrase_follows(&parts, at, synonyms) {
            found.push(Concept { words: first..first + 1, phrases: Vec::new() });
        }
        at += 1;
    }
    found
}

/// Whether a later part of the same word begins a phrase, so that the word is a part of that one.
fn phrase_follows(parts: &[(usize, &str)], at: usize, synonyms: &Synonyms) -> bool {
    let word = parts[at].0;
    let stems: Vec<&str> = parts.iter().map(|(_, part)| *part).collect();
    (at + 1..parts.len())
        .take_while(|next| parts[*next].0 == word)
        .any(|next| synonyms.longest(&stems[next..]).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> ParsedQuery {
        let english = Stemming::of("en");
        let synonyms =
            Synonyms::read("SLA, service level agreement\n20000-1, Part 1\nget certified, certification", english);
        let mut typed = ParsedQuery::read(text, english);
        typed.find_concepts(&synonyms);
        typed
    }

    fn ranges(text: &str) -> Vec<(Range<usize>, usize)> {
        read(text).concepts.into_iter().map(|concept| (concept.words, concept.phrases.len())).collect()
    }

    #[test]
    fn only_so_much_is_looked_at() {
        assert_eq!((read(&"ab ".repeat(10_000)).words.len(), read(&"ab ".repeat(10_000)).only), (WORDS, WORDS));
        assert_eq!(read("\"() AND OR : * ~ ^ [ ] { } \\ /").words.len(), 2);
        let typed = read("ISO/IEC 20000-7");
        assert_eq!(typed.words.len(), 2);
        assert_eq!(typed.words[0].parts.len(), 2);
        assert_eq!(typed.words[1].distance(), 0);
    }

    #[test]
    fn words_become_concepts() {
        assert_eq!(ranges("what is a service level agreement"), [(3..6, 1)]);
        assert_eq!(ranges("how to get certified"), [(2..4, 1)]);
        assert_eq!(ranges("iso20000-1:2018 audit"), [(0..1, 1), (1..2, 0), (2..3, 0)]);
        assert_eq!(ranges("what is the"), [(0..1, 0), (1..2, 0), (2..3, 0)]);
        assert_eq!(ranges("SLA template"), [(0..1, 1), (1..2, 0)]);
    }
}
