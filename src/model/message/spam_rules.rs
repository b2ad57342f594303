//! Signals of spam in the text of a message: small rules about how something is written, never about its language or
//! origin. Visitors are asked to name their sources, so a link or two counts little.

use std::collections::HashSet;

use super::{contact_message::ContactMessage, spam_signal::SpamSignal};
use crate::text::email::ascii_domain;

/// Words of advertisements, which are unlikely in messages to a portal like this.
const SALES: [&str; 16] = [
    "backlink",
    "bitcoin",
    "casino",
    "cialis",
    "crypto",
    "first page of google",
    "forex",
    "guest post",
    "link building",
    "loan offer",
    "porn",
    "rank your website",
    "search engine optimi",
    "seo service",
    "viagra",
    "website traffic",
];

/// Parts of the names of services for disposable addresses.
const DISPOSABLE: [&str; 14] = [
    "10minute",
    "discard.email",
    "disposable",
    "fakeinbox",
    "getnada",
    "guerrillamail",
    "maildrop",
    "mailinator",
    "sharklasers",
    "temp-mail",
    "tempmail",
    "throwaway",
    "trashmail",
    "yopmail",
];

pub(super) fn of(message: &ContactMessage, origin: &str) -> Vec<SpamSignal> {
    let body = message.body.as_str();
    [
        links(body, origin),
        linked_name(&message.name),
        markup(body),
        repetition(body),
        capitals(body),
        mixed_scripts(body),
        disposable(&message.email),
        sales(body),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn count_links(text: &str, origin: &str) -> usize {
    let text = text.to_lowercase();
    let own = if origin.is_empty() { 0 } else { text.matches(&origin.to_lowercase()).count() };
    let bare = text.split(|c: char| c.is_whitespace() || c == '(').filter(|word| word.starts_with("www.")).count();
    (text.matches("://").count() + bare).saturating_sub(own)
}

fn links(text: &str, origin: &str) -> Option<SpamSignal> {
    let count = count_links(text, origin);
    let points = match count {
        0 => return None,
        1..=2 => 10,
        3..=4 => 25,
        5..=9 => 40,
        _ => 60,
    };
    Some(SpamSignal::new(
        points,
        if count == 1 { "It holds a link".to_owned() } else { format!("It holds {count} links") },
    ))
}

fn linked_name(name: &str) -> Option<SpamSignal> {
    (count_links(name, "") > 0).then(|| SpamSignal::new(60, "The name is a link"))
}

fn markup(text: &str) -> Option<SpamSignal> {
    let text = text.to_lowercase();
    let found = ["<a ", "</a>", "[url", "[link", "<script", "<img", "<iframe"].iter().any(|mark| text.contains(mark));
    found.then(|| SpamSignal::new(40, "It holds the markup of a web page or a forum"))
}

fn repetition(text: &str) -> Option<SpamSignal> {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    let distinct: HashSet<&&str> = words.iter().collect();
    let same_words = words.len() >= 20 && distinct.len() * 4 < words.len();
    (same_words || has_long_run(&lower)).then(|| SpamSignal::new(30, "It says the same over and over"))
}

/// The same letter twelve times in a row; dashes and dots are how visitors draw lines.
fn has_long_run(text: &str) -> bool {
    let mut run = 0;
    let mut before = None;
    text.chars().any(|c| {
        run = if before == Some(c) { run + 1 } else { 1 };
        before = Some(c);
        run >= 12 && c.is_alphabetic()
    })
}

fn capitals(text: &str) -> Option<SpamSignal> {
    let upper = text.chars().filter(|c| c.is_uppercase()).count();
    let cased = upper + text.chars().filter(|c| c.is_lowercase()).count();
    (cased >= 30 && upper * 10 > cased * 7).then(|| SpamSignal::new(20, "It is written in capital letters"))
}

/// Similar letters of two alphabets within one word, which are meant to evade filters.
fn mixed_scripts(text: &str) -> Option<SpamSignal> {
    let mixed = text.split(|c: char| !c.is_alphabetic()).any(|word| {
        let latin = word.chars().any(is_latin);
        let other = word.chars().any(|c| matches!(c, '\u{370}'..='\u{3ff}' | '\u{400}'..='\u{52f}'));
        // Units such as kΩ are short.
        latin && other && word.chars().count() >= 4
    });
    mixed.then(|| SpamSignal::new(30, "It mixes alphabets within a word"))
}

const fn is_latin(c: char) -> bool {
    matches!(c, 'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}')
}

fn disposable(email: &str) -> Option<SpamSignal> {
    let domain = email.rsplit_once('@').map_or_else(String::new, |(_, domain)| ascii_domain(domain));
    let found = DISPOSABLE.iter().any(|name| domain.contains(name));
    found.then(|| SpamSignal::new(20, "The e-mail address is of a kind that is thrown away after use"))
}

fn sales(text: &str) -> Option<SpamSignal> {
    let text = text.to_lowercase();
    let count = SALES.iter().filter(|words| text.contains(*words)).count();
    match count {
        0 => None,
        1 => Some(SpamSignal::new(25, "It sounds like an advertisement")),
        _ => Some(SpamSignal::new(50, "It sounds very much like an advertisement")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(signal: Option<SpamSignal>) -> i64 {
        signal.map_or(0, |signal| signal.points)
    }

    #[test]
    fn links_weigh_by_their_number_and_own_ones_nothing() {
        let own = "https://portal.example";
        assert_eq!(points(links("See https://portal.example/faq and https://portal.example/about", own)), 0);
        assert_eq!(points(links("The source is https://www.iso.org/standard/70636.html", own)), 10);
        assert_eq!(points(links("www.a.example (www.b.example) http://c.example", own)), 25);
        assert_eq!(points(links(&"http://a.example ".repeat(5), own)), 40);
        assert_eq!(points(links(&"http://a.example,".repeat(10), own)), 60);
        assert_eq!(points(links("https://portal.example.evil.example x://y", "")), 10);
        assert_eq!(points(linked_name("http://a.example")), 60);
        assert_eq!(points(linked_name("Ada")), 0);
    }

    #[test]
    fn markup_is_seen_and_comparisons_are_not() {
        assert_eq!(points(markup("<A HREF=\"http://a.example\">x</a>")), 40);
        assert_eq!(points(markup("[url=http://a.example]x[/url]")), 40);
        assert_eq!(points(markup("availability < 99.9 % or a > b [1]")), 0);
    }

    #[test]
    fn repetition_is_of_words_or_letters() {
        assert_eq!(points(repetition(&"buy now ".repeat(12))), 30);
        assert_eq!(points(repetition("heeeeeeeeeeeeelp")), 30);
        assert_eq!(points(repetition("------------------- no no no")), 0);
        assert_eq!(points(repetition("The provider plans, establishes, implements and maintains the services.")), 0);
    }

    #[test]
    fn capitals_count_in_whole_texts_only() {
        assert_eq!(points(capitals("PLEASE CONTACT ME IMMEDIATELY ABOUT THIS OFFER")), 20);
        assert_eq!(points(capitals("ISO/IEC 20000-1, ITSM")), 0);
        assert_eq!(points(capitals("ISO/IEC 20000-1 and ITIL: which of the two do we need?")), 0);
        assert_eq!(
            points(capitals("認証はどのくらい続きますか。教えてください。よろしくお願いします。認証はどのくらい")),
            0
        );
    }

    #[test]
    fn alphabets_may_be_side_by_side_but_not_within_a_word() {
        assert_eq!(points(mixed_scripts("Cheap раyment here")), 30);
        assert_eq!(points(mixed_scripts("Стандарт ISO 20000, часть 1; 10 kΩ; μm")), 0);
        assert_eq!(points(mixed_scripts("ISO規格について")), 0);
    }

    #[test]
    fn addresses_for_ten_minutes_are_known() {
        assert_eq!(points(disposable("x@Mailinator.com")), 20);
        assert_eq!(points(disposable("mailinator@example.org")), 0);
    }

    #[test]
    fn advertisements_are_known_by_their_words() {
        assert_eq!(points(sales("We offer SEO services")), 25);
        assert_eq!(points(sales("SEO services and backlinks")), 50);
        assert_eq!(points(sales("Who audits a service provider?")), 0);
    }
}
