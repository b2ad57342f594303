//! Takes out of a letter what says who wrote it to whom: greetings, the end with its names, e-mail addresses, telephone numbers,
//! and names that are known. It cannot know all that is personal, so it says what it took. Knows no message.

/// What is written in the place of what was taken.
const GAP: &str = "…";
/// Most words of a greeting or of a line of a signature.
const SHORT: usize = 6;
/// Most lines below the words that end a letter.
const SIGNATURE: usize = 6;
/// Fewest digits of a telephone number that begins like one, and of one that does not.
const DIGITS: (usize, usize) = (7, 9);

const GREETINGS: [&str; 16] = [
    "dear",
    "hello",
    "hi",
    "hey",
    "good morning",
    "good afternoon",
    "good evening",
    "good day",
    "greetings",
    "to whom it may concern",
    "sehr geehrte",
    "sehr geehrter",
    "liebe",
    "lieber",
    "hallo",
    "guten tag",
];

const ENDINGS: [&str; 24] = [
    "best regards",
    "kind regards",
    "warm regards",
    "many regards",
    "with regards",
    "regards",
    "yours",
    "sincerely",
    "best wis*",
    "kind wis*",
    "all the best",
    "best,",
    "cheers",
    "many thanks",
    "thanks",
    "thank you",
    "with thanks",
    "mit freundlichen",
    "freundliche gr*",
    "viele gr*",
    "liebe gr*",
    "beste gr*",
    "herzliche gr*",
    "cordialement",
];

/// A text, and what was taken out of it, each once.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Impersonal {
    pub(crate) text: String,
    pub(crate) taken: Vec<String>,
}

impl Impersonal {
    fn take(&mut self, what: &str) {
        let what = what.trim();
        if !what.is_empty() && self.taken.iter().all(|taken| taken != what) {
            self.taken.push(what.to_owned());
        }
    }
}

/// The text without what is personal; `names` are taken out wherever they are.
#[must_use]
pub(crate) fn impersonal(text: &str, names: &[&str]) -> Impersonal {
    let mut left = Impersonal::default();
    let body = without_ending(without_greeting(text.trim(), &mut left), &mut left).to_owned();
    left.text = replace_tokens(&body, &mut left);
    left.text = replace_numbers(&left.text.clone(), &mut left);
    for name in names.iter().filter(|name| !name.trim().is_empty()) {
        left.text = replace_word(&left.text.clone(), name.trim(), &mut left);
        for part in name.split_whitespace().filter(|part| is_name(part)) {
            left.text = replace_word(&left.text.clone(), part, &mut left);
        }
    }
    left.text = tidy(&left.text);
    left
}

/// Part of a name that is no word of another kind.
fn is_name(part: &str) -> bool {
    part.chars().count() >= 3 && part.starts_with(char::is_uppercase)
}

/// The phrase that the text begins with, in any case, when no letter follows it or it ends in `*`.
fn begins<'a>(text: &str, phrases: &[&'a str]) -> Option<&'a str> {
    let text = text.to_lowercase();
    let fits = |phrase: &&str| match phrase.strip_suffix('*') {
        Some(start) => text.starts_with(start),
        None => text.strip_prefix(*phrase).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric)),
    };
    phrases.iter().copied().filter(|phrase| fits(phrase)).max_by_key(|phrase| phrase.len())
}

fn words(text: &str) -> usize {
    text.split_whitespace().count()
}

/// What follows the greeting that the text begins with.
fn without_greeting<'a>(text: &'a str, left: &mut Impersonal) -> &'a str {
    let line = text.lines().next().unwrap_or_default();
    if begins(line, &GREETINGS).is_none() {
        return text;
    }
    let end = line.find([',', '!', ':']).map_or(line.len(), |at| at + 1);
    if words(&line[..end]) > SHORT {
        return text;
    }
    left.take(&line[..end]);
    text[end..].trim_start()
}

/// What precedes the words that end the letter, and the signature below them.
fn without_ending<'a>(text: &'a str, left: &mut Impersonal) -> &'a str {
    let mut below = 0;
    let mut end = None;
    for (at, line) in lines(text).into_iter().rev().filter(|(_, line)| !line.trim().is_empty()) {
        if is_ending(line) {
            end = Some(at);
            below = 0;
        } else if end.is_some() || words(line) > SHORT || below == SIGNATURE {
            break;
        } else {
            below += 1;
        }
    }
    let Some(end) = end else { return text };
    for line in text[end..].lines() {
        left.take(line);
    }
    text[..end].trim_end()
}

/// Each line, and where it begins.
fn lines(text: &str) -> Vec<(usize, &str)> {
    let begins = text.split_inclusive('\n').scan(0, |at, line| {
        *at += line.len();
        Some((*at - line.len(), line))
    });
    begins.collect()
}

fn is_ending(line: &str) -> bool {
    let line = line.trim();
    let Some(phrase) = begins(line, &ENDINGS) else { return false };
    // “Thank you for your message.” ends no letter.
    let most = if line.ends_with('.') && phrase.contains("thank") { 2 } else { SHORT };
    words(line) <= most
}

