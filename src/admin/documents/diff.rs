//! What differs between two texts, line by line, for users who have to decide between them. Knows no document.

use std::{
    borrow::Cow,
    time::{Duration, Instant},
};

use serde::Serialize;
use similar::{Algorithm, ChangeTag, InlineChange, TextDiff};

use crate::{
    render::shown_size::{ShownSize, html_size},
    text::count::pluralise,
    work,
};

/// After this time, long and very different texts are compared coarsely.
const TIME: Duration = Duration::from_millis(200);
/// How many unchanged lines are shown before and after a change, when there are many more.
const AROUND: usize = 5;
/// The most unchanged lines that are shown in between all the same.
const BETWEEN: usize = 20;
/// The bytes of HTML around a line, and around a piece of it.
const LINE: usize = 40;
const PART: usize = 15;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct DiffLine {
    /// `same`, `removed` (only in the old text) or `added` (only in the new one); or `note`, which is of neither text: see
    /// [`shorten`].
    pub kind: &'static str,
    /// The line without its end.
    pub text: String,
    /// The same in pieces; marked are those that differ from the line at the same place in the other text.
    pub parts: Vec<DiffPart>,
    /// Whose change it is, at the first of several lines; empty elsewhere, see [`super::blame`].
    pub by: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct DiffPart {
    pub text: String,
    pub changed: bool,
}

#[must_use]
pub(crate) fn lines(old: &str, new: &str) -> Vec<DiffLine> {
    work::run_blocking(|| compare(old, new))
}

/// What is shown of a difference: of many unchanged lines and of too many changed ones, their number.
#[must_use]
pub(crate) fn shorten(lines: Vec<DiffLine>) -> Vec<DiffLine> {
    let is_same = |line: &DiffLine| line.kind == "same";
    let lengths: Vec<usize> = lines.chunk_by(|one, next| is_same(one) == is_same(next)).map(<[_]>::len).collect();
    let (mut lines, mut shown) = (lines.into_iter(), Vec::new());
    let (mut room, mut left_out) = (ShownSize::of_difference(), 0);
    for (at, length) in lengths.iter().enumerate() {
        let mut run: Vec<DiffLine> = lines.by_ref().take(*length).collect();
        let is_unchanged = run.first().is_some_and(is_same);
        if is_unchanged {
            fold(&mut run, at == 0, at + 1 == lengths.len());
        }
        for line in run {
            if left_out == 0 && room.takes(size(&line)) {
                shown.push(line);
            } else if !is_unchanged {
                left_out += 1;
            }
        }
    }
    if left_out > 0 {
        let missing = pluralise(left_out, "more line that differs is", "more lines that differ are");
        shown.push(note(format!("This difference is too long to be shown in whole: {missing} missing from here.")));
    }
    shown
}

/// Puts the number of unchanged lines in place of those that are far from a change.
fn fold(lines: &mut Vec<DiffLine>, is_first: bool, is_last: bool) {
    let before = if is_first { 0 } else { AROUND };
    let after = if is_last { 0 } else { AROUND };
    if lines.len() <= before + after + BETWEEN {
        return;
    }
    let last = lines.split_off(lines.len() - after);
    let folded = lines.split_off(before);
    lines.push(note(format!("{} without a change", pluralise(folded.len(), "line", "lines"))));
    lines.extend(last);
}

fn note(text: String) -> DiffLine {
    let parts = vec![DiffPart { text: text.clone(), changed: false }];
    DiffLine { kind: "note", text, parts, by: String::new() }
}

/// The bytes of its HTML.
fn size(line: &DiffLine) -> usize {
    LINE + line.by.len() + line.parts.iter().map(|part| PART + html_size(&part.text)).sum::<usize>()
}

fn compare(old: &str, new: &str) -> Vec<DiffLine> {
    let deadline = Instant::now() + TIME;
    let (old, new) = (with_line_end(old), with_line_end(new));
    let diff = TextDiff::configure().algorithm(Algorithm::Patience).deadline(deadline).diff_lines(&*old, &*new);
    let changes = diff.ops().iter().flat_map(|op| diff.iter_inline_changes_deadline(op, Some(deadline)));
    changes.map(|change| line(&change)).collect()
}

/// The text with an end of its last line, so that this equals the same line further up in the other text.
pub(super) fn with_line_end(text: &str) -> Cow<'_, str> {
    if text.is_empty() || text.ends_with('\n') { Cow::Borrowed(text) } else { Cow::Owned(format!("{text}\n")) }
}

fn line(change: &InlineChange<'_, str>) -> DiffLine {
    let kind = match change.tag() {
        ChangeTag::Equal => "same",
        ChangeTag::Delete => "removed",
        ChangeTag::Insert => "added",
    };
    let mut parts: Vec<DiffPart> = Vec::new();
    for (changed, text) in change.values() {
        let text = text.trim_end_matches('\n');
        match parts.last_mut() {
            Some(last) if last.changed == *changed => last.text.push_str(text),
            _ if text.is_empty() => {}
            _ => parts.push(DiffPart { text: text.to_owned(), changed: *changed }),
        }
    }
    if parts.iter().all(|part| part.changed) {
        // If everything differs, marks would not help.
        for part in &mut parts {
            part.changed = false;
        }
    }
    DiffLine { kind, text: parts.iter().map(|part| part.text.as_str()).collect(), parts, by: String::new() }
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    DiffLine { kind, text, parts, by }
    DiffPart { text, changed }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn side(lines: &[DiffLine], kind: &str) -> Vec<String> {
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

    fn show_difference(old: &str, new: &str) -> Vec<(&'static str, String)> {
        shorten(lines(old, new)).into_iter().map(|line| (line.kind, line.text)).collect()
    }

    #[test]
    fn many_unchanged_lines_are_told_by_their_number() {
        let text = |count: usize, middle: &str| format!("{0}{middle}\n{0}", "a\n".repeat(count));
        let all = show_difference(&text(25, "old"), &text(25, "new"));
        assert_eq!(all.len(), 52, "so many more would not be much longer");
        let found = show_difference(&text(26, "old"), &text(26, "new"));
        let kinds: Vec<_> = found.iter().map(|(kind, _)| *kind).collect();
        let around = ["same"; 5];
        assert_eq!(kinds, [&["note"][..], &around, &["removed", "added"], &around, &["note"]].concat());
        assert_eq!(found[0].1, "21 lines without a change");
        // Between two changes there are lines next to both.
        let between = |one: &str| format!("{one}\n{}{one}\n", "a\n".repeat(31));
        let found = show_difference(&between("old"), &between("new"));
        assert_eq!((found.len(), found[7].1.as_str()), (15, "21 lines without a change"));
    }

    #[test]
    fn of_too_many_changed_lines_the_last_are_counted() {
        let text = |word: &str| format!("{word}\n").repeat(20_000);
        let found = show_difference(&text("old"), &text("new"));
        let (kind, last) = found.last().unwrap();
        assert_eq!(*kind, "note");
        let missing = 40_000 - (found.len() - 1);
        assert!(missing > 0 && last.contains(&pluralise(missing, "more line", "more lines")), "{missing}: {last}");
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
