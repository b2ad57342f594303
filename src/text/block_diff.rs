//! Which blocks of a Markdown text became which blocks of another one, and bringing one of the changes back. The same two
//! texts always give the same changes, so that a change can be named by its number.

use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::{markdown::passages::Block, pairs::pair};

/// Blocks that are the same in both texts; or one change: a block that became another one, or blocks that were removed,
/// added, or replaced by others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BlockRange {
    pub(crate) old: Range<usize>,
    pub(crate) new: Range<usize>,
    pub(crate) is_same: bool,
}

/// More blocks than this are not compared one by one: what is between the equal beginnings and the equal ends of both texts is
/// one change then.
const MOST: usize = 4_000;

/// All blocks of both texts in order. Empty lines between blocks make no difference.
#[must_use]
pub(crate) fn compare<'a>(old: &[Block<'a>], new: &[Block<'a>]) -> Vec<BlockRange> {
    let texts = |blocks: &[Block<'a>]| -> Vec<&'a str> { blocks.iter().map(|block| block.source.trim_end()).collect() };
    let (old, new) = (texts(old), texts(new));
    let mut ranges: Vec<BlockRange> = Vec::new();
    for op in join_changes(find_changes(&old, &new)) {
        if op.is_same {
            ranges.push(op);
            continue;
        }
        let (before, after) = (&old[op.old.clone()], &new[op.new.clone()]);
        ranges.extend(pair(before, after).into_iter().map(|(from, to)| BlockRange {
            old: op.old.start + from.start..op.old.start + from.end,
            new: op.new.start + to.start..op.new.start + to.end,
            is_same: false,
        }));
    }
    ranges
}

fn find_changes(old: &[&str], new: &[&str]) -> Vec<DiffOp> {
    if old.len() + new.len() <= MOST {
        return capture_diff_slices(Algorithm::Patience, old, new);
    }
    let start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (old, new) = (&old[start..], &new[start..]);
    let end = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    let (old, new) = (&old[..old.len() - end], &new[..new.len() - end]);
    let mut ops = vec![DiffOp::Equal { old_index: 0, new_index: 0, len: start }];
    if old.len() + new.len() <= MOST {
        ops.extend(capture_diff_slices(Algorithm::Patience, old, new));
    } else {
        ops.push(DiffOp::Replace { old_index: start, old_len: old.len(), new_index: start, new_len: new.len() });
    }
    ops.push(DiffOp::Equal { old_index: start + old.len(), new_index: start + new.len(), len: end });
    // Ranges without a block say nothing.
    ops.retain(|op| !op.old_range().is_empty() || !op.new_range().is_empty());
    ops
}

/// Removed and added blocks that follow each other are one change.
fn join_changes(ops: Vec<DiffOp>) -> Vec<BlockRange> {
    let mut ranges: Vec<BlockRange> = Vec::new();
    // Counted here: where the other text has nothing, an operation may name a place that was moved since.
    let (mut old_at, mut new_at) = (0, 0);
    for op in ops {
        let is_same = matches!(op, DiffOp::Equal { .. });
        let old = old_at..old_at + op.old_range().len();
        let new = new_at..new_at + op.new_range().len();
        (old_at, new_at) = (old.end, new.end);
        match ranges.last_mut() {
            Some(last) if last.is_same == is_same => (last.old.end, last.new.end) = (old.end, new.end),
            _ => ranges.push(BlockRange { old, new, is_same }),
        }
    }
    ranges
}

/// The new text with the change of this number, from 1, as it was in the old one. None when there is no such change.
#[must_use]
pub(crate) fn bring_back<'a>(old: &[Block<'a>], new: &[Block<'a>], number: usize) -> Option<String> {
    let ranges = compare(old, new);
    let change = ranges.iter().filter(|range| !range.is_same).nth(number.checked_sub(1)?)?;
    let parts = [&new[..change.new.start], &old[change.old.clone()], &new[change.new.end..]];
    let mut text = String::new();
    for block in parts.into_iter().flatten() {
        if !text.is_empty() && !ends_with_empty_line(&text) {
            text.push_str(if text.ends_with('\n') { "\n" } else { "\n\n" });
        }
        text.push_str(block.source);
    }
    Some(text)
}

fn ends_with_empty_line(text: &str) -> bool {
    let Some(rest) = text.strip_suffix('\n') else { return false };
    rest.trim_end_matches([' ', '\t', '\r']).ends_with('\n')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::markdown::passages::blocks;

    fn back(old: &str, new: &str, number: usize) -> Option<String> {
        bring_back(&blocks(old), &blocks(new), number)
    }

    #[test]
    fn one_change_comes_back_and_the_others_stay() {
        let old = "# A\n\none\n\ntwo\n\nthree";
        let new = "# A\n\nONE\n\ntwo\n\nfour\n\nfive\n";
        assert_eq!(back(old, new, 1).as_deref(), Some("# A\n\none\n\ntwo\n\nfour\n\nfive\n"));
        assert_eq!(back(old, new, 2).as_deref(), Some("# A\n\nONE\n\ntwo\n\nthree"));
        assert_eq!(back("a\n\nb", "c\n\nd", 1).as_deref(), Some("a\n\nd"));
        assert_eq!((back(old, new, 0), back(old, new, 3)), (None, None));
    }

    #[test]
    fn what_was_deleted_comes_back_in_its_place_and_what_was_added_goes() {
        assert_eq!(back("a\n\nb\n\nc", "a\n\nc", 1).as_deref(), Some("a\n\nb\n\nc"));
        assert_eq!(back("a\n\nc", "a\n\nb\n\nc", 1).as_deref(), Some("a\n\nc"));
        assert_eq!(back("a\n\nb", "a", 1).as_deref(), Some("a\n\nb"));
        assert_eq!(back("a", "", 1).as_deref(), Some("a"));
        assert_eq!(back("", "a", 1).as_deref(), Some(""));
    }

    proptest! {
        #[test]
        fn the_ranges_cover_both_texts(old in "([ab#] ?|\n\n|\n){0,14}", new in "([ab#] ?|\n\n|\n){0,14}") {
            let (old, new) = (blocks(&old), blocks(&new));
            let (mut a, mut b) = (0, 0);
            for range in compare(&old, &new) {
                prop_assert_eq!((range.old.start, range.new.start), (a, b));
                (a, b) = (range.old.end, range.new.end);
            }
            prop_assert_eq!((a, b), (old.len(), new.len()));
        }
    }

    #[test]
    fn large_texts_are_compared_between_what_is_equal() {
        let text = |word: &str| (0..3000).map(|n| format!("{word}{n}")).collect::<Vec<_>>().join("\n\n") + "\n\n";
        let (a, b) = (text("a"), text("b"));
        let found = |old: &str, new: &str| compare(&blocks(old), &blocks(new));
        let all = [BlockRange { old: 0..3000, new: 0..3000, is_same: true }];
        assert_eq!(found(&a, &a), all);
        let one = a.replace("a1500\n", "other\n");
        assert_eq!(found(&a, &one).iter().filter(|range| !range.is_same).count(), 1);
        assert_eq!(back(&a, &one, 1).as_deref().map(str::trim_end), Some(a.trim_end()));
        // As many of both: one for one, without a comparison.
        assert!(found(&a, &b).iter().all(|range| !range.is_same));
        assert_eq!(found(&format!("first\n\n{a}last"), &format!("first\n\nmore\n\n{b}last")).len(), 3);
    }

    #[test]
    fn empty_lines_make_no_difference() {
        assert!(compare(&blocks("a\n\n\nb"), &blocks("a\n\nb\n")).iter().all(|range| range.is_same));
    }
}
