//! Merges two changes of one Markdown text block by block, against the text that both were made from. What both changed
//! is left to a user; nothing is chosen here.

use std::{ops::Range, time::Duration};

use similar::{Algorithm, DiffTag, capture_diff_slices_deadline};

use super::merged_text::{MergedText, without_gaps};
use crate::clock::Deadline;

/// After this time, long and very different texts are compared coarsely, so that more of them clashes.
const TIME: Duration = Duration::from_millis(100);

/// A change of one of the two: these pieces of the base become `to`.
struct Change<'t> {
    from: Range<usize>,
    to: Vec<&'t str>,
}

/// Merges `theirs` and `yours`, both made from `base`.
#[must_use]
pub(crate) fn merge_blocks(base: &str, theirs: &str, yours: &str) -> MergedText {
    let old = pieces(base);
    let deadline = Deadline::after(TIME);
    let (theirs, yours) = (pieces(theirs), pieces(yours));
    let (mut theirs, mut yours) = (changes(&old, &theirs, deadline), changes(&old, &yours, deadline));
    let mut merged = MergedText::default();
    // Where both are: in the pieces of the base, and in the bytes of their text.
    let (mut at, mut theirs_at) = (0, 0);
    while let Some(region) = next_region(&mut theirs, &mut yours) {
        let before = old[at..region.all.start].concat();
        merged.join(&before);
        theirs_at += before.len();
        let [theirs, yours] = [&region.theirs, &region.yours].map(|changes| apply(&old, &region.all, changes));
        if region.yours.is_empty() {
            merged.join(&theirs);
        } else if region.theirs.is_empty() {
            merged.join(&yours);
        } else if without_gaps(&theirs) == without_gaps(&yours) {
            // They differ in empty lines at most; which of them does not matter, but it is the same one for whichever user is first.
            merged.join(if (theirs.len(), &theirs) > (yours.len(), &yours) { &theirs } else { &yours });
        } else {
            merged.clash(&theirs, &yours, theirs_at);
        }
        theirs_at += theirs.len();
        at = region.all.end;
    }
    merged.join(&old[at..].concat());
    merged
}

/// Blocks, and what is between them: a line's end with the empty lines after it. A fence is one block.
fn pieces(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut begin, mut at) = (0, 0);
    let mut fence = "";
    for line in text.split_inclusive('\n') {
        let next = at + line.len();
        if !fence.is_empty() {
            if line.trim().starts_with(fence) && line.trim().chars().all(|c| fence.starts_with(c)) {
                fence = "";
            }
        } else if line.trim().is_empty() {
            // The end of the line before belongs to the gap, so a block is the same at the end of a text as before another.
            let end = if begin < at && text[..at].ends_with('\n') { at - 1 } else { at };
            let is_first = text[begin..end].trim().is_empty();
            if !is_first {
                found.push(&text[begin..end]);
                begin = end;
            }
        } else {
            if text[begin..at].trim().is_empty() && begin < at {
                found.push(&text[begin..at]);
                begin = at;
            }
            fence = opening_fence(line);
        }
        at = next;
    }
    if begin < at {
        found.push(&text[begin..]);
    }
    found
}

/// The three signs that end a fence which this line opens; empty for any other line.
fn opening_fence(line: &str) -> &'static str {
    let line = line.trim_start();
    ["```", "~~~"].into_iter().find(|sign| line.starts_with(sign)).unwrap_or_default()
}

fn changes<'t>(old: &[&str], new: &[&'t str], deadline: Deadline) -> Vec<Change<'t>> {
    let mut found: Vec<Change<'t>> = Vec::new();
    // Counted here: where the other text has nothing, an operation may name a place that was moved since.
    let (mut old_at, mut new_at) = (0, 0);
    for op in capture_diff_slices_deadline(Algorithm::Patience, old, new, Some(deadline.instant())) {
        let (tag, from, to) = op.as_tag_tuple();
        let (from, to) = (old_at..old_at + from.len(), new_at..new_at + to.len());
        (old_at, new_at) = (from.end, to.end);
        if tag == DiffTag::Equal {
            continue;
        }
        match found.last_mut().filter(|last| last.from.end == from.start) {
            // Two operations without anything between them are one change.
            Some(last) => {
                last.from.end = from.end;
                last.to.extend(&new[to]);
            }
            None => found.push(Change { from, to: new[to].to_vec() }),
        }
    }
    found.reverse();
    found
}

