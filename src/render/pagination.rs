//! The links at the end of a list to the entries before and after those shown. By key, never by offset, except for search
//! results, which have no key.

use serde::{Deserialize, Serialize};

use super::cursor_key::CursorKey;
use crate::model::cursor::Cursor;

/// What the address of a page of a list says.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct CursorQuery {
    pub(crate) before: String,
    pub(crate) after: String,
}

impl CursorQuery {
    /// Where the page begins or ends; none for the first page. A damaged key counts as none.
    #[must_use]
    pub(crate) fn read<K: CursorKey>(&self) -> Option<Cursor<K>> {
        K::parse(&self.before).map(Cursor::Before).or_else(|| K::parse(&self.after).map(Cursor::After))
    }
}

/// How a list is sorted; decides what its links are called, and which key leads on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ListOrder {
    /// By time or number, the newest first: what is before a key is further down.
    NewestFirst,
    /// By name or path: what is after a key is further down.
    Ascending,
    Ranked,
}

impl ListOrder {
    const fn labels(self) -> (&'static str, &'static str) {
        match self {
            Self::NewestFirst => ("Newer", "Older"),
            Self::Ascending => ("Previous", "Next"),
            Self::Ranked => ("Better results", "More results"),
        }
    }

    const fn leads_on<K>(self, cursor: &Cursor<K>) -> bool {
        matches!((self, cursor), (Self::NewestFirst, Cursor::Before(_)) | (Self::Ascending, Cursor::After(_)))
    }
}

/// A link to another page of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct PageLink {
    pub(crate) label: &'static str,
    pub(crate) path: String,
}

/// For `templates/macros/list.html` and `templates/site/search.html`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Pagination {
    pub(crate) previous: Option<PageLink>,
    pub(crate) next: Option<PageLink>,
}

/// A list with several pages.
#[derive(Debug, Clone, Copy)]
pub(crate) struct List<'a> {
    pub(crate) path: &'a str,
    /// What stays in the address from page to page; empty values are left out.
    pub(crate) query: &'a [(&'a str, &'a str)],
    pub(crate) order: ListOrder,
    pub(crate) size: usize,
}

