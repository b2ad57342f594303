//! Where a path without a live page leads: by the redirect from it, or by the nearest one above it that covers what is below.
//! Asks a few questions by an index, however many redirects there are.

use super::{
    list::{self, RedirectRow},
    typed,
};
use crate::{
    db::conn::Conn,
    error::Result,
    model::page::{
        path::{DEPTH_MAX, HOME},
        public,
    },
};

/// How many redirects lead on to one another; only those that cover what is below them do.
const STEPS_MAX: usize = 8;

/// Where a path without a live page leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RedirectTarget {
    /// A live page, at this path now, and the part of it, with its `#`; the part may be empty.
    Page(String, String),
    /// Another site, or a path that the program answers itself.
    Address(String),
    Gone,
    Nothing,
}

impl RedirectTarget {
    /// Where a visitor is sent who came with this query; none when nothing is there.
    #[must_use]
    pub(crate) fn location(&self, query: Option<&str>) -> Option<String> {
        match self {
            Self::Page(path, part) => Some(with_query(&format!("{path}{part}"), query)),
            Self::Address(address) => Some(with_query(address, query)),
            Self::Gone | Self::Nothing => None,
        }
    }
}

/// A redirect that was followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RedirectStep {
    pub(crate) redirect_id: i64,
    pub(crate) path: String,
    pub(crate) covers_below: bool,
    /// Where it leads; empty when that is in the trash.
    pub(crate) to: String,
}

/// How a path was followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Followed {
    pub(crate) steps: Vec<RedirectStep>,
    pub(crate) end: RedirectTarget,
}

/// Follows a path, without a slash at its end, at which there is no live page.
pub(crate) async fn follow(db: &Conn, path: &str) -> Result<Followed> {
    let mut path = typed::normal(path);
    let mut steps = Vec::new();
    while steps.len() < STEPS_MAX {
        let Some(redirect) = covering(db, &path).await? else { break };
        let below = path.split_off(redirect.path.len());
        let next = next(&redirect, &below);
        let to = match &next {
            Next::Page(path) => path.clone(),
            Next::End(end) => end.location(None).or_else(|| redirect.page_path.clone()).unwrap_or_default(),
        };
        let RedirectRow { id, path: from, covers_below, .. } = redirect;
        steps.push(RedirectStep { redirect_id: id, path: from, covers_below, to });
        match next {
            Next::End(end) => return Ok(Followed { steps, end }),
            Next::Page(at) if public::id_at(db, &at).await?.is_some() => {
                return Ok(Followed { steps, end: RedirectTarget::Page(at, String::new()) });
            }
            // What was there may have moved on.
            Next::Page(at) => path = at,
        }
    }
    Ok(Followed { steps, end: RedirectTarget::Nothing })
}

enum Next {
    /// The path below a page at which another may be.
    Page(String),
    End(RedirectTarget),
}

/// Where a redirect leads what is `below` its path; empty for its path itself.
fn next(redirect: &RedirectRow, below: &str) -> Next {
    // What a user set for what is below leaves the path itself to the page that was there.
    if redirect.left_by_id.is_some() && below.is_empty() {
        return match &redirect.left_path {
            Some(path) if redirect.left_live => Next::End(RedirectTarget::Page(path.clone(), String::new())),
            Some(path) if *path != redirect.path => Next::Page(path.clone()),
            Some(_) => Next::End(RedirectTarget::Nothing),
            None => Next::End(RedirectTarget::Gone),
        };
    }
    if redirect.document_id.is_none() {
        return Next::End(RedirectTarget::Address(below_address(&redirect.target, below)));
    }
    Next::End(match &redirect.page_path {
        Some(path) if redirect.live && below.is_empty() => RedirectTarget::Page(path.clone(), redirect.target.clone()),
        Some(path) if redirect.live => return Next::Page(below_page(path, below)),
        // While a page is not published, its path may lead on.
        Some(path) if below.is_empty() && *path != redirect.path => return Next::Page(path.clone()),
        _ if redirect.is_trashed() => RedirectTarget::Gone,
        _ => RedirectTarget::Nothing,
    })
}

fn below_page(path: &str, below: &str) -> String {
    if path == HOME { below.to_owned() } else { format!("{path}{below}") }
}

/// An address that covers what is below it has no query and no fragment.
fn below_address(address: &str, below: &str) -> String {
    if below.is_empty() { address.to_owned() } else { format!("{}{below}", address.trim_end_matches('/')) }
}

/// The redirect from a path, or else the nearest one above it that covers what is below.
async fn covering(db: &Conn, path: &str) -> Result<Option<RedirectRow>> {
    let exact = list::at(db, path).await?;
    if exact.is_some() { Ok(exact) } else { nearest_above(db, path).await }
}

/// By the order of paths, what is above a path comes before it, and what lies between both begins like the one above. So
/// the last one before the path is it, or shows how much of the path there is to look for.
async fn nearest_above(db: &Conn, path: &str) -> Result<Option<RedirectRow>> {
    let mut probe = path;
    for _ in 0..DEPTH_MAX {
        let found: Option<RedirectRow> = db
            .optional(
                "select * from redirect_node where covers_below and path <= $1 order by path desc limit 1",
                (probe,),
            )
            .await?;
        let Some(found) = found else { return Ok(None) };
        if typed::is_at_or_below(path, &found.path) {
            return Ok(Some(found));
        }
        let common = path.bytes().zip(found.path.bytes()).take_while(|(one, other)| one == other).count();
        probe = if path.as_bytes().get(common) == Some(&b'/') {
            path.get(..common).unwrap_or_default()
        } else {
            path.get(..common).and_then(|common| common.rsplit_once('/')).map_or("", |(above, _)| above)
        };
        if probe.is_empty() {
            return Ok(None);
        }
    }
    Ok(None)
}

/// The query comes before the fragment, and after a query that the address has.
fn with_query(address: &str, query: Option<&str>) -> String {
    let (before, fragment) = address.split_at(address.find('#').unwrap_or(address.len()));
    let has_query = before.contains('?');
    let Some(query) = query.filter(|query| !query.is_empty() || !has_query) else { return address.to_owned() };
    let mark = if has_query { '&' } else { '?' };
    format!("{before}{mark}{query}{fragment}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_query_is_added_where_it_belongs() {
        for (address, expected) in [
            ("/a", "/a?x=1"),
            ("/a#part", "/a?x=1#part"),
            ("https://x.example/?y=2", "https://x.example/?y=2&x=1"),
            ("https://x.example/?y=2#part?", "https://x.example/?y=2&x=1#part?"),
        ] {
            assert_eq!(with_query(address, Some("x=1")), expected);
            assert_eq!(with_query(address, None), address);
        }
        assert_eq!(
            (with_query("/a", Some("")), with_query("/a?y=2", Some(""))),
            ("/a?".to_owned(), "/a?y=2".to_owned())
        );
    }

    #[test]
    fn what_is_below_is_the_same_below_the_target() {
        assert_eq!(below_address("https://x.example/", "/a/b"), "https://x.example/a/b");
        assert_eq!(below_address("https://x.example/docs", "//y.example"), "https://x.example/docs//y.example");
        assert_eq!(below_address("https://x.example/docs/", ""), "https://x.example/docs/");
        assert_eq!((below_page("/", "/a"), below_page("/b", "/a")), ("/a".to_owned(), "/b/a".to_owned()));
    }
}
