//! What differs between two Markdown texts as a reader sees them: passage by passage, and word by word within a passage.
//! For visitors and editors alike. Knows no document and no path.

use std::time::{Duration, Instant};

use similar::{Algorithm, ChangeTag, DiffOp, TextDiff, capture_diff_slices_deadline};

use super::shown_diff::{DiffBuilder, DiffGroup, DiffPassage, MarkdownDiff, WordRun, passage_with_state};
use crate::{
    text::{
        block_diff,
        markdown::passages::{Block, Passage, PassageKind, blocks},
        pairs::pair,
    },
    work,
};

/// After this time, long and very different texts are compared coarsely.
const TIME: Duration = Duration::from_millis(200);

impl MarkdownDiff {
    /// From `old` to `new`; lets other requests of the thread go on meanwhile.
    #[must_use]
    pub(crate) fn between(old: &str, new: &str) -> Self {
        work::run_blocking(|| Self::compare(old, new))
    }

    /// Of values that are not Markdown, in one passage.
    #[must_use]
    pub(crate) fn between_words(old: &str, new: &str) -> Self {
        let passage = |text: &str| Passage { kind: PassageKind::Paragraph, text: text.to_owned() };
        let until = Instant::now() + TIME;
        let mut builder = DiffBuilder::default();
        builder.show_change(DiffGroup {
            passages: vec![work::run_blocking(|| compare_words(&passage(old), &passage(new), until))],
            ..DiffGroup::default()
        });
        builder.finish()
    }

    fn compare(old: &str, new: &str) -> Self {
        let until = Instant::now() + TIME;
        let (old, new) = (blocks(old), blocks(new));
        let ranges = block_diff::compare(&old, &new);
        let count = ranges.len();
        let mut builder = DiffBuilder::default();
        for (at, range) in ranges.into_iter().enumerate() {
            let (old, new) = (&old[range.old], &new[range.new]);
            if range.is_same {
                builder.fold(new, at == 0, at + 1 == count);
            } else if builder.is_full() {
                builder.leave_out(old.len().max(new.len()));
            } else {
                builder.show_change(changed(old, new, until));
            }
        }
        builder.finish()
    }
}

fn changed(old: &[Block<'_>], new: &[Block<'_>], until: Instant) -> DiffGroup {
    let of = |blocks: &[Block<'_>]| -> Vec<Passage> {
        blocks.iter().flat_map(|block| block.passages.iter().cloned()).collect()
    };
    let (old_passages, new_passages) = (of(old), of(new));
    if old_passages != new_passages {
        let passages = compare_passages(&old_passages, &new_passages, until);
        return DiffGroup { passages, ..DiffGroup::default() };
    }
    let source = |blocks: &[Block<'_>]| -> Vec<Passage> {
        blocks
            .iter()
            .map(|block| Passage { kind: PassageKind::Code, text: block.source.trim_end().to_owned() })
            .collect()
    };
    let passages = compare_passages(&source(old), &source(new), until);
    DiffGroup { only_source: true, passages, ..DiffGroup::default() }
}

fn compare_passages(old: &[Passage], new: &[Passage], until: Instant) -> Vec<DiffPassage> {
    let mut found = Vec::new();
    for op in capture_diff_slices_deadline(Algorithm::Patience, old, new, Some(until)) {
        let (before, after) = (&old[op.old_range()], &new[op.new_range()]);
        match op {
            DiffOp::Equal { .. } => found.extend(after.iter().map(|passage| passage_with_state(passage, "same"))),
            DiffOp::Delete { .. } => found.extend(before.iter().map(|passage| passage_with_state(passage, "removed"))),
            DiffOp::Insert { .. } => found.extend(after.iter().map(|passage| passage_with_state(passage, "added"))),
            DiffOp::Replace { .. } => compare_replaced(&mut found, before, after, until),
        }
    }
    found
}

fn compare_replaced(found: &mut Vec<DiffPassage>, old: &[Passage], new: &[Passage], until: Instant) {
    for (before, after) in pair(&texts(old), &texts(new)) {
        match (&old[before], &new[after]) {
            ([before], [after]) => found.push(compare_words(before, after, until)),
            (before, after) => {
                found.extend(before.iter().map(|passage| passage_with_state(passage, "removed")));
                found.extend(after.iter().map(|passage| passage_with_state(passage, "added")));
            }
        }
    }
}

fn texts(passages: &[Passage]) -> Vec<&str> {
    passages.iter().map(|passage| passage.text.as_str()).collect()
}

