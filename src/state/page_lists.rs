//! The lists that a page shows of others: of what is live, of the site as one user's drafts would make it, or of what is live with one
//! version of an item. Whatever draws pages asks here, so that all are drawn alike.

use super::{app_state::App, draft_site::DraftSite, nav_cache::NavPages};
use crate::{
    error::Result,
    model::{
        document::revision::Revision,
        faq::item::{self, LiveItem},
        page::public::{self, Card, NavPage},
    },
};

#[derive(Clone, Copy)]
pub(crate) struct PageLists<'a> {
    pub(crate) app: &'a App,
    drafts: Option<&'a DraftSite>,
    /// A version of an item that takes its place among the live ones.
    question: Option<&'a Revision>,
}

impl<'a> PageLists<'a> {
    /// What visitors see.
    #[must_use]
    pub(crate) const fn live(app: &'a App) -> Self {
        Self::of(app, None, None)
    }

    #[must_use]
    pub(crate) const fn of(app: &'a App, drafts: Option<&'a DraftSite>, question: Option<&'a Revision>) -> Self {
        Self { app, drafts, question }
    }

    /// The item that the page is drawn for, by its document.
    #[must_use]
    pub(crate) fn shown_question(self) -> Option<i64> {
        self.question.map(|revision| revision.document_id)
    }

    /// The uppermost level without the front page.
    pub(crate) async fn top(self) -> Result<NavPages> {
        match self.drafts {
            Some(_) => self.entries(None).await,
            None => self.app.nav_cache.children(self.app.read(), None).await,
        }
    }

    /// The pages right below one, without a query for one that has none.
    pub(crate) async fn below(self, entry: &NavPage) -> Result<NavPages> {
        match self.drafts {
            Some(_) if entry.has_children => self.entries(Some((entry.id, &*entry.path))).await,
            Some(_) => Ok(NavPages::default()),
            None => self.app.nav_cache.children_of(self.app.read(), entry).await,
        }
    }

    /// The pages right below one that may be in no list.
    pub(crate) async fn below_page(self, id: i64, path: &str) -> Result<NavPages> {
        match self.drafts {
            Some(_) => self.entries(Some((id, path))).await,
            None => self.app.nav_cache.children(self.app.read(), Some(id)).await,
        }
    }

    async fn entries(self, parent: Option<(i64, &str)>) -> Result<NavPages> {
        let Some(drafts) = self.drafts else { return Ok(NavPages::default()) };
        let cards = drafts.cards(self.app.read(), parent).await?;
        Ok(cards.into_iter().map(|card| card.entry).collect())
    }

    /// The pages right below one, with their summaries.
    pub(crate) async fn cards(self, id: i64, path: &str) -> Result<Vec<Card>> {
        match self.drafts {
            Some(drafts) => drafts.cards(self.app.read(), Some((id, path))).await,
            None => public::cards(self.app.read(), id).await,
        }
    }

    /// All items of a page by category and place.
    pub(crate) async fn questions(self, page_id: i64) -> Result<Vec<LiveItem>> {
        match (self.drafts, self.question) {
            (Some(drafts), _) => drafts.questions(self.app.read(), page_id, self.app.now()).await,
            (None, Some(revision)) => item::live_with(self.app.read(), page_id, revision).await,
            (None, None) => item::live(self.app.read(), page_id).await,
        }
    }
}
