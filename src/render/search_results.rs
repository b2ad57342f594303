//! What the pages of search results of the site and of the admin area share: what is asked for, which part of the results a
//! page shows, and what it says of them. How a result looks is theirs.

use axum::extract::{Query, rejection::QueryRejection};
use serde::{Deserialize, Serialize};

use super::pagination::{List, ListOrder, Pagination};
use crate::{
    error::Result,
    search::{
        answer::Answer,
        index_document::ResultKind,
        query::Audience,
        request::{Fit, SearchHit, SearchRequest, SearchResults},
    },
    state::app_state::App,
    text::limit,
};

const SIZE: usize = 20;
/// Results in all: who has not found it among these needs other words.
const MOST: usize = 200;
/// Most characters of a query that are looked for.
const LONGEST: usize = 200;

/// What the address of a page of results says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SearchQuery {
    pub(crate) q: String,
    /// So many results are passed over.
    after: String,
    /// Only results of the kind with this name.
    kind: String,
}

#[derive(Debug)]
pub(crate) struct ResultPage {
    path: &'static str,
    q: String,
    kind: Option<ResultKind>,
    offset: usize,
}

/// What it shows in addition to the results, for `templates/site/search.html` and `templates/admin/search.html`.
#[derive(Debug, Serialize)]
pub(crate) struct ResultPageView {
    q: String,
    /// Whether there is an index to ask.
    ready: bool,
    total: usize,
    /// The results by kind, when there are several kinds.
    filters: Vec<KindFilter>,
    /// Number of the first and the last result on this page.
    first: usize,
    last: usize,
    fit: Fit,
    meant: Option<DidYouMean>,
    pages: Pagination,
    /// Whether there are more results than can be paged through.
    cut: bool,
    /// How many characters of the query were looked for, when it has more; 0 otherwise.
    only: usize,
    /// The same for words.
    only_words: usize,
}

/// Results of one kind, or all.
#[derive(Debug, Serialize)]
struct KindFilter {
    label: &'static str,
    count: usize,
    path: String,
    current: bool,
}

#[derive(Debug, Serialize)]
struct DidYouMean {
    text: String,
    path: String,
}

impl ResultPage {
    /// The page of the results at `path` that was asked for.
    #[must_use]
    pub(crate) fn read(path: &'static str, query: Result<Query<SearchQuery>, QueryRejection>) -> Self {
        let SearchQuery { q, after, kind } = query.map(|Query(query)| query).unwrap_or_default();
        let offset = after.parse().unwrap_or(0).min(MOST - SIZE) / SIZE * SIZE;
        Self { path, q: q.trim().to_owned(), kind: ResultKind::from_name(&kind), offset }
    }

    #[must_use]
    pub(crate) fn q(&self) -> &str {
        &self.q
    }

    #[must_use]
    pub(crate) const fn is_first(&self) -> bool {
        self.offset == 0
    }

    /// The query of the next page, when there are so many results.
    #[must_use]
    pub(crate) fn next(&self, total: usize) -> Option<String> {
        let after = (self.offset + SIZE).to_string();
        let query = address_query(&self.q, self.kind).into_iter().chain([("after", after.as_str())]);
        let query = serde_html_form::to_string(query.collect::<Vec<_>>()).ok();
        query.filter(|_| self.offset + SIZE < total.min(MOST))
    }

    /// What is found. None while there is no index to ask.
    pub(crate) async fn find(&self, app: &App, audience: Audience) -> Result<Option<SearchResults>> {
        if self.q.is_empty() {
            return Ok(Some(SearchResults::default()));
        }
        let text = self.q.chars().take(LONGEST).collect();
        let request =
            SearchRequest { text, audience, offset: self.offset, limit: SIZE, typing: false, kind: self.kind };
        app.search.find(app.read(), request).await
    }

    /// What is shown of `found`, the answer, and the results.
    #[must_use]
    pub(crate) fn view(self, found: Option<SearchResults>) -> (ResultPageView, Option<Answer>, Vec<SearchHit>) {
        let ready = found.is_some();
        let found = found.unwrap_or_default();
        let query = address_query(&self.q, self.kind);
        let filters = self.filters(&found);
        let list = List { path: self.path, query: &query, order: ListOrder::Ranked, size: SIZE };
        let view = ResultPageView {
            ready,
            total: found.total,
            filters,
            first: self.offset + 1,
            last: self.offset + found.hits.len(),
            fit: found.fit,
            meant: found.meant.map(|text| DidYouMean { path: results_path(self.path, &text, None), text }),
            pages: list.paginate_ranked(self.offset, found.total.min(MOST)),
            cut: found.total > MOST && self.offset + SIZE >= MOST,
            only: limit::cut_at(&self.q, LONGEST),
            only_words: found.only_words,
            q: self.q,
        };
        (view, found.answer, found.hits)
    }

    /// One for all results and one for each kind; none when there is nothing to choose.
    fn filters(&self, SearchResults { kinds, all, .. }: &SearchResults) -> Vec<KindFilter> {
        if kinds.len() < 2 && self.kind.is_none() {
            return Vec::new();
        }
        let filter = |label, count, kind| KindFilter {
            label,
            count,
            path: results_path(self.path, &self.q, kind),
            current: self.kind == kind,
        };
        let each = kinds.iter().map(|(kind, count)| filter(kind.plural(), *count, Some(*kind)));
        std::iter::once(filter("All", *all, None)).chain(each).collect()
    }
}

fn address_query(q: &str, kind: Option<ResultKind>) -> Vec<(&'static str, &str)> {
    std::iter::once(("q", q)).chain(kind.map(|kind| ("kind", kind.as_str()))).collect()
}

fn results_path(path: &str, q: &str, kind: Option<ResultKind>) -> String {
    format!("{path}?{}", serde_html_form::to_string(address_query(q, kind)).unwrap_or_default())
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    ResultPageView { q, ready, total, filters, first, last, fit, meant, pages, cut, only, only_words }
    KindFilter { label, count, path, current }
    DidYouMean { text, path }
}
