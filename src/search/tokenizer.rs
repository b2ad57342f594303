//! Where a word begins and ends, for texts and queries alike: “8.2.4”, “20000-1” and “ISO/IEC” are words, and so are
//! their parts. Knows nothing of the index but the shape of its tokens.

use std::collections::VecDeque;

use tantivy::tokenizer::{RemoveLongFilter, TextAnalyzer, Token, TokenStream, Tokenizer};

use crate::text::{
    fold::fold,
    visible::{is_ignorable, is_mark},
};

/// Name of the analysis that keeps words as they are but for what folding takes.
pub(crate) const EXACT: &str = "plinth_exact";
/// Name of the analysis that cuts words to their stems.
pub(crate) const STEM: &str = "plinth_stem";
/// Name of the analysis that makes one word of a title.
pub(crate) const NAME: &str = "plinth_name";
/// Longer words, in bytes, are nobody's words.
pub(super) const LONGEST: usize = 60;

#[must_use]
pub(crate) fn exact() -> TextAnalyzer {
    TextAnalyzer::builder(WordTokenizer).filter(RemoveLongFilter::limit(LONGEST)).build()
}

#[must_use]
pub(crate) fn tokens(mut analyzer: TextAnalyzer, text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    analyzer.token_stream(text).process(&mut |token| found.push(token.clone()));
    found
}

/// A text as one value to compare with: its words, folded, composed ones in parts, with single spaces.
#[must_use]
pub(crate) fn exact_key(text: &str) -> String {
    let mut words: Vec<Token> = Vec::new();
    for token in tokens(exact(), text) {
        // The parts of a word lie within it, and come after it.
        if words
            .last()
            .is_some_and(|whole| token.offset_from >= whole.offset_from && token.offset_to <= whole.offset_to)
        {
            words.pop();
        }
        words.push(token);
    }
    words.into_iter().map(|token| token.text).collect::<Vec<_>>().join(" ")
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
        if self.text[start..].starts_with(is_spaceless) {
            self.next_run(start);
        } else {
            self.next_spaced(start);
        }
    }

    /// A word of a script that puts spaces between words.
    fn next_spaced(&mut self, start: usize) {
        let mut parts: Vec<Token> = vec![part(start)];
        let mut whole = part(start);
        let mut chars = self.text[start..].char_indices().map(|(at, c)| (start + at, c)).peekable();
        let mut end = self.text.len();
        while let Some((at, c)) = chars.next() {
            if is_ignorable(c) {
                continue;
            }
            if is_spaceless(c) {
                end = at;
                break;
            }
            if c.is_alphanumeric() || is_mark(c) {
                whole.text.push(c);
                if let Some(last) = parts.last_mut() {
                    last.text.push(c);
                    last.offset_to = at + c.len_utf8();
                }
                continue;
            }
            let joins = connector(c)
                .filter(|_| chars.peek().is_some_and(|(_, next)| begins_word(*next) && !is_spaceless(*next)));
            let Some(hyphen) = joins else {
                end = at;
                break;
            };
            whole.text.push(hyphen);
            parts.push(part(at + c.len_utf8()));
        }
        self.at = end;
        whole.offset_to = parts.last().map_or(end, |last| last.offset_to);
        let dotted = fold(&whole.text).bytes().all(|b| b.is_ascii_digit() || b == b'.');
        if !dotted {
            parts = parts.into_iter().flat_map(between_letters_and_digits).collect();
        }
        self.put(whole, if dotted { Vec::new() } else { parts });
    }

    /// A run of a script without spaces, with each two neighbours in it as a part.
    fn next_run(&mut self, start: usize) {
        let inside = |c: &char| is_spaceless(*c) || is_mark(*c) || is_ignorable(*c);
        let length: usize = self.text[start..].chars().take_while(inside).map(char::len_utf8).sum();
        self.at = start + length;
        let run = &self.text[start..self.at];
        // A mark belongs to the letter before it.
        let letters: Vec<usize> =
            run.char_indices().filter(|(_, c)| begins_word(*c)).map(|(at, _)| at).chain([run.len()]).collect();
        let cut = |from: usize, to: usize| Token {
            offset_from: start + from,
            offset_to: start + to,
            text: run[from..to].to_owned(),
            ..Token::default()
        };
        let pairs = letters.windows(3).map(|pair| cut(pair[0], pair[2])).collect();
        self.put(cut(0, run.len()), pairs);
    }

    /// A word, and its parts when there are several.
    fn put(&mut self, whole: Token, parts: Vec<Token>) {
        self.waiting.push_back(whole);
        if parts.len() > 1 {
            self.waiting.extend(parts);
        }
        for token in &mut self.waiting {
            token.text = fold(&token.text);
        }
    }
}

/// “iso27001” is “iso” and “27001”: letters and digits side by side, at least two of the one and one of the other.
fn between_letters_and_digits(token: Token) -> Vec<Token> {
    let digits = token.text.len() - token.text.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let letters = token.text.len() - digits;
    let is_plain = token.offset_to - token.offset_from == token.text.len();
    if digits < 1 || letters < 2 || !is_plain || !token.text[..letters].chars().all(char::is_alphabetic) {
        return vec![token];
    }
    let middle = token.offset_from + letters;
    let (first, second) = token.text.split_at(letters);
    vec![
        Token { text: first.to_owned(), offset_to: middle, ..token },
        Token { text: second.to_owned(), offset_from: middle, ..token },
    ]
}

/// Whether a script puts no spaces between words: Chinese, Japanese, Thai, Lao, Khmer, Burmese.
#[must_use]
pub(crate) const fn is_spaceless(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3005}'..='\u{3007}'
        | '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
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
        assert_eq!(texts("iso27001 b2b p2"), ["iso27001", "iso", "27001", "b2b", "p2"]);
        assert_eq!(texts("ISO認証制度の 認"), ["iso", "認証制度の", "認証", "証制", "制度", "度の", "認"]);
        assert_eq!(texts("บริการ"), ["บริการ", "บริ", "ริก", "กา", "าร"]);
        assert_eq!(exact_key("  ISO/IEC — 20000-1 "), "iso iec 20000 1");
        assert_eq!(exact_key("SOC2, 8.5.1"), "soc 2 8.5.1");
    }

    proptest! {
        #[test]
        fn offsets_always_cut_the_text(text in ".{0,80}") {
            for token in tokens(exact(), &text) {
                prop_assert!(text.get(token.offset_from..token.offset_to).is_some(), "{:?} in {:?}", token, text);
                prop_assert!(!token.text.is_empty(), "{:?} in {:?}", token, text);
            }
        }
    }
}
