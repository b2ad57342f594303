//! Whose changes the lines of a text are: which version added or removed each line.

use std::time::{Duration, Instant};

use similar::{Algorithm, ChangeTag, TextDiff};

use super::diff::{self, DiffLine};
use crate::work;

/// After this time in all, long and very different versions are compared coarsely.
const TIME: Duration = Duration::from_millis(400);

/// Where a line comes from.
#[derive(Clone, Copy)]
enum Origin {
    /// The first text; its line.
    First(usize),
    /// The version at this place after the first text.
    Version(usize),
}

/// Adds to the lines of a difference whose they are. `texts` are the older of the two compared texts, and those of all
/// versions since, the oldest first; `names` are those of the versions. `is_back`: the difference leads from the newest
/// text to the oldest.
pub(crate) fn name_lines(lines: &mut [DiffLine], texts: &[&str], names: &[String], is_back: bool) {
    let (taken, brought) = work::run_blocking(|| blame(texts));
    let (removed, added) = if is_back { (brought, taken) } else { (taken, brought) };
    let (mut removed, mut added) = (removed.into_iter(), added.into_iter());
    let mut before = None;
    for line in lines {
        let version = match line.kind {
            "removed" => removed.next().flatten(),
            "added" => added.next().flatten(),
            _ => {
                removed.next();
                added.next();
                None
            }
        };
        let now = version.map(|version| (line.kind, version));
        if now != before {
            line.by = version.and_then(|version| names.get(version)).cloned().unwrap_or_default();
        }
        before = now;
    }
}

/// For each line of the first text the version that removed it, and for each line of the last one the version that
/// added it, if any did.
fn blame(texts: &[&str]) -> (Vec<Option<usize>>, Vec<Option<usize>>) {
    let deadline = Instant::now() + TIME;
    let first = texts.first().map_or(0, |text| text.lines().count());
    let mut taken = vec![None; first];
    let mut current: Vec<Origin> = (0..first).map(Origin::First).collect();
    for (version, pair) in texts.windows(2).enumerate() {
        let (old, new) = (diff::with_line_end(pair[0]), diff::with_line_end(pair[1]));
        let diff = TextDiff::configure().algorithm(Algorithm::Patience).deadline(deadline).diff_lines(&*old, &*new);
        let mut next = Vec::new();
        for change in diff.iter_all_changes() {
            let origin = change.old_index().and_then(|line| current.get(line)).copied();
            match (change.tag(), origin) {
                (ChangeTag::Equal, Some(origin)) => next.push(origin),
                (ChangeTag::Delete, Some(Origin::First(line))) => taken[line] = Some(version),
                (ChangeTag::Insert, _) => next.push(Origin::Version(version)),
                _ => {}
            }
        }
        current = next;
    }
    let brought = current.into_iter().map(|origin| match origin {
        Origin::First(_) => None,
        Origin::Version(version) => Some(version),
    });
    (taken, brought.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name_changes(texts: &[&str], is_back: bool) -> Vec<(&'static str, String, String)> {
        let (old, new) = (texts[0], texts[texts.len() - 1]);
        let mut lines = if is_back { diff::lines(new, old) } else { diff::lines(old, new) };
        let names: Vec<_> = (2..=texts.len()).map(|version| format!("version {version}")).collect();
        name_lines(&mut lines, texts, &names, is_back);
        lines.into_iter().map(|line| (line.kind, line.text, line.by)).collect()
    }

    #[test]
    fn each_run_of_lines_names_its_version_once() {
        let texts = ["one\ntwo\nthree", "one\n2\n2b\nthree", "one\n2\n2b\nthree\nfour", "2\n2b\nthree\nfour"];
        let line = |kind, text: &str, by: &str| (kind, text.to_owned(), by.to_owned());
        let expected = [
            line("removed", "one", "version 4"),
            line("removed", "two", "version 2"),
            line("added", "2", "version 2"),
            line("added", "2b", ""),
            line("same", "three", ""),
            line("added", "four", "version 3"),
        ];
        assert_eq!(name_changes(&texts, false), expected);
        let back = name_changes(&texts, true);
        assert!(back.contains(&line("removed", "four", "version 3")), "{back:?}");
        assert!(back.iter().any(|(kind, _, by)| *kind == "added" && by == "version 2"), "{back:?}");
    }

    #[test]
    fn a_line_that_came_back_is_nobodys() {
        assert_eq!(name_changes(&["a\nb", "a", "a\nb"], false).iter().filter(|(.., by)| !by.is_empty()).count(), 0);
        assert_eq!(name_changes(&["", "x"], false), [("added", "x".to_owned(), "version 2".to_owned())]);
    }
}