/// The text with e-mail addresses replaced.
fn replace_tokens(text: &str, left: &mut Impersonal) -> String {
    let is_edge = |c: char| !c.is_alphanumeric();
    let mut replaced = String::with_capacity(text.len());
    for token in text.split_inclusive(char::is_whitespace) {
        let inner = token.trim_matches(is_edge);
        let is_address = inner.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.'));
        if is_address {
            left.take(inner);
            replaced.push_str(&token.replacen(inner, GAP, 1));
        } else {
            replaced.push_str(token);
        }
    }
    replaced
}

/// The text with telephone numbers replaced: digits with spaces, hyphens and brackets between them.
fn replace_numbers(text: &str, left: &mut Impersonal) -> String {
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '(' | ')' | '/' | ' ' | '.' | '\u{a0}');
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit() || matches!(c, '+' | '(')) {
        let end = rest[start..].find(|c: char| !is_part(c)).map_or(rest.len(), |length| start + length);
        let found = rest[start..end].trim_end_matches(|c: char| !c.is_ascii_digit());
        let follows_letter = rest[..start].ends_with(char::is_alphanumeric);
        let ends_in_letter = rest[start + found.len()..].starts_with(|c: char| c.is_alphanumeric() || c == ':');
        replaced.push_str(&rest[..start]);
        if !follows_letter && !ends_in_letter && is_number(found) {
            left.take(found);
            replaced.push_str(GAP);
            rest = &rest[start + found.len()..];
        } else {
            replaced.push_str(&rest[start..end]);
            rest = &rest[end..];
        }
    }
    replaced + rest
}

fn is_number(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let is_marked = text.starts_with(['+', '0', '(']);
    let is_parted = text.contains(['-', ' ', '/', '(', '\u{a0}']);
    digits >= if is_marked { DIGITS.0 } else { DIGITS.1 } && (is_marked || is_parted) && digits <= 15
}

/// The text with a name replaced, as a word of its own.
fn replace_word(text: &str, name: &str, left: &mut Impersonal) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(name) {
        let after = &rest[at + name.len()..];
        let is_word = !rest[..at].ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric);
        replaced.push_str(&rest[..at]);
        replaced.push_str(if is_word { GAP } else { name });
        if is_word {
            left.take(name);
        }
        rest = after;
    }
    replaced + rest
}

/// Without lines that hold nothing but gaps, and with at most one blank line in a row.
fn tidy(text: &str) -> String {
    let is_gap = |line: &&str| line.contains(GAP) && !line.contains(char::is_alphanumeric);
    let mut tidied = String::new();
    for line in text.lines().filter(|line| !is_gap(line)) {
        if !(line.trim().is_empty() && (tidied.is_empty() || tidied.ends_with("\n\n"))) {
            tidied.push_str(line.trim_end());
            tidied.push('\n');
        }
    }
    tidied.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_personal_is_taken_and_said() {
        let letter = "Dear Ed,\n\nI am Zoë Öztürk (zoe@visitor.example, +44 20 7946 0958). Which level comes after\nFoundation? \
                      My number is 0711-1234567.\n\nThanks in advance\nBest regards,\nZoë\nManager, Acme\n";
        let found = impersonal(letter, &["Zoë Öztürk", "Ed"]);
        assert_eq!(found.text, "I am … (…, …). Which level comes after\nFoundation? My number is ….");
        let taken = [
            "Dear Ed,",
            "Thanks in advance",
            "Best regards,",
            "Zoë",
            "Manager, Acme",
            "zoe@visitor.example",
            "+44 20 7946 0958",
            "0711-1234567",
            "Zoë Öztürk",
        ];
        assert_eq!(found.taken, taken);
    }

    #[test]
    fn what_is_not_personal_stays() {
        for text in [
            "ISO/IEC 20000-1:2018 is from 2018-09-15, 25.11.2026 or 2026; it costs 1 000 000 or 12.50.",
            "Thank you for your message.\n\nYes, you can.",
            "Hi-tech is what we do; write to us @ work.",
            "Dear customers of all the many kinds there are, read this.",
            "Zoëlogy is no word, and neither is BestRegards.",
        ] {
            assert_eq!(impersonal(text, &["Zoë"]), Impersonal { text: text.to_owned(), taken: Vec::new() });
        }
        let hello = impersonal("Hello, may I ask something? Yes.", &[]);
        assert_eq!((hello.text.as_str(), hello.taken), ("may I ask something? Yes.", vec!["Hello,".to_owned()]));
        assert_eq!(impersonal("Yes.\n\nMit freundlichen Grüßen\nEd", &[]).text, "Yes.");
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "\\PC{0,80}(\n\\PC{0,40}){0,6}", name in "\\PC{0,12}") {
            let found = impersonal(&text, &[&name]);
            prop_assert!(found.text.chars().count() <= text.chars().count());
        }
    }
}
