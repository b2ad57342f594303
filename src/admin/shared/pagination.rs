//! The two links at the end of a list, "newer" and "older", from what a page's address says. Keys, never offsets.

use serde::{Deserialize, Serialize};

use crate::model::cursor::Cursor;

/// What the address of a page of a list says.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct CursorQuery {
    /// Show what is older than this key.
    pub before: String,
    /// Show what is newer than this key.
    pub after: String,
}

impl CursorQuery {
    /// From where on to show; none for the beginning. A damaged key counts as none.
    pub fn read<K>(&self, parse: impl Fn(&str) -> Option<K>) -> Option<Cursor<K>> {
        parse(&self.before).map(Cursor::Before).or_else(|| parse(&self.after).map(Cursor::After))
    }

    /// The same for a key that is a number.
    #[must_use]
    pub fn number(&self) -> Option<Cursor> {
        self.read(|key| key.parse().ok())
    }
}

/// For the macro `pager` of `templates/macros/list.html`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Pager {
    /// Address of the page with newer entries.
    pub newer: Option<String>,
    /// Address of the page with older entries.
    pub older: Option<String>,
}

/// How many rows to ask the database for, so that one too many tells that there are more.
#[must_use]
pub fn limit(size: usize) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX - 1) + 1
}

/// Takes the one row off that was asked for beyond `size`, and links to what lies on both sides of the rest.
/// `rows` are the newest first; `key` writes what [`CursorQuery`] reads; `query` stays in the addresses.
pub fn paginate<T, K: Copy>(
    rows: &mut Vec<T>,
    size: usize,
    from: Option<Cursor<K>>,
    path: &str,
    query: &[(&str, &str)],
    key: impl Fn(&T) -> String,
) -> Pager {
    turn_groups(rows, size, from, (path, query), (&key, &key))
}

/// The same for rows that stand for several things each: `cursor` write the key of the newest and that of the oldest.
pub fn turn_groups<T, K: Copy>(
    rows: &mut Vec<T>,
    size: usize,
    from: Option<Cursor<K>>,
    (path, query): (&str, &[(&str, &str)]),
    (newest, oldest): (impl Fn(&T) -> String, impl Fn(&T) -> String),
) -> Pager {
    let more = rows.len() > size;
    let (newer, older) = match from {
        None => (false, more),
        Some(Cursor::Before(_)) => (true, more),
        Some(Cursor::After(_)) => (more, true),
    };
    if more && matches!(from, Some(Cursor::After(_))) {
        rows.remove(0);
    }
    rows.truncate(size);
    let link = |name: &str, key: Option<String>| {
        let mut pairs: Vec<(&str, String)> = query.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        pairs.retain(|(_, value)| !value.is_empty());
        key.map(|key| {
            pairs.push((name, key));
            format!("{path}?{}", serde_html_form::to_string(&pairs).unwrap_or_default())
        })
    };
    Pager {
        newer: newer.then(|| link("after", rows.first().map(&newest))).flatten(),
        older: older.then(|| link("before", rows.last().map(&oldest))).flatten(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(all: std::ops::RangeInclusive<i64>, cursor: &CursorQuery) -> (Vec<i64>, Pager) {
        let from = cursor.number();
        let mut rows: Vec<i64> = match from.unwrap_or_default() {
            Cursor::Before(before) => all.rev().filter(|n| *n < before).take(4).collect(),
            Cursor::After(after) => {
                let mut rows: Vec<i64> = all.filter(|n| *n > after).take(4).collect();
                rows.reverse();
                rows
            }
        };
        let pager = paginate(&mut rows, 3, from, "/x", &[("q", "a b"), ("r", "")], ToString::to_string);
        (rows, pager)
    }

    #[test]
    fn there_and_back_again() {
        let cursor = |before: &str, after: &str| CursorQuery { before: before.to_owned(), after: after.to_owned() };
        let (rows, pager) = page(1..=7, &CursorQuery::default());
        assert_eq!((rows, pager.newer), (vec![7, 6, 5], None));
        assert_eq!(pager.older.as_deref(), Some("/x?q=a+b&before=5"));
        let (rows, pager) = page(1..=7, &cursor("5", ""));
        assert_eq!(rows, [4, 3, 2]);
        assert_eq!(pager.newer.as_deref(), Some("/x?q=a+b&after=4"));
        let (rows, pager) = page(1..=7, &cursor("2", ""));
        assert_eq!((rows, pager.older), (vec![1], None));
        let (rows, pager) = page(1..=7, &cursor("", "4"));
        assert_eq!((rows, pager.newer), (vec![7, 6, 5], None));
        assert_eq!(pager.older.as_deref(), Some("/x?q=a+b&before=5"));
        let (rows, pager) = page(1..=7, &cursor("x", ""));
        assert_eq!((rows, pager.newer), (vec![7, 6, 5], None));
        let (rows, pager) = page(1..=1, &CursorQuery { before: "1".to_owned(), ..CursorQuery::default() });
        assert_eq!((rows, pager), (vec![], Pager::default()));
    }
}
