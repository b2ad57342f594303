//! Files that belong to a page, by the page's path: its feed and its source. No page has such a path, since no slug has a dot.

use crate::model::page::path::{HOME, HOME_NAME};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PageFile {
    /// What changed at the page and below it.
    Feed,
    /// The text of the page as Markdown.
    Markdown,
}

const FEED: &str = "/feed.xml";
const MARKDOWN: &str = ".md";

impl PageFile {
    /// The page and the file that a path names.
    #[must_use]
    pub(crate) fn split(path: &str) -> Option<(&str, Self)> {
        if let Some(page) = path.strip_suffix(FEED) {
            return Some((if page.is_empty() { HOME } else { page }, Self::Feed));
        }
        let page = path.strip_suffix(MARKDOWN).filter(|page| !page.ends_with('/'))?;
        Some((if page.strip_prefix('/') == Some(HOME_NAME) { HOME } else { page }, Self::Markdown))
    }

    /// The path of this file of a page.
    #[must_use]
    pub(crate) fn of(self, page: &str) -> String {
        match self {
            Self::Feed => format!("{}{FEED}", page.trim_end_matches('/')),
            Self::Markdown if page == HOME => format!("/{HOME_NAME}{MARKDOWN}"),
            Self::Markdown => format!("{page}{MARKDOWN}"),
        }
    }
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
        }
        for other in ["/", "/a", "/feed", "/feed.xml/", "/afeed.xml", "/.md", "/a/.md", "/a.md/", "/amd"] {
            assert_eq!(PageFile::split(other), None, "{other}");
        }
    }
}
