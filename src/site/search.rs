//! Search for visitors: the page of results, which needs no script, and the suggestions for its small script.

use axum::{
    Json,
    extract::{Query, State, rejection::QueryRejection},
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use serde::Serialize;

use crate::{
    error::{Error, Result},
    render::{
        search_results::{ResultPage, ResultPageView, SearchQuery},
        site_paths::{SearchPath, SuggestPath},
        site_view::{self, PageHead, SiteView},
    },
    search::{
        answer::Answer,
        index_document::ResultKind,
        query::Audience,
        request::{Fit, SearchHit, SearchRequest},
        snippet::Piece,
    },
    state::app_state::App,
    web::{cache_policy::CachePolicy, client::Client},
};

const SUGGESTIONS: usize = 8;

#[derive(Serialize)]
struct View {
    site: SiteView,
    page: PageHead,
    #[serde(flatten)]
    results: ResultPageView,
    answer: Option<AnswerView>,
    items: Vec<Item>,
}

/// What answers by itself.
#[derive(Serialize)]
struct AnswerView {
    kind: &'static str,
    title: String,
    number: String,
    path: String,
    text: String,
}

#[derive(Serialize)]
struct Item {
    kind: &'static str,
    title: Vec<Piece>,
    number: String,
    path: String,
    trail: Vec<String>,
    snippet: Vec<Piece>,
}

/// When a network that asks too much at once may ask again, in seconds.
const RETRY: u64 = 5;

pub(crate) async fn index(
    _: SearchPath,
    State(app): State<App>,
    client: Client,
    query: Result<Query<SearchQuery>, QueryRejection>,
) -> Result<Response> {
    let _permit = app.searching.take(client).ok_or(Error::Busy(RETRY))?;
    let page = ResultPage::read(SearchPath::PATH, query);
    let found = page.find(&app, Audience::Public).await?;
    let q = page.q().to_owned();
    if let Some(found) = found.as_ref().filter(|_| !q.is_empty() && page.is_first()) {
        app.search.terms.note(&q, found.total > 0 && found.fit != Fit::Similar);
    }
    let title = if q.is_empty() { "Search".to_owned() } else { format!("Search: {q}") };
    let (results, answer, hits) = page.view(found);
    let answer = answer.map(answer_view);
    let (site, items) = (site_view::site(&app, SearchPath::PATH).await?, hits.into_iter().map(item).collect());
    let view = View { site, page: PageHead::unlisted(&title), results, answer, items };
    let policy = if q.is_empty() { CachePolicy::Revalidate } else { CachePolicy::NoStore };
    Ok((policy, app.templates.render("site/search.html", &view)?).into_response())
}

fn answer_view(Answer { document, text }: Answer) -> AnswerView {
    AnswerView {
        kind: document.kind.singular(),
        number: number(&document.number, &document.title),
        title: document.title,
        path: document.path,
        text,
    }
}

fn item(hit: SearchHit) -> Item {
    Item {
        kind: hit.document.kind.singular(),
        number: number(&hit.document.number, &hit.document.title),
        title: hit.title,
        path: hit.document.path,
        trail: hit.document.trail,
        snippet: hit.snippet,
    }
}

/// “Part 1 Part 1” says nothing more than “Part 1”.
fn number(number: &str, title: &str) -> String {
    if number == title { String::new() } else { number.to_owned() }
}

/// A suggestion for `static/search.js`.
#[derive(Serialize)]
struct Suggestion {
    title: String,
    number: String,
    path: String,
    kind: String,
}

pub(crate) async fn suggest(
    _: SuggestPath,
    State(app): State<App>,
    client: Client,
    query: Result<Query<SearchQuery>, QueryRejection>,
) -> Result<Response> {
    let _permit = app.searching.take(client).ok_or(Error::Busy(RETRY))?;
    let SearchQuery { q, .. } = query.map(|Query(query)| query).unwrap_or_default();
    let request =
        SearchRequest { text: q, audience: Audience::Public, offset: 0, limit: SUGGESTIONS, typing: true, kind: None };
    let found = app.search.find(app.read(), request).await?.unwrap_or_default();
    let similar = found.fit == Fit::Similar;
    let suggestions: Vec<Suggestion> = found
        .hits
        .into_iter()
        .map(|hit| Suggestion {
            number: number(&hit.document.number, &hit.document.title),
            kind: word(hit.document.kind, similar),
            title: hit.document.title,
            path: hit.document.path,
        })
        .collect();
    Ok(Json(suggestions).into_response())
}

/// The kind of a suggestion, in words; `similar` when nothing has the words as typed.
fn word(kind: ResultKind, similar: bool) -> String {
    let word = kind.singular();
    if similar { format!("Similar {}", word.to_lowercase()) } else { word.to_owned() }
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("site/search.html", crate::state::template_samples::view::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { site, page, results, answer, items }
    AnswerView { kind, title, number, path, text }
    Item { kind, title, number, path, trail, snippet }
}
