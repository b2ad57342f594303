//! Where a word begins and ends, for texts and queries alike: “8.2.4”, “20000-1” and “ISO/IEC” are words, and so are
//! their parts. Knows nothing of the index but the shape of its tokens.

use std::collections::VecDeque;

use tantivy::tokenizer::{
    Language, RawTokenizer, RemoveLongFilter, Stemmer, TextAnalyzer, Token, TokenStream, Tokenizer,
};

use crate::text::{
    fold::fold,
    language,
    visible::{is_ignorable, is_mark},
};

/// Name of the analysis that keeps words as they are but for what folding takes.
pub(crate) const EXACT: &str = "plinth_exact";
/// Name of the analysis that cuts words to their stems.
pub(crate) const STEM: &str = "plinth_stem";
/// Longer words, in bytes, are nobody's words.
const LONGEST: usize = 60;

#[must_use]
pub(crate) fn exact() -> TextAnalyzer {
    TextAnalyzer::builder(WordTokenizer).filter(RemoveLongFilter::limit(LONGEST)).build()
}

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
            Some(language) => words.filter(Stemmer::new(language)).build(),
            None => words.build(),
        }
    }

    /// The stem of one word, as [`exact`] gives it.
    #[must_use]
    pub(crate) fn stem_of(self, word: &str) -> String {
        let Some(language) = self.0 else { return word.to_owned() };
        let mut analyzer = TextAnalyzer::builder(RawTokenizer::default()).filter(Stemmer::new(language)).build();
        let mut stream = analyzer.token_stream(word);
        if stream.advance() { std::mem::take(&mut stream.token_mut().text) } else { word.to_owned() }
    }
}

#[must_use]
pub(crate) fn tokens(mut analyzer: TextAnalyzer, text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    analyzer.token_stream(text).process(&mut |token| found.push(token.clone()));
    found
}

/// A text as one value to compare with: its whole words, folded, with single spaces.
#[must_use]
pub(crate) fn exact_key(text: &str) -> String {
    let mut end = 0;
    let mut words = Vec::new();
    for token in tokens(exact(), text) {
        // The parts of a word lie within it, and come after it.
        if token.offset_from >= end {
            end = token.offset_to;
            words.push(token.text);
        }
    }
    words.join(" ")
}

/// Splits a text into words, and folds them.
#[derive(Clone)]
pub(crate) struct WordTokenizer;

impl Tokenizer for WordTokenizer {
    type TokenStream<'a> = Stream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream<'a> {
        Stream { text, at: 0, waiting: VecDeque::new(), token: Token::default() }
    }
}

/// The words of a text one after the other: a composed word first, then its parts.
pub(crate) struct Stream<'a> {
    text: &'a str,
    at: usize,
    waiting: VecDeque<Token>,
    token: Token,
}

impl TokenStream for Stream<'_> {
    fn advance(&mut self) -> bool {
        if self.waiting.is_empty() {
            self.next_word();
        }
        match self.waiting.pop_front() {
            Some(token) => {
                self.token = Token { position: self.token.position.wrapping_add(1), ..token };
                true
            }
            None => false,
        }
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

impl Stream<'_> {
    fn next_word(&mut self) {
        let Some(start) = self.text[self.at..].find(begins_word).map(|skip| self.at + skip) else {
            self.at = self.text.len();
            return;
        };
        let mut parts: Vec<Token> = vec![part(start)];
        let mut whole = part(start);
        let mut chars = self.text[start..].char_indices().map(|(at, c)| (start + at, c)).peekable();
        let mut end = self.text.len();
        while let Some((at, c)) = chars.next() {
            if is_ignorable(c) {
                continue;
            }
            if c.is_alphanumeric() || is_mark(c) {
                whole.text.push(c);
                if let Some(last) = parts.last_mut() {
                    last.text.push(c);
                    last.offset_to = at + c.len_utf8();
                }
                continue;
            }
            let joins = connector(c).filter(|_| chars.peek().is_some_and(|(_, next)| begins_word(*next)));
            let Some(hyphen) = joins else {
                end = at;
                break;
            };
            whole.text.push(hyphen);
            parts.push(part(at + c.len_utf8()));
        }
        self.at = end;
        whole.offset_to = parts.last().map_or(end, |last| last.offset_to);
        for token in parts.iter_mut().chain([&mut whole]) {
            token.text = fold(&token.text);
        }
        let dotted = whole.text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        let composed = parts.len() > 1;
        self.waiting.push_back(whole);
        if composed && !dotted {
            self.waiting.extend(parts);
        }
    }
}

fn part(start: usize) -> Token {
    Token { offset_from: start, offset_to: start, position: 0, text: String::new(), position_length: 1 }
}

const fn connector(c: char) -> Option<char> {
    match c {
        '.' | '/' | '_' => Some(c),
        '-' | '\u{2010}' | '\u{2011}' => Some('-'),
        _ => None,
    }
}

/// Marks belong to the letter before them, and what is never drawn is no letter: neither makes a word by itself.
fn begins_word(c: char) -> bool {
    c.is_alphanumeric() && !is_mark(c) && !is_ignorable(c)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn texts(text: &str) -> Vec<String> {
        tokens(exact(), text).into_iter().map(|token| token.text).collect()
    }

    #[test]
    fn numbers_and_composed_words_stay_whole() {
        assert_eq!(
            texts("Clause 8.2.4. See ISO/IEC 20000-1:2018"),
            ["clause", "8.2.4", "see", "iso/iec", "iso", "iec", "20000-1", "20000", "1", "2018"]
        );
        assert_eq!(texts("Café re\u{301}sume\u{301} \u{202e}Über\u{200b}prüfung"), ["cafe", "resume", "uberprufung"]);
        assert_eq!(texts("İSO İTİL STRASSE Straße हिन्दी"), ["iso", "itil", "strasse", "strasse", "हिन्दी"]);
        assert_eq!(texts("ΣΟΦΟΣ σοφός \u{5b0}\u{3164}שָׁלוֹם"), ["σοφοσ", "σοφοσ", "שלום"]);
        assert_eq!(texts("８.２.４"), ["8.2.4"]);
        assert_eq!(exact_key("  ISO/IEC — 20000-1 "), "iso/iec 20000-1");
    }

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

    proptest! {
        #[test]
        fn offsets_always_cut_the_text(text in ".{0,80}") {
            for token in tokens(Stemming::of("en").analyzer(), &text) {
                prop_assert!(text.get(token.offset_from..token.offset_to).is_some(), "{:?} in {:?}", token, text);
                prop_assert!(!token.text.is_empty(), "{:?} in {:?}", token, text);
            }
        }
    }
}
