//! What differs between two texts, line by line, for people who have to decide between them.

use serde::Serialize;
use similar::{ChangeTag, TextDiff};

/// A line of one or both texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// `same`, `removed` (only in the old text) or `added` (only in the new one).
    pub kind: &'static str,
    /// The line without its end.
    pub text: String,
}

/// A short field in which two versions differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Field {
    label: &'static str,
    old: String,
    new: String,
}

impl Field {
    /// A field by its label and both values.
    #[must_use]
    pub fn new(label: &'static str, old: &str, new: &str) -> Self {
        Self { label, old: old.to_owned(), new: new.to_owned() }
    }
}

/// From `old` to `new`.
#[must_use]
pub fn lines(old: &str, new: &str) -> Vec<Line> {
    TextDiff::from_lines(old, new)
        .iter_all_changes()
        .map(|change| Line {
            kind: match change.tag() {
                ChangeTag::Equal => "same",
                ChangeTag::Delete => "removed",
                ChangeTag::Insert => "added",
            },
            text: change.value().trim_end_matches('\n').to_owned(),
        })
        .collect()
}
