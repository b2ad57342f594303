//! What readers would stumble over in a text, each with its place. Knows no database, so not where links lead, and does
//! not decide what forbids publishing.

use comrak::{
    Arena,
    arena_tree::NodeEdge,
    nodes::{AstNode, NodeValue},
};

use super::{
    container, cut, options,
    passages::{begin_of_char, line_starts, range},
    reading::{TimeBudget, read_as_typed},
    sentences::{count_words, sentences},
    words,
};
use crate::{
    error::TextPlace,
    text::{link, media_path::DECORATIVE, visible},
};

/// Longer sentences are noted.
const SENTENCE_WORDS: usize = 35;
/// How much of a place is quoted, in characters.
const QUOTED: usize = 60;

/// Words that say nothing of where a link leads, in some languages.
const VAGUE: [&str; 32] = [
    "here",
    "click here",
    "click",
    "this",
    "this link",
    "this page",
    "link",
    "more",
    "read more",
    "learn more",
    "see more",
    "more information",
    "details",
    "page",
    "go",
    "hier",
    "hier klicken",
    "mehr",
    "mehr erfahren",
    "weiterlesen",
    "ici",
    "cliquez ici",
    "en savoir plus",
    "lire la suite",
    "aquí",
    "haga clic aquí",
    "leer más",
    "qui",
    "clicca qui",
    "leggi tutto",
    "klik hier",
    "lees meer",
];

/// Something in a text, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Remark {
    pub(crate) place: TextPlace,
    /// The beginning of what is there.
    pub(crate) quote: String,
    pub(crate) about: RemarkKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RemarkKind {
    PictureWithoutWords,
    LinkWithoutWords,
    VagueLink,
    /// A link that is kept, and its address as it was typed.
    Link(String),
    /// A heading more than one level below the one before, or, as the first one, below the uppermost one. Where a text uses
    /// no heading of a level, visitors see no gap, but there is one as soon as it does.
    SkippedLevel {
        level: u8,
        expected: u8,
    },
    /// Something is wrong with a container; the sentence that says what.
    Container(String),
    /// A sentence of so many words.
    LongSentence(usize),
}

/// Everything to say about a text, in its order. Nothing of one that takes too long to read.
#[must_use]
pub(crate) fn remarks(text: &str) -> Vec<Remark> {
    let arena = Arena::new();
    let Some(root) = read_as_typed(&arena, text, &options(), TimeBudget::Full) else { return Vec::new() };
    let mut walk = Walk { text, lines: line_starts(text), found: Vec::new() };
    walk.links_and_pictures(root);
    walk.headings(root);
    walk.paragraphs(root);
    walk.containers(root);
    walk.into_remarks()
}

/// A remark with its place in bytes.
struct Found {
    start: usize,
    end: usize,
    quote: String,
    about: RemarkKind,
}

struct Walk<'a> {
    text: &'a str,
    lines: Vec<usize>,
    found: Vec<Found>,
}

