//! What an address of the list of items asks for: of which page, what is looked for, and in which order. The forms of the list carry it along.

use std::cmp::Reverse;

use jiff::ToSpan;
use serde::Deserialize;

use crate::{
    admin::{
        documents::review,
        shared::{
            admin_context::AdminContext,
            document_kinds::FaqPath,
            list_filters::{REVIEWS, STATES, SortHeads, SortLink, known},
            owner_filter,
        },
    },
    model::faq::item::ListedItem,
};

/// The orders other than that of the categories: names in the address, and how the column says it.
const SORTS: [(&str, &str); 3] = [("title", "ascending"), ("review", "ascending"), ("saved", "descending")];

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(crate) struct FaqQuery {
    /// Id of the page that shows them; empty for the usual one.
    page: String,
    q: String,
    /// `me`, `nobody`, or all.
    owner: String,
    state: String,
    review: String,
    sort: String,
}

impl FaqQuery {
    #[must_use]
    pub(super) fn page(&self) -> &str {
        &self.page
    }

    /// The same list with no filter.
    #[must_use]
    pub(super) fn of_page(page_id: i64) -> Self {
        Self { page: page_id.to_string(), ..Self::default() }
    }

    #[must_use]
    pub(super) fn text(&self) -> String {
        self.q.trim().to_owned()
    }

    #[must_use]
    pub(super) fn state(&self) -> &'static str {
        known(&STATES, &self.state)
    }

    #[must_use]
    pub(super) fn review(&self) -> &'static str {
        known(&REVIEWS, &self.review)
    }

    fn sort(&self) -> &'static str {
        known(&SORTS, &self.sort)
    }

    /// Whether the items are in another order than that of the categories.
    #[must_use]
    pub(super) fn is_sorted(&self) -> bool {
        !self.sort().is_empty()
    }

    /// Whether it asks for everything in its order, which can be changed then.
    #[must_use]
    pub(super) fn is_whole(&self, admin: &AdminContext) -> bool {
        self.pairs(admin, self.sort()).is_empty()
    }

    /// Leaves out what does not fit, and sorts the rest.
    pub(super) fn apply(&self, admin: &AdminContext, items: &mut Vec<ListedItem>) {
        let (_, whose) = owner_filter::parse(admin, &self.owner);
        let today = admin.today();
        let before = match self.review() {
            "overdue" => Some(today.to_string()),
            "soon" => Some(review::soon(today).saturating_add(1.day()).to_string()),
            _ => None,
        };
        let fits = |item: &ListedItem| match self.state() {
            "live" => item.live,
            "changed" => item.changed && !item.is_template,
            "draft" => !item.live && !item.is_template,
            "template" => item.is_template,
            _ => true,
        };
        let is_due = |item: &ListedItem| before.is_none() || item.review_on.is_some() && item.review_on < before;
        items.retain(|item| whose.fits(&item.owner) && fits(item) && is_due(item));
        match self.sort() {
            "title" => items.sort_by(|one, other| one.search_text.cmp(&other.search_text)),
            "saved" => items.sort_by_key(|item| Reverse(item.saved_at)),
            "review" => items.sort_by(|one, other| {
                (one.review_on.is_none(), &one.review_on).cmp(&(other.review_on.is_none(), &other.review_on))
            }),
            _ => {}
        }
    }

    #[must_use]
    pub(super) fn heads(&self, admin: &AdminContext) -> SortHeads {
        let head = |name| {
            let (_, direction) = SORTS.into_iter().find(|(known, _)| *known == name).unwrap_or_default();
            let is_current = self.sort() == name;
            let query = self.query(admin, if is_current { "" } else { name });
            let path = if query.is_empty() { FaqPath.to_string() } else { format!("{FaqPath}?{query}") };
            SortLink { path, direction: if is_current { direction } else { "" } }
        };
        SortHeads { title: head("title"), review: head("review"), saved: head("saved") }
    }

    /// Its query alone.
    #[must_use]
    pub(super) fn carried(&self, admin: &AdminContext) -> String {
        self.query(admin, self.sort())
    }

    fn query(&self, admin: &AdminContext, sort: &'static str) -> String {
        let page = Some(("page", self.page.clone())).filter(|(_, page)| !page.is_empty());
        let pairs: Vec<_> = page.into_iter().chain(self.pairs(admin, sort)).collect();
        serde_html_form::to_string(pairs).unwrap_or_default()
    }

    fn pairs(&self, admin: &AdminContext, sort: &'static str) -> Vec<(&'static str, String)> {
        let (owner, _) = owner_filter::parse(admin, &self.owner);
        // Which page it is of is no filter.
        let all = [
            ("q", self.text()),
            ("owner", owner.to_owned()),
            ("state", self.state().to_owned()),
            ("review", self.review().to_owned()),
            ("sort", sort.to_owned()),
        ];
        all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    #[must_use]
    pub(super) fn owner(&self, admin: &AdminContext) -> &'static str {
        owner_filter::parse(admin, &self.owner).0
    }
}
