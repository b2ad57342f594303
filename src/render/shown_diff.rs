//! What is shown of the difference of two texts: changes with what is next to them, as far as there is room. Compares
//! nothing.

use serde::Serialize;

use super::shown_size::{ShownSize, beginning, html_size};
use crate::text::markdown::passages::{Block, Passage};

/// How many unchanged passages are shown before and after a change; the others are folded away.
const AROUND: usize = 1;
/// The most passages that are folded away together; of more, only their number is told.
const FOLDED: usize = 200;
/// The bytes of HTML around a change, a passage, and a run of words.
const CHANGE: usize = 600;
const PASSAGE: usize = 60;
const RUN: usize = 70;

/// Both texts, in order.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct MarkdownDiff {
    pub(crate) groups: Vec<DiffGroup>,
    /// How many passages of the changes are not shown, or not as a whole, because that would be too much.
    pub(crate) left_out: usize,
}

/// Passages that follow each other and are all the same, or are one change.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct DiffGroup {
    /// The number of the change, from 1, as `text::block_diff::bring_back` takes it; 0 when all is the same.
    pub(crate) change: usize,
    /// Whether readers see the same words: a link or the markup differs, and the source is shown.
    pub(crate) only_source: bool,
    pub(crate) passages: Vec<DiffPassage>,
    /// Unchanged passages to fold away, after `passages` and before `last`.
    pub(crate) folded: Vec<DiffPassage>,
    /// How many unchanged passages at the same place are not shown at all.
    pub(crate) hidden: usize,
    pub(crate) last: Vec<DiffPassage>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct DiffPassage {
    /// For a CSS class, see [`PassageKind::as_str`].
    pub(crate) kind: &'static str,
    pub(crate) parts: Vec<WordRun>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct WordRun {
    /// `same`, `removed` or `added`.
    pub(crate) state: &'static str,
    pub(crate) text: String,
}

/// A difference of which no more is shown than there is room for.
pub(crate) struct DiffBuilder {
    diff: MarkdownDiff,
    changes: usize,
    room: ShownSize,
    folded_room: ShownSize,
}

impl Default for DiffBuilder {
    fn default() -> Self {
        let (room, folded_room) = (ShownSize::of_difference(), ShownSize::of_folded());
        Self { diff: MarkdownDiff::default(), changes: 0, room, folded_room }
    }
}

impl DiffBuilder {
    #[must_use]
    pub(crate) fn finish(self) -> MarkdownDiff {
        self.diff
    }

    /// Whether a change did not fit; what follows is not shown either.
    pub(crate) const fn is_full(&self) -> bool {
        self.diff.left_out > 0
    }

    /// Counts passages of a change that is not shown.
    pub(crate) const fn leave_out(&mut self, count: usize) {
        self.changes += 1;
        self.diff.left_out += count;
    }

    /// Shows a change, or as much of it as fits.
    pub(crate) fn show_change(&mut self, group: DiffGroup) {
        self.changes += 1;
        if !self.room.takes(CHANGE) {
            self.diff.left_out += group.passages.len();
            return;
        }
        let mut shown = DiffGroup { change: self.changes, passages: Vec::new(), ..group };
        for passage in group.passages {
            if self.is_full() {
                self.diff.left_out += 1;
            } else if self.room.takes(size(&passage)) {
                shown.passages.push(passage);
            } else {
                shown.passages.push(cut(passage, self.room.left()));
                self.diff.left_out += 1;
            }
        }
        self.diff.groups.push(shown);
    }

    /// Shows the unchanged passages next to a change, and folds away the others.
    pub(crate) fn fold(&mut self, blocks: &[Block<'_>], is_first: bool, is_last: bool) {
        if self.is_full() {
            return;
        }
        let all: Vec<&Passage> = blocks.iter().flat_map(|block| &block.passages).collect();
        let before = if is_first { 0 } else { AROUND };
        let after = if is_last { 0 } else { AROUND };
        let (start, end) =
            if all.len() <= before + after + 1 { (all.len(), all.len()) } else { (before, all.len() - after) };
        let (passages, middle, last) = (self.show_same(&all[..start]), &all[start..end], self.show_same(&all[end..]));
        let mut group = DiffGroup { passages, last, ..DiffGroup::default() };
        let small = middle.len() <= FOLDED;
        let folded: Vec<DiffPassage> =
            middle.iter().filter(|_| small).map(|one| passage_with_state(one, "same")).collect();
        if small && self.folded_room.takes(folded.iter().map(size).sum()) {
            group.folded = folded;
        } else {
            group.hidden = middle.len();
        }
        group.hidden += start - group.passages.len() + all.len() - end - group.last.len();
        self.diff.groups.push(group);
    }

    /// Those of these passages that there is room for.
    fn show_same(&mut self, passages: &[&Passage]) -> Vec<DiffPassage> {
        let passages = passages.iter().map(|passage| passage_with_state(passage, "same"));
        passages.take_while(|passage| self.room.takes(size(passage))).collect()
    }
}

/// The bytes of its HTML.
fn size(passage: &DiffPassage) -> usize {
    PASSAGE + passage.parts.iter().map(|run| RUN + html_size(&run.text)).sum::<usize>()
}

/// The beginning of a passage that does not fit.
fn cut(passage: DiffPassage, mut left: usize) -> DiffPassage {
    let mut parts = Vec::new();
    for mut run in passage.parts {
        let text = beginning(&run.text, left.saturating_sub(RUN)).to_owned();
        left = left.saturating_sub(RUN + html_size(&text));
        let is_cut = text.len() < run.text.len();
        run.text = if is_cut { text + " …" } else { text };
        parts.push(run);
        if is_cut || left == 0 {
            break;
        }
    }
    DiffPassage { parts, ..passage }
}

/// A whole passage that is `same`, `removed` or `added`.
#[must_use]
pub(crate) fn passage_with_state(passage: &Passage, state: &'static str) -> DiffPassage {
    DiffPassage { kind: passage.kind.as_str(), parts: vec![WordRun { state, text: passage.text.clone() }] }
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    MarkdownDiff { groups, left_out }
    DiffGroup { change, only_source, passages, folded, hidden, last }
    DiffPassage { kind, parts }
    WordRun { state, text }
}