/// Changes that touch the same pieces of the base.
struct Region<'t> {
    all: Range<usize>,
    theirs: Vec<Change<'t>>,
    yours: Vec<Change<'t>>,
}

/// Takes the first change of either, with all that overlap it. Both lists are from the end of the text to its beginning.
fn next_region<'t>(theirs: &mut Vec<Change<'t>>, yours: &mut Vec<Change<'t>>) -> Option<Region<'t>> {
    let order = |change: &Change<'_>| (change.from.start, change.from.end);
    let first_is_theirs = match (theirs.last(), yours.last()) {
        (Some(first), Some(second)) => order(first) <= order(second),
        (Some(_), None) => true,
        (None, Some(_)) => false,
        (None, None) => return None,
    };
    let mut region = Region { all: 0..0, theirs: Vec::new(), yours: Vec::new() };
    if first_is_theirs {
        region.theirs.extend(theirs.pop());
    } else {
        region.yours.extend(yours.pop());
    }
    region.all = region.theirs.iter().chain(&region.yours).next()?.from.clone();
    loop {
        let before = region.theirs.len() + region.yours.len();
        for (left, taken) in [(&mut *theirs, &mut region.theirs), (&mut *yours, &mut region.yours)] {
            while let Some(next) = left.pop_if(|next| overlap(&region.all, &next.from)) {
                region.all.end = region.all.end.max(next.from.end);
                taken.push(next);
            }
        }
        if region.theirs.len() + region.yours.len() == before {
            return Some(region);
        }
    }
}

/// Whether two changes cannot both be made one after the other: they share a piece, or put something in at one place.
fn overlap(one: &Range<usize>, other: &Range<usize>) -> bool {
    one == other || (one.start < other.end && other.start < one.end)
}

