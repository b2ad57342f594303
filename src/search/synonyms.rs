//! Words and abbreviations that mean the same, as editors keep them: a group on each line, its phrases separated by commas.

use std::collections::HashMap;

use super::{stemming::Stemming, tokenizer, word::Word};

/// So many phrases of one group are asked for in addition to the one that was typed.
const PHRASES: usize = 8;

/// One way to say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Phrase {
    /// The stems of its words, composed ones whole.
    pub(crate) stems: Vec<String>,
    /// As one value to compare with.
    pub(crate) key: String,
}

/// A phrase of a group that someone typed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct KnownPhrase {
    /// How many parts of words it has.
    pub(crate) length: usize,
    /// The groups that have it.
    pub(crate) groups: Vec<usize>,
    /// The other phrases of these groups.
    pub(crate) phrases: Vec<Phrase>,
}

/// The groups, to look phrases up in.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Synonyms {
    /// What they were read from.
    source: (String, Stemming),
    groups: Vec<Vec<Phrase>>,
    /// By its first part: all parts of a phrase, its group, its place in it.
    phrases: HashMap<String, Vec<(Vec<String>, usize, usize)>>,
}

impl Synonyms {
    /// Reads the groups of `text`; what has no words is passed over.
    #[must_use]
    pub(crate) fn read(text: &str, stemming: Stemming) -> Self {
        let mut synonyms = Self { source: (text.to_owned(), stemming), ..Self::default() };
        for line in text.lines() {
            let group: Vec<(Phrase, Vec<String>)> = line
                .split(',')
                .map(|phrase| read_phrase(phrase, stemming))
                .filter(|(_, parts)| !parts.is_empty())
                .collect();
            if group.len() < 2 {
                continue;
            }
            let number = synonyms.groups.len();
            for (place, (_, parts)) in group.iter().enumerate() {
                synonyms.phrases.entry(parts[0].clone()).or_default().push((parts.clone(), number, place));
            }
            synonyms.groups.push(group.into_iter().map(|(phrase, _)| phrase).collect());
        }
        synonyms
    }

    /// Whether they were read from this text, with these stems.
    #[must_use]
    pub(crate) fn are_of(&self, text: &str, stemming: Stemming) -> bool {
        self.source.0 == text && self.source.1 == stemming
    }

    /// The longest phrase that the parts of words begin with.
    #[must_use]
    pub(crate) fn longest(&self, parts: &[&str]) -> Option<KnownPhrase> {
        let fits = |phrase: &&(Vec<String>, usize, usize)| {
            phrase.0.len() <= parts.len() && phrase.0.iter().zip(parts).all(|(one, other)| one == other)
        };
        let found: Vec<_> = self.phrases.get(*parts.first()?)?.iter().filter(fits).collect();
        let length = found.iter().map(|(phrase, ..)| phrase.len()).max()?;
        let (mut phrases, mut groups) = (Vec::new(), Vec::new());
        for (_, group, place) in found.into_iter().filter(|(phrase, ..)| phrase.len() == length) {
            groups.push(*group);
            let group = self.groups[*group].iter().enumerate().filter(|(at, _)| at != place);
            phrases.extend(group.map(|(_, phrase)| phrase.clone()));
        }
        phrases.truncate(PHRASES);
        Some(KnownPhrase { length, groups, phrases })
    }
}

fn read_phrase(text: &str, stemming: Stemming) -> (Phrase, Vec<String>) {
    let words = Word::read_all(text, stemming, usize::MAX);
    let parts = words.iter().flat_map(Word::part_stems).map(ToOwned::to_owned).collect();
    (Phrase { stems: words.into_iter().map(|word| word.stem).collect(), key: tokenizer::exact_key(text) }, parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_phrase_counts_whatever_its_spelling() {
        let english = Stemming::of("en");
        let synonyms =
            Synonyms::read("SLA, service level agreement\nPart 1, ISO/IEC 20000-1, 20000-1\nlonely\n, ,", english);
        assert_eq!(synonyms.groups.len(), 2);
        let longest = |text: &str| {
            let words = Word::read_all(text, english, 12);
            let parts: Vec<&str> = words.iter().flat_map(Word::part_stems).collect();
            synonyms
                .longest(&parts)
                .map(|known| (known.length, known.phrases.into_iter().map(|other| other.key).collect::<Vec<_>>()))
        };
        assert_eq!(longest("Service-level agreements for all").unwrap(), (3, vec!["sla".to_owned()]));
        assert_eq!(longest("iso/iec 20000-1:2018").unwrap().0, 4);
        assert_eq!(longest("20000-1").unwrap().1, ["part 1", "iso iec 20000 1"]);
        assert_eq!(longest("service level"), None);
    }
}
