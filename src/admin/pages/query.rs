//! What an address of the list of pages asks for: which pages are open in the tree, or what is looked for and in which order. The
//! forms of the list carry it along, so that they lead back to the same list.

use serde::Deserialize;

use crate::{
    admin::shared::{
        document_kinds::PagesPath,
        list_filters::{REVIEWS, STATES, known},
    },
    model::page::finding::PageSort,
    render::pagination::CursorQuery,
    text::clean,
};

/// Most pages that can be open in one tree.
const OPEN: usize = 50;

const SORTS: [(&str, PageSort); 3] =
    [("title", PageSort::Title), ("saved", PageSort::Saved), ("review", PageSort::Review)];

/// What makes no sense asks for nothing.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(super) struct PagesQuery {
    /// The page whose children are listed; none for the uppermost level.
    pub(super) under: Option<i64>,
    /// The ids of the pages whose children are shown below them, with dots in between.
    open: String,
    q: String,
    /// `me`, `nobody`, or all.
    pub(super) owner: String,
    state: String,
    review: String,
    label: String,
    sort: String,
    before: String,
    after: String,
}

impl PagesQuery {
    /// The query of an address that a form carries; a damaged one asks for nothing.
    #[must_use]
    pub(super) fn read(text: &str) -> Self {
        serde_html_form::from_str(text.trim_start_matches('?')).unwrap_or_default()
    }

    /// Of the list below a page.
    #[must_use]
    pub(super) fn below(under: Option<i64>) -> Self {
        Self { under, ..Self::default() }
    }

    #[must_use]
    pub(super) fn text(&self) -> String {
        clean::line(&self.q)
    }

    #[must_use]
    pub(super) fn state(&self) -> &'static str {
        known(&STATES, &self.state)
    }

    #[must_use]
    pub(super) fn review(&self) -> &'static str {
        known(&REVIEWS, &self.review)
    }

    #[must_use]
    pub(super) fn label(&self) -> String {
        clean::line(&self.label)
    }

    fn owner(&self) -> &'static str {
        ["me", "nobody"].into_iter().find(|known| *known == self.owner).unwrap_or_default()
    }

    #[must_use]
    pub(super) fn sort(&self) -> PageSort {
        SORTS.into_iter().find(|(name, _)| *name == self.sort).map_or(PageSort::Path, |(_, sort)| sort)
    }

    /// Whether it asks for a list of what fits instead of the tree.
    #[must_use]
    pub(super) fn finds(&self) -> bool {
        self.under.is_none() && self.flat_pairs(self.sort()).iter().any(|(_, value)| !value.is_empty())
    }

    #[must_use]
    pub(super) fn cursor(&self) -> CursorQuery {
        CursorQuery { before: self.before.clone(), after: self.after.clone() }
    }

    #[must_use]
    pub(super) fn open(&self) -> Vec<i64> {
        self.open.split('.').filter_map(|id| id.parse().ok()).take(OPEN).collect()
    }

    /// The address where the pages below a page are shown, or not shown where they are now.
    #[must_use]
    pub(super) fn fold(&self, id: i64) -> String {
        let mut open = self.open();
        match open.iter().position(|other| *other == id) {
            Some(at) => drop(open.remove(at)),
            None => open.push(id),
        }
        Self { open: in_words(&open), ..self.clone() }.address()
    }

    /// The same list sorted like this.
    #[must_use]
    pub(super) fn sorted(&self, sort: PageSort) -> String {
        address(&self.flat_pairs(sort))
    }

    /// What stays in the address of the list from page to page.
    #[must_use]
    pub(super) fn pairs(&self) -> Vec<(&'static str, String)> {
        if self.finds() {
            return self.flat_pairs(self.sort()).to_vec();
        }
        let under = self.under.map_or_else(String::new, |id| id.to_string());
        vec![("under", under), ("open", in_words(&self.open()))]
    }

    fn flat_pairs(&self, sort: PageSort) -> [(&'static str, String); 6] {
        let sort = SORTS.into_iter().find(|(_, known)| *known == sort).map_or("", |(name, _)| name);
        [
            ("q", self.text()),
            ("owner", self.owner().to_owned()),
            ("state", self.state().to_owned()),
            ("review", self.review().to_owned()),
            ("label", self.label()),
            ("sort", sort.to_owned()),
        ]
    }

    /// The whole address.
    #[must_use]
    pub(super) fn address(&self) -> String {
        let mut pairs = self.pairs();
        pairs.extend([("before", self.before.clone()), ("after", self.after.clone())]);
        address(&pairs)
    }

    /// Its query alone, for [`Self::read`].
    #[must_use]
    pub(super) fn carried(&self) -> String {
        self.address().split_once('?').map_or_else(String::new, |(_, query)| query.to_owned())
    }
}

fn in_words(ids: &[i64]) -> String {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(".")
}

fn address(pairs: &[(&'static str, String)]) -> String {
    let pairs: Vec<_> = pairs.iter().filter(|(_, value)| !value.is_empty()).collect();
    let query = serde_html_form::to_string(pairs).unwrap_or_default();
    if query.is_empty() { PagesPath.to_string() } else { format!("{PagesPath}?{query}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leads_back_to_itself() {
        for text in
            ["under=5&open=7.9", "open=1.2", "q=a+b&owner=me&state=live&review=soon&label=x&sort=saved&after=7", ""]
        {
            assert_eq!(PagesQuery::read(text).carried(), text);
        }
        let odd = PagesQuery::read("state=x&review=y&sort=z&owner=you&open=a.3.-&q=+");
        assert_eq!((odd.carried().as_str(), odd.finds()), ("open=3", false));
        let tree = PagesQuery::read("open=1.2");
        assert_eq!((tree.fold(3), tree.fold(1)), ("/admin/pages?open=1.2.3".into(), "/admin/pages?open=2".into()));
        assert_eq!(tree.sorted(PageSort::Title), "/admin/pages?sort=title");
        assert_eq!(PagesQuery::read("sort=title&q=x").sorted(PageSort::Path), "/admin/pages?q=x");
    }
}
