//! Search for visitors: the page of results, which needs no script, and the suggestions for its small script.

use axum::{
    Json,
    extract::{Query, State, rejection::QueryRejection},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};

use crate::{
    error::Result,
    render::{
        pagination::{List, ListOrder, Pagination},
        site_view::{self, PageHead, SiteView},
    },
    search::{
        index_document::ResultKind,
        query::Audience,
        request::{Fit, Hit, SearchRequest, SearchResults},
        snippet::Piece,
    },
    state::app_state::App,
    web::cache_policy::CachePolicy,
};

/// The address of this page.
pub(crate) const PATH: &str = "/search";
const SCREEN: usize = 20;
/// Most results in all; what is not among these needs other words.
const MOST: usize = 200;
const SUGGESTIONS: usize = 8;
/// Longest query, in characters; the rest is ignored.
const LONGEST: usize = 200;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SearchQuery {
    q: String,
    after: String,
}

#[derive(Serialize)]
struct View<'a> {
    site: SiteView,
    page: PageHead,
    q: &'a str,
    /// Whether there is an index to ask.
    ready: bool,
    total: usize,
    /// Number of the first and the last result on this screen.
    first: usize,
    last: usize,
    fit: Fit,
    meant: Option<DidYouMean>,
    groups: Vec<Group>,
    pages: Pagination,
    /// Whether there are more results than the pages show.
    cut: bool,
}

#[derive(Serialize)]
struct DidYouMean {
    text: String,
    path: String,
}

#[derive(Serialize)]
struct Group {
    kind: &'static str,
    heading: &'static str,
    items: Vec<Item>,
}

#[derive(Serialize)]
struct Item {
    title: Vec<Piece>,
    number: String,
    path: String,
    trail: Vec<String>,
    snippet: Vec<Piece>,
}

/// `GET /search`
pub(crate) async fn show(
    State(app): State<App>,
    query: Result<Query<SearchQuery>, QueryRejection>,
) -> Result<Response> {
    let SearchQuery { q, after } = query.map(|Query(query)| query).unwrap_or_default();
    let q: String = q.trim().chars().take(LONGEST).collect();
    let offset = after.parse().unwrap_or(0).min(MOST - SCREEN) / SCREEN * SCREEN;
    let found = if q.is_empty() { Some(SearchResults::default()) } else { find(&app, &q, offset).await? };
    if let Some(found) = found.as_ref().filter(|_| !q.is_empty() && offset == 0) {
        app.search.terms.note(&q, found.total > 0 && found.fit != Fit::Similar);
    }
    let view = view(&app, &q, offset, found).await?;
    let policy = if q.is_empty() { CachePolicy::Revalidate } else { CachePolicy::NoStore };
    Ok((policy, app.templates.render("site/search.html", &view)?).into_response())
}

async fn find(app: &App, q: &str, offset: usize) -> Result<Option<SearchResults>> {
    let request =
        SearchRequest { text: q.to_owned(), audience: Audience::Public, offset, limit: SCREEN, typing: false };
    app.search.find(app.read(), request).await
}

async fn view<'a>(app: &App, q: &'a str, offset: usize, found: Option<SearchResults>) -> Result<View<'a>> {
    let title = if q.is_empty() { "Search".to_owned() } else { format!("Search: {q}") };
    let ready = found.is_some();
    let found = found.unwrap_or_default();
    let shown = found.hits.len();
    let reachable = found.total.min(MOST);
    let list = List { path: PATH, query: &[("q", q)], order: ListOrder::Ranked, size: SCREEN };
    Ok(View {
        site: site_view::site(app, PATH).await?,
        page: PageHead::unlisted(&title),
        q,
        ready,
        total: found.total,
        first: offset + 1,
        last: offset + shown,
        fit: found.fit,
        meant: found.meant.map(|text| DidYouMean { path: results_path(&text), text }),
        pages: list.paginate_ranked(offset, reachable),
        cut: found.total > MOST && offset + SCREEN >= MOST,
        groups: groups(found.hits),
    })
}

/// Results by kind, the kind of the best one first.
fn groups(hits: Vec<Hit>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for hit in hits {
        let kind = hit.shown.kind;
        let item = Item {
            title: hit.title,
            number: number(&hit.shown.number, &hit.shown.title),
            path: hit.shown.path,
            trail: hit.shown.trail,
            snippet: hit.snippet,
        };
        match groups.iter_mut().find(|group| group.kind == kind.as_str()) {
            Some(group) => group.items.push(item),
            None => groups.push(Group { kind: kind.as_str(), heading: kind.plural(), items: vec![item] }),
        }
    }
    groups
}

/// “Part 1 Part 1” says nothing more than “Part 1”.
fn number(number: &str, title: &str) -> String {
    if number == title { String::new() } else { number.to_owned() }
}

fn results_path(q: &str) -> String {
    format!("{PATH}?{}", serde_html_form::to_string([("q", q)]).unwrap_or_default())
}

/// A suggestion for `static/search.js`.
#[derive(Serialize)]
struct Suggestion {
    title: String,
    number: String,
    path: String,
    kind: &'static str,
}

/// `GET /search/suggest`
pub(crate) async fn suggest(
    State(app): State<App>,
    query: Result<Query<SearchQuery>, QueryRejection>,
) -> Result<Response> {
    let SearchQuery { q, .. } = query.map(|Query(query)| query).unwrap_or_default();
    let request = SearchRequest { text: q, audience: Audience::Public, offset: 0, limit: SUGGESTIONS, typing: true };
    let found = app.search.find(app.read(), request).await?.unwrap_or_default();
    let similar = found.fit == Fit::Similar;
    let suggestions: Vec<Suggestion> = found
        .hits
        .into_iter()
        .map(|hit| Suggestion {
            number: number(&hit.shown.number, &hit.shown.title),
            kind: word(hit.shown.kind, similar),
            title: hit.shown.title,
            path: hit.shown.path,
        })
        .collect();
    Ok(Json(suggestions).into_response())
}

/// The kind of a suggestion, in words; `similar` when nothing has the words as typed.
const fn word(kind: ResultKind, similar: bool) -> &'static str {
    match (kind, similar) {
        (ResultKind::Page | ResultKind::Message, false) => "Page",
        (ResultKind::Clause, false) => "Clause",
        (ResultKind::Question, false) => "Question",
        (ResultKind::Page | ResultKind::Message, true) => "Similar page",
        (ResultKind::Clause, true) => "Similar clause",
        (ResultKind::Question, true) => "Similar question",
    }
}

/// For the test that renders every template.
#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("site/search.html", crate::state::template_samples::view::<View<'static>>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View<'static> { site, page, q, ready, total, first, last, fit, meant, groups, pages, cut }
    DidYouMean { text, path }
    Group { kind, heading, items }
    Item { title, number, path, trail, snippet }
}