fn compare_words(old: &Passage, new: &Passage, until: Instant) -> DiffPassage {
    let diff = TextDiff::configure().deadline(until).diff_unicode_words(old.text.as_str(), new.text.as_str());
    let mut parts: Vec<WordRun> = Vec::new();
    for change in diff.iter_all_changes() {
        let state = match change.tag() {
            ChangeTag::Equal => "same",
            ChangeTag::Delete => "removed",
            ChangeTag::Insert => "added",
        };
        match parts.last_mut() {
            Some(last) if last.state == state => last.text.push_str(change.value()),
            _ => parts.push(WordRun { state, text: change.value().to_owned() }),
        }
    }
    if !is_readable(&parts) {
        let run = |state, text: &str| WordRun { state, text: text.to_owned() };
        parts = vec![run("removed", &old.text), run("added", &new.text)];
        parts.retain(|run| !run.text.is_empty());
    }
    DiffPassage { kind: new.kind.as_str(), parts }
}

/// Whether enough is the same. Otherwise single common words would make both texts hard to read.
fn is_readable(parts: &[WordRun]) -> bool {
    let length =
        |state: &str| -> usize { parts.iter().filter(|run| run.state == state).map(|run| run.text.trim().len()).sum() };
    let same = length("same");
    same > 0 && same * 2 >= length("removed").max(length("added")) || parts.len() < 2
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each passage in a line: `{+added+}`, `[-removed-]`.
    fn read(diff: &MarkdownDiff) -> String {
        let passages =
            diff.groups.iter().flat_map(|group| group.passages.iter().chain(&group.folded).chain(&group.last));
        let line = |passage: &DiffPassage| {
            let run = |run: &WordRun| match run.state {
                "added" => format!("{{+{}+}}", run.text),
                "removed" => format!("[-{}-]", run.text),
                _ => run.text.clone(),
            };
            format!("{}: {}\n", passage.kind, passage.parts.iter().map(run).collect::<String>())
        };
        passages.map(line).collect()
    }

    #[test]
    fn words_passages_and_links_that_differ_are_told() {
        let old =
            "# A title\n\nOne two three four.\n\n- a list\n- of two\n\nGoes away entirely.\n\nThe [scheme](/scheme).";
        let new = "# A title\n\nOne two 3 four.\n\n- a list\n- with one more\n- of two\n\nThe [scheme](/other).";
        let diff = MarkdownDiff::between(old, new);
        let expected = "heading: A title\nparagraph: One two [-three-]{+3+} four.\nitem: a list\nitem: {+with one more+}\n\
                        item: of two\nparagraph: [-Goes away entirely.-]\ncode: The [scheme](/[-scheme-]{+other+}).\n";
        assert_eq!(read(&diff), expected);
    }

    #[test]
    fn unchanged_passages_far_from_a_change_are_folded() {
        let paragraphs = |last: &str| "The same.\n\n".repeat(10) + last;
        let diff = MarkdownDiff::between(&paragraphs("old"), &paragraphs("new"));
        assert_eq!((diff.groups[0].passages.len(), diff.groups[0].folded.len(), diff.groups[0].last.len()), (0, 9, 1));
        assert_eq!(diff.groups[1].change, 1);
        let first = |count: usize| {
            let text = |last: &str| "The same.\n\n".repeat(count) + last;
            let diff = MarkdownDiff::between(&text("old"), &text("new"));
            (diff.groups[0].folded.len(), diff.groups[0].hidden, diff.groups[0].last.len())
        };
        assert_eq!((first(2), first(201), first(202)), ((0, 0, 0), (200, 0, 1), (0, 201, 1)));
        assert!(MarkdownDiff::between("a", "a\n").groups.iter().all(|group| group.change == 0));
    }

    #[test]
    fn of_too_many_changes_the_last_are_counted() {
        let text = |word: &str| (0..2000).map(|n| format!("{word}{n}\n\n")).collect::<Vec<_>>().concat();
        let diff = MarkdownDiff::between(&text("old"), &text("new"));
        let shown: usize = diff.groups.iter().map(|group| group.passages.len()).sum();
        assert!(shown > 500 && diff.left_out > 500, "{shown} and {}", diff.left_out);
        assert_eq!(diff.groups.last().map(|group| group.change), Some(diff.groups.len()));
        // Of one that does not fit, the beginning is there.
        let long = |sign: &str| sign.repeat(200_000);
        let diff = MarkdownDiff::between_words(&long("\""), &long("<"));
        let parts = &diff.groups[0].passages[0].parts;
        let [removed] = &parts[..] else { panic!("{} parts", parts.len()) };
        assert!(removed.state == "removed" && removed.text.ends_with("\" …") && removed.text.len() > 90_000);
        assert_eq!(diff.left_out, 1);
    }
}
