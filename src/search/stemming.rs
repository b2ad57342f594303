//! How words are cut to their stems, so that “audits” finds “auditing”. The rules are those of the language of the site.

use tantivy::tokenizer::{
    Language, RawTokenizer, RemoveLongFilter, Stemmer, TextAnalyzer, Token, TokenStream, Tokenizer,
};

use super::{
    small_words::is_small,
    spelling_variants::JoinSpellings,
    tokenizer::{LONGEST, WordTokenizer, exact_key},
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

    /// A title as one value to compare with, whatever the endings of its words, and without its small words.
    #[must_use]
    pub(crate) fn name_key(self, title: &str) -> String {
        let key = exact_key(title);
        let tells = |word: &&str| !(self.is_english() && is_small(word));
        let mut words: Vec<&str> = key.split(' ').filter(tells).collect();
        if words.is_empty() {
            words = key.split(' ').collect();
        }
        words.into_iter().map(|word| self.stem_of(word)).collect::<Vec<_>>().join(" ")
    }

    /// The analysis of titles as names.
    #[must_use]
    pub(crate) fn name_analyzer(self) -> TextAnalyzer {
        TextAnalyzer::builder(NameTokenizer(self)).build()
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

/// Makes one word of a whole title.
#[derive(Clone)]
struct NameTokenizer(Stemming);

impl Tokenizer for NameTokenizer {
    type TokenStream<'a> = NameStream;

    fn token_stream(&mut self, text: &str) -> NameStream {
        let token = Token { text: self.0.name_key(text), offset_to: text.len(), position: 0, ..Token::default() };
        NameStream { token, is_read: false }
    }
}

struct NameStream {
    token: Token,
    is_read: bool,
}

impl TokenStream for NameStream {
    fn advance(&mut self) -> bool {
        !std::mem::replace(&mut self.is_read, true)
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
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
