//! What two programs answer to the same path, compared: what differs each time, such as the addresses of style sheets, counts as the
//! same.

use std::collections::BTreeMap;

use super::rehearsal_server::RehearsalServer;
use crate::text::count::pluralise;

/// How many paths are named that differ in the same way, and how many characters of a line are shown, in all and before the first that
/// differs.
const TOLD: usize = 5;
const LINE: usize = 160;
const BEFORE: usize = 60;
/// What begins and ends a value that is another one each time.
const VOLATILE: [(&str, &str); 2] = [("/static/", "/"), ("name=\"form_token\" value=\"", "\"")];

/// What was found, and at which paths.
#[derive(Default)]
pub(super) struct Differences(BTreeMap<String, Vec<String>>);

impl Differences {
    /// Looks at a path that has to be there.
    pub(super) async fn look(&mut self, path: &str, new: &RehearsalServer) {
        match new.get(path).await {
            Ok((200, _)) => {}
            Ok((status, _)) => self.add(path, format!("It answers {status} instead of 200.")),
            Err(fault) => self.add(path, format!("The new program {fault}.")),
        }
    }

    /// Compares what both answer.
    pub(super) async fn compare(&mut self, path: &str, old: &RehearsalServer, new: &RehearsalServer) {
        match tokio::join!(old.get(path), new.get(path)) {
            (Ok((was, before)), Ok((is, after))) if was == is => {
                if let Some(difference) = difference(&before, &after) {
                    self.add(path, difference);
                }
            }
            (Ok((was, _)), Ok((is, _))) => self.add(path, format!("It answers {is}, and {was} until now.")),
            (Err(fault), _) => self.add(path, format!("The old program {fault}.")),
            (_, Err(fault)) => self.add(path, format!("The new program {fault}.")),
        }
    }

    pub(super) fn add(&mut self, path: &str, difference: String) {
        self.0.entry(difference).or_default().push(path.to_owned());
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn count(&self) -> usize {
        self.0.values().map(Vec::len).sum()
    }

    /// A part for each way in which paths differ, those that concern most paths first.
    pub(super) fn describe(&self) -> String {
        let mut all: Vec<_> = self.0.iter().collect();
        all.sort_by_key(|(_, paths)| std::cmp::Reverse(paths.len()));
        let describe = |(difference, paths): (&String, &Vec<String>)| {
            let some = paths.iter().take(TOLD).map(String::as_str).collect::<Vec<_>>().join(", ");
            let more = paths.len().saturating_sub(TOLD);
            let more = if more == 0 {
                String::new()
            } else {
                format!(" and {}", pluralise(more, "other path", "other paths"))
            };
            format!("{some}{more}: {difference}")
        };
        all.into_iter().map(describe).collect::<Vec<_>>().join("\n")
    }
}

/// The first line that differs; none when only what differs each time does.
fn difference(before: &str, after: &str) -> Option<String> {
    let (before, after) = (steady(before), steady(after));
    if before == after {
        return None;
    }
    let mut lines = before.lines().zip(after.lines());
    Some(match lines.find(|(one, other)| one != other) {
        Some((one, other)) => {
            let (one, other) = (one.trim(), other.trim());
            let alike = one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
            let shorten = |line: &str| line.chars().skip(alike.saturating_sub(BEFORE)).take(LINE).collect::<String>();
            format!("It has “{}”, and “{}” until now.", shorten(other), shorten(one))
        }
        None if before.len() > after.len() => "It ends earlier than until now.".to_owned(),
        None => "It goes on where it ended until now.".to_owned(),
    })
}

/// The same text without what is another one each time.
fn steady(text: &str) -> String {
    VOLATILE.iter().fold(text.to_owned(), |text, (begin, end)| {
        let mut parts = text.split(begin);
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |steady, part| {
            let rest = part.split_once(end).map_or("", |(_, rest)| rest);
            steady + begin + end + rest
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_readers_see_differs() {
        let page = |hash: &str, token: &str, text: &str| {
            format!(
                "<link href=\"/static/{hash}/site.css\">\n<input name=\"form_token\" value=\"{token}\">\n<p>{text}</p>\n"
            )
        };
        assert_eq!(difference(&page("ab", "1.x", "Hello"), &page("cd", "2.y", "Hello")), None);
        let found = difference(&page("ab", "1.x", "Hello"), &page("cd", "2.y", "Hullo"));
        assert_eq!(found.as_deref(), Some("It has “<p>Hullo</p>”, and “<p>Hello</p>” until now."));
        assert_eq!(difference("a\nb\n", "a\n").as_deref(), Some("It ends earlier than until now."));
    }
}
