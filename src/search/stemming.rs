//! How words are cut to their stems, so that “audits” finds “auditing”. The rules are those of the language of the site.

use tantivy::tokenizer::{Language, RawTokenizer, RemoveLongFilter, Stemmer, TextAnalyzer, TokenStream};

use super::{
    spelling_variants::JoinSpellings,
    tokenizer::{LONGEST, WordTokenizer},
};
use crate::text::language;

/// How words are cut to their stems: by the rules of a language, or not at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Stemming(Option<Language>);

impl Stemming {
    /// The rules of the language with this tag; none for a language without known rules.
    #[must_use]
    pub(crate) fn of(tag: &str) -> Self {
        Self(match language::primary(tag) {
            "ar" => Some(Language::Arabic),
            "da" => Some(Language::Danish),
            "nl" => Some(Language::Dutch),
            "en" => Some(Language::English),
            "fi" => Some(Language::Finnish),
            "fr" => Some(Language::French),
            "de" => Some(Language::German),
            "el" => Some(Language::Greek),
            "hu" => Some(Language::Hungarian),
            "it" => Some(Language::Italian),
            "nb" | "nn" | "no" => Some(Language::Norwegian),
            "pt" => Some(Language::Portuguese),
            "ro" => Some(Language::Romanian),
            "ru" => Some(Language::Russian),
            "es" => Some(Language::Spanish),
            "sv" => Some(Language::Swedish),
            "ta" => Some(Language::Tamil),
            "tr" => Some(Language::Turkish),
            _ => None,
        })
    }

    #[must_use]
    pub(crate) fn is_english(self) -> bool {
        self.0 == Some(Language::English)
    }

    /// Names it in the index, which has to be made again when it changes.
    #[must_use]
    pub(crate) fn name(self) -> String {
        self.0.map_or_else(String::new, |language| format!("{language:?}"))
    }

    /// The stems of folded words.
    #[must_use]
    pub(crate) fn analyzer(self) -> TextAnalyzer {
        let words = TextAnalyzer::builder(WordTokenizer).filter(RemoveLongFilter::limit(LONGEST));
        match self.0 {
            Some(Language::English) => words.filter(JoinSpellings).filter(Stemmer::new(Language::English)).build(),
            Some(language) => words.filter(Stemmer::new(language)).build(),
            None => words.build(),
        }
    }

    /// The stem of one word, as [`exact`] gives it.
    #[must_use]
    pub(crate) fn stem_of(self, word: &str) -> String {
        let Some(language) = self.0 else { return word.to_owned() };
        let raw = TextAnalyzer::builder(RawTokenizer::default());
        let mut analyzer = match language {
            Language::English => raw.filter(JoinSpellings).filter(Stemmer::new(language)).build(),
            _ => raw.filter(Stemmer::new(language)).build(),
        };
        let mut stream = analyzer.token_stream(word);
        if stream.advance() { std::mem::take(&mut stream.token_mut().text) } else { word.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{search::tokenizer::tokens, text::fold::fold};

    #[test]
    fn each_language_has_its_own_stems() {
        let english = Stemming::of("en-GB");
        assert_eq!(tokens(english.analyzer(), "certification Organisations")[0].text, "certif");
        assert_eq!((english.stem_of("certification"), english.stem_of("8.2.4")), ("certif".into(), "8.2.4".into()));
        let stems = |tag: &str, words: [&str; 2]| words.map(|word| Stemming::of(tag).stem_of(&fold(word)));
        for (tag, words) in [
            ("de-AT", ["Häuser", "Haus"]),
            ("fr", ["auditeurs", "auditeur"]),
            ("es", ["auditores", "auditor"]),
            ("nb", ["revisjonen", "revisjoner"]),
            ("ru", ["проверки", "проверка"]),
        ] {
            let [one, other] = stems(tag, words);
            assert_eq!(one, other, "{tag}");
        }
        for tag in ["he", "ja", "", "pl"] {
            assert_eq!(stems(tag, ["auditing", "audits"]), ["auditing", "audits"], "{tag}");
            assert_eq!(tokens(Stemming::of(tag).analyzer(), "Auditing")[0].text, "auditing", "{tag}");
        }
        assert_ne!(Stemming::of("de").name(), Stemming::of("he").name());
        assert_eq!(Stemming::of("de-AT"), Stemming::of("de-CH"));
    }
}
