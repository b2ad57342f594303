//! Two changes of one text as they were merged: what is joined, and the places where a user has to choose. Blocks are apart by
//! empty lines, and stay so whatever is chosen. Merges nothing itself.

use std::ops::Range;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum MergedPart {
    /// What is the same in both texts, or was changed in one of them only.
    Joined(String),
    Clash(ClashingPart),
}

/// What both changed to different texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ClashingPart {
    /// Where it is in their text, in bytes.
    pub(crate) theirs: Range<usize>,
    pub(crate) yours: String,
}

/// Both changes, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct MergedText {
    pub(crate) parts: Vec<MergedPart>,
}

impl MergedText {
    /// Whether both changed the same block to different ones.
    #[must_use]
    pub(crate) fn clashes(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, MergedPart::Clash(_)))
    }

    /// The whole of it; where it clashes, yours.
    #[must_use]
    pub(crate) fn text(&self) -> String {
        let text = |part: &MergedPart| match part {
            MergedPart::Joined(text) => text.clone(),
            MergedPart::Clash(clash) => clash.yours.clone(),
        };
        self.parts.iter().map(text).collect()
    }

    pub(super) fn join(&mut self, text: &str) {
        match self.parts.last_mut() {
            Some(MergedPart::Joined(last)) => last.push_str(text),
            _ if text.is_empty() => {}
            _ => self.parts.push(MergedPart::Joined(text.to_owned())),
        }
    }

    /// Both texts for one place, of which theirs begins at `at`. Empty lines around them are no part of the choice where both
    /// have the same.
    pub(super) fn clash(&mut self, theirs: &str, yours: &str, at: usize) {
        let before = leading_gap(theirs);
        let before = if leading_gap(yours) == before { before } else { "" };
        let (theirs, yours) = (&theirs[before.len()..], &yours[before.len()..]);
        let after = trailing_gap(theirs);
        let after = if trailing_gap(yours) == after { after } else { "" };
        let at = at + before.len();
        self.join(before);
        self.parts.push(MergedPart::Clash(ClashingPart {
            theirs: at..at + theirs.len() - after.len(),
            yours: yours[..yours.len() - after.len()].to_owned(),
        }));
        self.join(after);
    }
}

/// Both texts, one after the other, with an empty line between them.
#[must_use]
pub(crate) fn put_together(first: &str, second: &str) -> String {
    let end = trailing_gap(first);
    let lines = end.matches('\n').count() + leading_gap(second).matches('\n').count();
    if first.is_empty() || second.is_empty() || lines > 1 {
        return [first, second].concat();
    }
    [&first[..first.len() - end.len()], "\n\n", second].concat()
}

/// A text without the empty lines around it.
#[must_use]
pub(crate) fn without_gaps(text: &str) -> &str {
    let text = &text[leading_gap(text).len()..];
    &text[..text.len() - trailing_gap(text).len()]
}

/// The empty lines that a text begins with, and the end of the line before them.
fn leading_gap(text: &str) -> &str {
    let spaces = &text[..text.len() - text.trim_start().len()];
    &text[..spaces.rfind('\n').map_or(0, |end| end + 1)]
}

/// The end of the last line, with the empty lines after it.
fn trailing_gap(text: &str) -> &str {
    let spaces = &text[text.trim_end().len()..];
    spaces.find('\n').map_or("", |begin| &spaces[begin..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_blocks_are_put_together_as_blocks() {
        assert_eq!(put_together("a", "b"), "a\n\nb");
        assert_eq!(put_together("a\n", "b"), "a\n\nb");
        assert_eq!(put_together("a\n\n", "b"), "a\n\nb");
        assert_eq!(put_together("a", "\n\nb"), "a\n\nb");
        assert_eq!(put_together("a  ", "    b"), "a  \n\n    b");
        assert_eq!((without_gaps("\n\n a \n \n"), without_gaps("\n\n")), (" a ", ""));
        assert_eq!((put_together("", "b"), put_together("a", "")), ("b".to_owned(), "a".to_owned()));
    }
}
