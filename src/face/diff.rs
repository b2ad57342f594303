//! What differs between two versions, for people who have to decide between them: the text line by line, the rest
//! field by field. Knows neither documents nor who wrote them.

use std::{
    borrow::Cow,
    time::{Duration, Instant},
};

use serde::Serialize;
use similar::{Algorithm, ChangeTag, InlineChange, TextDiff};

use crate::{
    model::{document::Kind, revision::Typed},
    work,
};

/// Texts that are too long and too different to compare well are compared coarsely after this time.
const TIME: Duration = Duration::from_millis(200);

/// A line of one or both texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// `same`, `removed` (only in the old text) or `added` (only in the new one).
    pub kind: &'static str,
    /// The line without its end.
    pub text: String,
    /// The same in pieces; marked are those that differ from the line which stands in its place in the other text.
    pub parts: Vec<Part>,
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    /// Its text.
    pub text: String,
    /// Whether it differs.
    pub changed: bool,
}

/// From `old` to `new`.
#[must_use]
pub fn lines(old: &str, new: &str) -> Vec<Line> {
    work::blocking_if_large(old.len() + new.len(), || compared(old, new))
}

fn compared(old: &str, new: &str) -> Vec<Line> {
    let deadline = Instant::now() + TIME;
    let (old, new) = (ended(old), ended(new));
    let diff = TextDiff::configure().algorithm(Algorithm::Patience).deadline(deadline).diff_lines(&*old, &*new);
    let changes = diff.ops().iter().flat_map(|op| diff.iter_inline_changes_deadline(op, Some(deadline)));
    changes.map(|change| line(&change)).collect()
}

/// With the end of the last line, so that it equals the same line further up in the other text.
fn ended(text: &str) -> Cow<'_, str> {
    if text.is_empty() || text.ends_with('\n') { Cow::Borrowed(text) } else { Cow::Owned(format!("{text}\n")) }
}

fn line(change: &InlineChange<'_, str>) -> Line {
    let kind = match change.tag() {
        ChangeTag::Equal => "same",
        ChangeTag::Delete => "removed",
        ChangeTag::Insert => "added",
    };
    let mut parts: Vec<Part> = Vec::new();
    for (changed, text) in change.values() {
        let text = text.trim_end_matches('\n');
        match parts.last_mut() {
            Some(last) if last.changed == *changed => last.text.push_str(text),
            _ if text.is_empty() => {}
            _ => parts.push(Part { text: text.to_owned(), changed: *changed }),
        }
    }
    if parts.iter().all(|part| part.changed) {
        // A mark on everything marks nothing.
        for part in &mut parts {
            part.changed = false;
        }
    }
    Line { kind, text: parts.iter().map(|part| part.text.as_str()).collect(), parts }
}

/// A short field in which two versions differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Field {
    label: &'static str,
    old: String,
    new: String,
}

/// The short fields of this kind of document that differ, in the order of the form. The note is no part of it: it
/// speaks of the version, and differs in nearly all.
#[must_use]
pub fn fields(kind: Kind, old: &Typed, new: &Typed) -> Vec<Field> {
    let pairs = labelled(kind, old).into_iter().zip(labelled(kind, new));
    pairs
        .filter(|((_, old), (_, new))| old != new)
        .map(|((label, old), (_, new))| Field { label, old: old.to_owned(), new: new.to_owned() })
        .collect()
}

/// The short fields of this kind of document but the note, in the order of the form: label and value.
#[must_use]
pub fn labelled(kind: Kind, typed: &Typed) -> Vec<(&'static str, &str)> {
    match kind {
        Kind::Page => vec![
            ("Title", &typed.title),
            ("Summary", &typed.summary),
            ("Address", &typed.slug),
            ("Number", &typed.number),
            ("Menu label", &typed.menu_label),
            ("Menu", &typed.menu),
            ("Layout", &typed.layout),
            ("Owner", &typed.owner),
            ("Review date", &typed.review_by),
        ],
        Kind::FaqItem => vec![
            ("Question", &typed.title),
            ("Category", &typed.category),
            ("Address", &typed.slug),
            ("Owner", &typed.owner),
            ("Review date", &typed.review_by),
        ],
    }
}

/// What differs, for a sentence: `the answer, the question and the owner`.
#[must_use]
pub fn in_words(kind: Kind, old: &Typed, new: &Typed) -> String {
    let body = if kind == Kind::Page { "the text" } else { "the answer" };
    let mut names: Vec<String> = (old.body != new.body).then(|| body.to_owned()).into_iter().collect();
    names.extend(fields(kind, old, new).iter().map(|field| format!("the {}", field.label.to_lowercase())));
    match names.split_last() {
        None => "nothing but the note".to_owned(),
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn side(lines: &[Line], kind: &str) -> Vec<String> {
        lines.iter().filter(|line| line.kind == "same" || line.kind == kind).map(|line| line.text.clone()).collect()
    }

    #[test]
    fn lines_and_the_words_in_them_are_marked() {
        let found = lines("one\n\ntwo and three and four\n", "one\n\ntwo and 3 and four\nfive");
        let kinds: Vec<_> = found.iter().map(|line| (line.kind, line.text.as_str())).collect();
        let expected = [
            ("same", "one"),
            ("same", ""),
            ("removed", "two and three and four"),
            ("added", "two and 3 and four"),
            ("added", "five"),
        ];
        assert_eq!(kinds, expected);
        let changed: Vec<_> = found[2].parts.iter().filter(|part| part.changed).map(|part| &part.text).collect();
        assert_eq!(changed, ["three"]);
    }

    #[test]
    fn a_line_that_is_no_longer_the_last_is_the_same() {
        let found = lines("one\n\ntwo", "eins\n\ntwo\n\nthree");
        let kinds: Vec<_> = found.iter().map(|line| (line.kind, line.text.as_str())).collect();
        let same = [("same", ""), ("same", "two"), ("added", ""), ("added", "three")];
        assert_eq!(kinds, [&[("removed", "one"), ("added", "eins")], &same[..]].concat());
    }

    #[test]
    fn fields_that_differ_are_named() {
        let old = Typed { title: "A".to_owned(), body: "x".to_owned(), note: "n".to_owned(), ..Typed::default() };
        let new = Typed { title: "B".to_owned(), layout: "path".to_owned(), ..Typed::default() };
        assert_eq!(in_words(Kind::FaqItem, &old, &new), "the answer and the question");
        assert_eq!(in_words(Kind::Page, &old, &new), "the text, the title and the layout");
        assert_eq!(in_words(Kind::Page, &old, &old), "nothing but the note");
    }

    proptest! {
        #[test]
        fn both_texts_can_be_read_out_of_the_difference(old in "[ab \n]{0,60}", new in "[ab \n]{0,60}") {
            let found = lines(&old, &new);
            prop_assert_eq!(side(&found, "removed"), old.lines().map(ToOwned::to_owned).collect::<Vec<_>>());
            prop_assert_eq!(side(&found, "added"), new.lines().map(ToOwned::to_owned).collect::<Vec<_>>());
        }
    }
}
