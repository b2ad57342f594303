//! British and American spellings of one word, joined before words are cut to their stems.

use tantivy::tokenizer::{Token, TokenFilter, TokenStream, Tokenizer};

/// Words whose spelling follows no rule of this file, and the one they are joined with.
const PAIRS: [(&str, &str); 22] = [
    ("analyse", "analyze"),
    ("analysed", "analyzed"),
    ("analyses", "analyzes"),
    ("analysing", "analyzing"),
    ("catalogue", "catalog"),
    ("catalogued", "cataloged"),
    ("catalogues", "catalogs"),
    ("centre", "center"),
    ("centres", "centers"),
    ("cheque", "check"),
    ("defence", "defense"),
    ("enrol", "enroll"),
    ("enrolment", "enrollment"),
    ("fulfil", "fulfill"),
    ("fulfilment", "fulfillment"),
    ("judgement", "judgment"),
    ("licence", "license"),
    ("licences", "licenses"),
    ("practise", "practice"),
    ("programme", "program"),
    ("programmes", "programs"),
    ("skilful", "skillful"),
];

/// What may follow the “is” of a word that Americans write with “iz”.
const AFTER_IS: [&str; 9] = ["e", "ed", "es", "er", "ers", "ing", "ation", "ations", "able"];
/// What may follow the “our” of a word that Americans write with “or”.
const AFTER_OUR: [&str; 7] = ["", "s", "ed", "ing", "al", "ally", "able"];

/// The American spelling of a folded English word, when there is one.
#[must_use]
fn american(word: &str) -> Option<String> {
    if let Ok(at) = PAIRS.binary_search_by_key(&word, |(british, _)| british) {
        return Some(PAIRS[at].1.to_owned());
    }
    with(word, "is", "iz", &AFTER_IS).or_else(|| with(word, "our", "or", &AFTER_OUR))
}

/// With `to` in place of `from`, when one of `endings` follows and three letters or more come before.
fn with(word: &str, from: &str, to: &str, endings: &[&str]) -> Option<String> {
    endings.iter().find_map(|ending| {
        let begin = word.strip_suffix(ending)?.strip_suffix(from)?;
        (begin.len() >= 3).then(|| format!("{begin}{to}{ending}"))
    })
}

/// Joins the spellings of each word of a stream.
#[derive(Clone)]
pub(super) struct JoinSpellings;

impl TokenFilter for JoinSpellings {
    type Tokenizer<T: Tokenizer> = Joining<T>;

    fn transform<T: Tokenizer>(self, tokenizer: T) -> Joining<T> {
        Joining(tokenizer)
    }
}

#[derive(Clone)]
pub(super) struct Joining<T>(T);

impl<T: Tokenizer> Tokenizer for Joining<T> {
    type TokenStream<'a> = JoiningStream<T::TokenStream<'a>>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Self::TokenStream<'a> {
        JoiningStream(self.0.token_stream(text))
    }
}

pub(super) struct JoiningStream<S>(S);

impl<S: TokenStream> TokenStream for JoiningStream<S> {
    fn advance(&mut self) -> bool {
        if !self.0.advance() {
            return false;
        }
        if let Some(text) = american(&self.0.token().text) {
            self.0.token_mut().text = text;
        }
        true
    }

    fn token(&self) -> &Token {
        self.0.token()
    }

    fn token_mut(&mut self) -> &mut Token {
        self.0.token_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_are_one() {
        assert!(PAIRS.is_sorted());
        for (british, word) in [
            ("organisation", "organization"),
            ("organised", "organized"),
            ("behaviour", "behavior"),
            ("behavioural", "behavioral"),
            ("catalogue", "catalog"),
            ("licence", "license"),
        ] {
            assert_eq!(american(british).as_deref(), Some(word));
            assert_eq!(american(word), None);
        }
        for word in ["rise", "our", "hour", "four", "audit", "is", "8.5.1", "认证"] {
            assert_eq!(american(word), None, "{word}");
        }
    }
}
