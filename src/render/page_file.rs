//! Files that belong to a page, by the page's path: its feed, its source, its tables and its social card. No page has such a path, since no slug has a dot.

use crate::model::page::path::{HOME, HOME_NAME};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PageFile {
    /// What changed at the page and below it.
    Feed,
    /// The text of the page as Markdown.
    Markdown,
    /// A table of its text for spreadsheets, by its number; the first is 1.
    Table(usize),
    /// The picture of the page where someone shares it.
    Card,
}

const FEED: &str = "/feed.xml";
const MARKDOWN: &str = ".md";
const TABLE: &str = ".csv";
const CARD: &str = "/card.png";

impl PageFile {
    /// The page and the file that a path names.
    #[must_use]
    pub(crate) fn split(path: &str) -> Option<(&str, Self)> {
        for (name, file) in [(FEED, Self::Feed), (CARD, Self::Card)] {
            if let Some(page) = path.strip_suffix(name) {
                return Some((if page.is_empty() { HOME } else { page }, file));
            }
        }
        let (page, file) = match path.strip_suffix(MARKDOWN) {
            Some(page) => (page, Self::Markdown),
            None => split_table(path.strip_suffix(TABLE)?)?,
        };
        let page = Some(page).filter(|page| !page.ends_with('/'))?;
        Some((if page.strip_prefix('/') == Some(HOME_NAME) { HOME } else { page }, file))
    }

    /// The path of this file of a page.
    #[must_use]
    pub(crate) fn of(self, page: &str) -> String {
        match self {
            Self::Feed => format!("{}{FEED}", page.trim_end_matches('/')),
            Self::Card => format!("{}{CARD}", page.trim_end_matches('/')),
            Self::Markdown => format!("{}{MARKDOWN}", name(page)),
            Self::Table(1) => format!("{}{TABLE}", name(page)),
            Self::Table(number) => format!("{}.{number}{TABLE}", name(page)),
        }
    }
}

/// The path of a page where something follows it.
fn name(page: &str) -> String {
    if page == HOME { format!("/{HOME_NAME}") } else { page.to_owned() }
}

/// Each table has one path: the first without a number, the others with theirs as it is counted.
fn split_table(path: &str) -> Option<(&str, PageFile)> {
    let Some((page, digits)) = path.rsplit_once('.') else { return Some((path, PageFile::Table(1))) };
    let number = digits.parse().ok().filter(|number: &usize| *number > 1 && number.to_string() == digits)?;
    Some((page, PageFile::Table(number)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_a_page_and_its_file() {
        for (page, feed, source) in
            [("/", "/feed.xml", "/index.md"), ("/a", "/a/feed.xml", "/a.md"), ("/a/b", "/a/b/feed.xml", "/a/b.md")]
        {
            assert_eq!((PageFile::Feed.of(page), PageFile::Markdown.of(page)), (feed.to_owned(), source.to_owned()));
            assert_eq!(PageFile::split(feed), Some((page, PageFile::Feed)));
            assert_eq!(PageFile::split(source), Some((page, PageFile::Markdown)));
            assert_eq!(PageFile::split(&PageFile::Card.of(page)), Some((page, PageFile::Card)));
        }
        for (page, number, table) in
            [("/", 1, "/index.csv"), ("/a/b", 1, "/a/b.csv"), ("/", 2, "/index.2.csv"), ("/a", 10, "/a.10.csv")]
        {
            assert_eq!(PageFile::Table(number).of(page), table);
            assert_eq!(PageFile::split(table), Some((page, PageFile::Table(number))));
        }
        for other in [
            "/",
            "/a",
            "/feed",
            "/feed.xml/",
            "/afeed.xml",
            "/.md",
            "/a/.md",
            "/a.md/",
            "/amd",
            "/.csv",
            "/a/.csv",
            "/.2.csv",
        ] {
            assert_eq!(PageFile::split(other), None, "{other}");
        }
        for other in [
            "/a.0.csv",
            "/a.1.csv",
            "/a.02.csv",
            "/a.+2.csv",
            "/a.b.csv",
            "/a.2",
            "/a..csv",
            "/a.99999999999999999999.csv",
        ] {
            assert_eq!(PageFile::split(other), None, "{other}");
        }
    }
}