impl Walk<'_> {
    fn links_and_pictures<'a>(&mut self, root: &'a AstNode<'a>) {
        // Whether each link and picture that the walk is within shows any words; asking each one for its own would take
        // quadratic time.
        let mut open: Vec<bool> = Vec::new();
        for edge in root.traverse() {
            match edge {
                NodeEdge::Start(node) => match &node.data().value {
                    NodeValue::Link(_) | NodeValue::Image(_) => open.push(false),
                    NodeValue::Text(text) => shows(&mut open, text),
                    NodeValue::Code(code) => shows(&mut open, &code.literal),
                    NodeValue::HtmlInline(html) => shows(&mut open, html),
                    _ => {}
                },
                NodeEdge::End(node) => {
                    let about = match &node.data().value {
                        NodeValue::Link(link) => {
                            let has_words = open.pop().unwrap_or(true);
                            link::is_allowed(&link.url).then(|| (has_words, RemarkKind::Link(link.url.clone())))
                        }
                        NodeValue::Image(picture) => {
                            let has_words = open.pop().unwrap_or(true);
                            let is_decorative = picture.title == DECORATIVE;
                            // A link around it is said to need words once only.
                            if let Some(around) = open.last_mut().filter(|_| !is_decorative) {
                                *around = true;
                            }
                            (!has_words && !is_decorative).then_some((true, RemarkKind::PictureWithoutWords))
                        }
                        _ => None,
                    };
                    if let Some((has_words, about)) = about {
                        self.link_or_picture(node, has_words, about);
                    }
                }
            }
        }
    }

    fn link_or_picture<'a>(&mut self, node: &'a AstNode<'a>, has_words: bool, about: RemarkKind) {
        let (start, end) = self.range(node);
        let quote = words::in_line(self.text.get(start..end).unwrap_or_default());
        if matches!(about, RemarkKind::Link(_)) {
            if !has_words {
                self.note((start, end), &quote, RemarkKind::LinkWithoutWords);
            } else if is_vague(&words::up_to(node, QUOTED)) {
                self.note((start, end), &quote, RemarkKind::VagueLink);
            }
        }
        self.note((start, end), &quote, about);
    }

    fn headings<'a>(&mut self, root: &'a AstNode<'a>) {
        let heading = |node: &'a AstNode<'a>| match &node.data().value {
            NodeValue::Heading(heading) => Some((node, heading.level, words::of(node))),
            _ => None,
        };
        // One that shows nothing is left out of the page.
        let all: Vec<_> =
            root.descendants().filter_map(heading).filter(|(.., words)| visible::has_any(words)).collect();
        let uppermost = all.iter().map(|(_, level, _)| *level).min().unwrap_or(1);
        let mut before = uppermost.saturating_sub(1);
        for (node, level, words) in all {
            if level > before + 1 {
                let range = self.range(node);
                self.note(range, &words, RemarkKind::SkippedLevel { level, expected: before + 1 });
            }
            before = level;
        }
    }

    fn paragraphs<'a>(&mut self, root: &'a AstNode<'a>) {
        for paragraph in root.descendants().filter(|node| matches!(node.data().value, NodeValue::Paragraph)) {
            let (said, pieces) = self.pieces(paragraph);
            let end = self.range(paragraph).1;
            for sentence in sentences(&said) {
                let words = &said[sentence.clone()];
                let count = count_words(words);
                if count > SENTENCE_WORDS {
                    let start = self.source_of(&pieces, sentence.start, words);
                    let last = words.split_whitespace().next_back().unwrap_or_default();
                    let from = self.source_of(&pieces, sentence.end - last.len(), last);
                    self.note((start, (from + last.len()).min(end)), words, RemarkKind::LongSentence(count));
                }
            }
        }
    }

    fn containers<'a>(&mut self, root: &'a AstNode<'a>) {
        for (node, sentence) in container::faults(root) {
            let (start, end) = self.range(node);
            let line = self.text.get(start..end).and_then(|source| source.lines().next()).unwrap_or_default();
            self.note((start, start + line.len()), line, RemarkKind::Container(sentence));
        }
    }

    /// The words of a paragraph, and where each of its pieces begins in them and in the source.
    fn pieces<'a>(&self, paragraph: &'a AstNode<'a>) -> (String, Vec<(usize, usize)>) {
        let (mut said, mut pieces) = (String::new(), Vec::new());
        for node in paragraph.descendants() {
            let data = node.data();
            let text: &str = match &data.value {
                NodeValue::Text(text) => text,
                NodeValue::Code(code) => &code.literal,
                NodeValue::SoftBreak | NodeValue::LineBreak => " ",
                _ => continue,
            };
            pieces.push((said.len(), range(self.text, &self.lines, data.sourcepos).0));
            said.push_str(text);
        }
        (said, pieces)
    }

    /// Where words that begin at `at` of a paragraph are in the source; nearly, where it writes them otherwise.
    fn source_of(&self, pieces: &[(usize, usize)], at: usize, words: &str) -> usize {
        let piece = pieces.partition_point(|(said, _)| *said <= at).saturating_sub(1);
        let Some((said, source)) = pieces.get(piece) else { return 0 };
        let near = source + (at - said);
        let first = words.split_whitespace().next().unwrap_or_default();
        let begins = |at: usize| self.text.get(at..).is_some_and(|rest| rest.starts_with(first));
        if begins(near) {
            return near;
        }
        let found = self.text.get(*source..).and_then(|rest| rest.lines().next()).and_then(|line| line.find(first));
        found.map_or(*source, |found| source + found)
    }

    fn note(&mut self, (start, end): (usize, usize), quote: &str, about: RemarkKind) {
        self.found.push(Found { start, end: end.max(start), quote: cut(quote.to_owned(), QUOTED), about });
    }

    fn range<'a>(&self, node: &'a AstNode<'a>) -> (usize, usize) {
        range(self.text, &self.lines, node.data().sourcepos)
    }

    /// In the order of the text, with places as browsers count them.
    fn into_remarks(mut self) -> Vec<Remark> {
        self.found.sort_by_key(|found| found.start);
        let (mut at, mut line, mut units) = (0, 1, 0);
        let remark = |found: Found| {
            let start = begin_of_char(self.text, found.start);
            let passed = &self.text[at..start];
            line += passed.matches('\n').count();
            units += passed.encode_utf16().count();
            at = start;
            let length = self.text[start..begin_of_char(self.text, found.end)].encode_utf16().count();
            let place = TextPlace { line, start: units, end: units + length };
            Remark { place, quote: found.quote, about: found.about }
        };
        self.found.into_iter().map(remark).collect()
    }
}

fn shows(open: &mut [bool], text: &str) {
    if open.iter().any(|has_words| !has_words) && visible::has_any(text) {
        open.fill(true);
    }
}

fn is_vague(words: &str) -> bool {
    let bare = words.to_lowercase();
    VAGUE.contains(&bare.trim_matches(|c: char| !c.is_alphanumeric()))
}

#[cfg(test)]
mod tests;