fn apply(old: &[&str], all: &Range<usize>, changes: &[Change<'_>]) -> String {
    let mut text = String::new();
    let mut at = all.start;
    for change in changes {
        text.extend(old[at..change.from.start].iter().copied());
        text.extend(change.to.iter().copied());
        at = change.from.end;
    }
    text.extend(old[at..all.end].iter().copied());
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::merged_text::{ClashingPart, MergedPart};

    const BASE: &str = "# One\n\nTwo is\nlong.\n\n```\na\n\nb\n```\n\nThree";

    fn merged(theirs: &str, yours: &str) -> (String, bool) {
        let merged = merge_blocks(BASE, theirs, yours);
        (merged.text(), merged.clashes())
    }

    #[test]
    fn a_text_is_cut_into_blocks_and_gaps() {
        assert_eq!(pieces(BASE), ["# One", "\n\n", "Two is\nlong.", "\n\n", "```\na\n\nb\n```", "\n\n", "Three"]);
        for text in ["", "\n", "\n\na\n", "a\n \n\nb\n\n", "~~~\nnever closed\n\nx", "a\r\n\r\nb"] {
            assert_eq!(pieces(text).concat(), text);
        }
    }

    #[test]
    fn changes_of_different_blocks_are_merged() {
        let (theirs, yours) = (BASE.replace("One", "1"), BASE.replace("Three", "3"));
        assert_eq!(merged(&theirs, &yours), (BASE.replace("One", "1").replace("Three", "3"), false));
        // Next to each other; a new block and a changed one; one that is gone.
        assert!(!merged(&BASE.replace("One", "1"), &BASE.replace("Two", "2")).1);
        let added = format!("{BASE}\n\nFour");
        assert_eq!(
            merged(&added, &BASE.replace("Three", "3")),
            (format!("{}\n\nFour", BASE.replace("Three", "3")), false)
        );
        assert_eq!(merged(&BASE.replace("# One\n\n", ""), &yours), (yours.replace("# One\n\n", ""), false));
        assert_eq!(merged(&yours, &yours), (yours.clone(), false));
    }

    #[test]
    fn changes_of_one_block_clash_and_keep_what_does_not() {
        let theirs = BASE.replace("long", "short").replace("One", "1");
        let yours = BASE.replace("long", "wide").replace("Three", "3");
        assert_eq!(
            merged(&theirs, &yours),
            (BASE.replace("One", "1").replace("long", "wide").replace("Three", "3"), true)
        );
        // Another line of the same paragraph is the same block; so is another line of a fence.
        assert!(merged(&BASE.replace("Two", "2"), &BASE.replace("long", "wide")).1);
        assert!(merged(&BASE.replace("\na\n", "\nA\n"), &BASE.replace("\nb\n", "\nB\n")).1);
        // Both put something in at one place; one changes what the other removes.
        assert!(merged(&format!("{BASE}\n\nx"), &format!("{BASE}\n\ny")).1);
        assert!(merged(&BASE.replace("\n\nThree", ""), &BASE.replace("Three", "3")).1);
    }

    #[test]
    fn only_the_blocks_that_clash_are_to_be_chosen() {
        let theirs = format!("{}\n\nFour of theirs", BASE.replace("long", "short").replace("One", "1"));
        let yours = format!("{}\n\nFour of yours", BASE.replace("long", "wide"));
        let joined = |text: &str| MergedPart::Joined(text.to_owned());
        let clash = |text: &str, yours: &str| {
            let at = theirs.find(text).unwrap();
            MergedPart::Clash(ClashingPart { theirs: at..at + text.len(), yours: yours.to_owned() })
        };
        let expected = [
            joined("# 1\n\n"),
            clash("Two is\nshort.", "Two is\nwide."),
            joined("\n\n```\na\n\nb\n```\n\nThree\n\n"),
            clash("Four of theirs", "Four of yours"),
        ];
        assert_eq!(merge_blocks(BASE, &theirs, &yours).parts, expected);
        // What one of them removed is nothing.
        let removed = merge_blocks(BASE, &BASE.replace("\n\nThree", ""), &BASE.replace("Three", "3")).parts;
        let end = BASE.len() - "\n\nThree".len();
        let clash = MergedPart::Clash(ClashingPart { theirs: end..end, yours: "\n\n3".to_owned() });
        assert_eq!(removed.last(), Some(&clash));
    }

    proptest! {
        #[test]
        fn who_changed_nothing_gets_the_other_text(base in "[ab\n]{0,12}", other in "[ab\n]{0,12}") {
            for merged in [merge_blocks(&base, &other, &base), merge_blocks(&base, &base, &other), merge_blocks(&base, &other, &other)] {
                prop_assert_eq!((merged.text(), merged.clashes()), (other.clone(), false));
            }
        }

        #[test]
        fn without_a_clash_it_does_not_matter_who_is_first(base in "[ab\n]{0,12}", one in "[ab\n]{0,12}", two in "[ab\n]{0,12}") {
            let (first, second) = (merge_blocks(&base, &one, &two), merge_blocks(&base, &two, &one));
            prop_assert_eq!(first.clashes(), second.clashes());
            if !first.clashes() {
                prop_assert_eq!(first.text(), second.text());
            }
        }

        #[test]
        fn who_chooses_one_side_everywhere_gets_what_is_merged_with_it(base in "[ab\n]{0,12}", one in "[ab\n]{0,12}", two in "[ab\n]{0,12}") {
            let (first, second) = (merge_blocks(&base, &one, &two), merge_blocks(&base, &two, &one));
            let theirs: String = first.parts.iter().map(|part| match part {
                MergedPart::Joined(text) => text.as_str(),
                MergedPart::Clash(clash) => &one[clash.theirs.clone()],
            }).collect();
            prop_assert_eq!(theirs, second.text());
        }
    }
}