impl List<'_> {
    /// How many rows to ask the database for: one more than shown, to know whether there are more.
    #[must_use]
    pub(crate) fn limit(&self) -> i64 {
        i64::try_from(self.size).unwrap_or(i64::MAX - 1) + 1
    }

    /// Removes the extra row, and links to what is on both sides of the rest. `rows` are in the order of the list;
    /// `key` is that of a row.
    pub(crate) fn paginate<T, K: CursorKey>(
        &self,
        rows: &mut Vec<T>,
        from: Option<&Cursor<K>>,
        key: impl Fn(&T) -> K,
    ) -> Pagination {
        self.paginate_groups(rows, from, &key, &key)
    }

    /// The same for rows that group several entries each: `first` and `last` are the keys of their ends.
    pub(crate) fn paginate_groups<T, K: CursorKey>(
        &self,
        rows: &mut Vec<T>,
        from: Option<&Cursor<K>>,
        first: impl Fn(&T) -> K,
        last: impl Fn(&T) -> K,
    ) -> Pagination {
        let more = rows.len() > self.size;
        let leads_on = from.is_none_or(|cursor| self.order.leads_on(cursor));
        if more && !leads_on {
            rows.remove(0);
        }
        rows.truncate(self.size);
        let (has_previous, has_next) = if leads_on { (from.is_some(), more) } else { (more, true) };
        let (back, on) = if self.order == ListOrder::Ascending { ("before", "after") } else { ("after", "before") };
        let (previous, next) = self.order.labels();
        // Without a row to begin from: the first page.
        let link = |label, name, key: Option<K>| self.link(label, name, &key.map_or(String::new(), |key| key.write()));
        Pagination {
            previous: has_previous.then(|| link(previous, back, rows.first().map(&first))),
            next: has_next.then(|| link(next, on, rows.last().map(&last))),
        }
    }

    /// For search results, of which `total` can be reached: the page that begins behind `offset` of them.
    #[must_use]
    pub(crate) fn paginate_ranked(&self, offset: usize, total: usize) -> Pagination {
        let (previous, next) = self.order.labels();
        let back = offset.saturating_sub(self.size);
        let back = if back == 0 { String::new() } else { back.to_string() };
        Pagination {
            previous: (offset > 0).then(|| self.link(previous, "after", &back)),
            next: (offset + self.size < total).then(|| self.link(next, "after", &(offset + self.size).to_string())),
        }
    }

    fn link(&self, label: &'static str, name: &str, key: &str) -> PageLink {
        let pairs: Vec<_> =
            self.query.iter().copied().chain([(name, key)]).filter(|(_, text)| !text.is_empty()).collect();
        let query = serde_html_form::to_string(&pairs).unwrap_or_default();
        let path = if query.is_empty() { self.path.to_owned() } else { format!("{}?{query}", self.path) };
        PageLink { label, path }
    }
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    PageLink { label, path }
    Pagination { previous, next }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: List<'_> =
        List { path: "/x", query: &[("q", "a b"), ("r", "")], order: ListOrder::NewestFirst, size: 3 };

    fn cursor(before: &str, after: &str) -> CursorQuery {
        CursorQuery { before: before.to_owned(), after: after.to_owned() }
    }

    /// Rows of the numbers 1 to `count`, and the addresses of the links.
    fn page(list: List<'_>, count: i64, query: &CursorQuery) -> (Vec<i64>, Option<String>, Option<String>) {
        let from = query.read::<i64>();
        let ascending = list.order == ListOrder::Ascending;
        let mut all: Vec<i64> = (1..=count).collect();
        if !ascending {
            all.reverse();
        }
        let mut rows: Vec<i64> = match from {
            None => all.into_iter().take(4).collect(),
            Some(Cursor::Before(key)) if !ascending => all.into_iter().filter(|n| *n < key).take(4).collect(),
            Some(Cursor::After(key)) if ascending => all.into_iter().filter(|n| *n > key).take(4).collect(),
            Some(Cursor::Before(key) | Cursor::After(key)) => {
                let near: Vec<i64> = all.into_iter().filter(|n| if ascending { *n < key } else { *n > key }).collect();
                near[near.len().saturating_sub(4)..].to_vec()
            }
        };
        let links = list.paginate(&mut rows, from.as_ref(), |number| *number);
        (rows, links.previous.map(|link| link.path), links.next.map(|link| link.path))
    }

    #[test]
    fn the_newest_first() {
        let (rows, previous, next) = page(LIST, 7, &CursorQuery::default());
        assert_eq!((rows, previous, next.as_deref()), (vec![7, 6, 5], None, Some("/x?q=a+b&before=5")));
        let (rows, previous, next) = page(LIST, 7, &cursor("5", ""));
        assert_eq!((rows, previous.as_deref()), (vec![4, 3, 2], Some("/x?q=a+b&after=4")));
        assert_eq!(next.as_deref(), Some("/x?q=a+b&before=2"));
        let (rows, _, next) = page(LIST, 7, &cursor("2", ""));
        assert_eq!((rows, next), (vec![1], None));
        let (rows, previous, next) = page(LIST, 7, &cursor("", "4"));
        assert_eq!((rows, previous, next.as_deref()), (vec![7, 6, 5], None, Some("/x?q=a+b&before=5")));
        assert_eq!(page(LIST, 7, &cursor("x", "")), page(LIST, 7, &CursorQuery::default()));
        assert_eq!(page(LIST, 1, &cursor("1", "")), (vec![], Some("/x?q=a+b".to_owned()), None));
    }

    #[test]
    fn by_name() {
        let list = List { order: ListOrder::Ascending, ..LIST };
        let (rows, previous, next) = page(list, 7, &CursorQuery::default());
        assert_eq!((rows, previous, next.as_deref()), (vec![1, 2, 3], None, Some("/x?q=a+b&after=3")));
        let (rows, previous, next) = page(list, 7, &cursor("", "3"));
        assert_eq!((rows, previous.as_deref()), (vec![4, 5, 6], Some("/x?q=a+b&before=4")));
        assert_eq!(next.as_deref(), Some("/x?q=a+b&after=6"));
        let (rows, previous, next) = page(list, 7, &cursor("7", ""));
        assert_eq!((rows, previous.as_deref()), (vec![4, 5, 6], Some("/x?q=a+b&before=4")));
        assert_eq!(next.as_deref(), Some("/x?q=a+b&after=6"));
    }

    #[test]
    fn by_relevance() {
        let list = List { order: ListOrder::Ranked, ..LIST };
        let links = |offset, total| {
            let links = list.paginate_ranked(offset, total);
            (links.previous.map(|link| link.path), links.next.map(|link| link.path))
        };
        assert_eq!(links(0, 3), (None, None));
        assert_eq!(links(3, 7), (Some("/x?q=a+b".to_owned()), Some("/x?q=a+b&after=6".to_owned())));
    }
}
