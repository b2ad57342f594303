//! `GET /api/v1/search?q=`: what the search of the site finds, in its order.

use axum::{
    extract::{Query, State, rejection::QueryRejection},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::{
    error::{Error, Result},
    render::{
        search_results::{ResultPage, SearchQuery},
        site_paths::ApiSearchPath,
    },
    search::{query::Audience, request::SearchHit},
    state::app_state::App,
    web::{cache_policy::CachePolicy, client::Client},
};

/// When a network that asks too much at once may ask again, in seconds.
const RETRY: u64 = 5;

pub(crate) async fn index(
    path: ApiSearchPath,
    State(app): State<App>,
    client: Client,
    query: Result<Query<SearchQuery>, QueryRejection>,
) -> Result<Response> {
    let _permit = app.searching.take(client).ok_or(Error::Busy(RETRY))?;
    let page = ResultPage::read(<ApiSearchPath as axum_extra::routing::TypedPath>::PATH, query);
    // Nothing is found without words, rather than refused: the page cache asks without a query first.
    let Some(found) = page.find(&app, Audience::Public).await? else { return Err(Error::Busy(RETRY)) };
    let origin = app.config.origin();
    let results: Vec<Value> = found.hits.iter().map(|hit| result(hit, &origin)).collect();
    let value = json!({ "q": page.q(), "total": found.total, "results": results, "next": page.next(found.total).map(|next| format!("{origin}{path}?{next}")) });
    let headers = [(axum::http::header::CONTENT_TYPE, "application/json")];
    Ok((CachePolicy::NoStore, headers, value.to_string()).into_response())
}

fn result(hit: &SearchHit, origin: &str) -> Value {
    let snippet: String = hit.snippet.iter().map(|piece| piece.text.as_str()).collect();
    json!({
        "kind": hit.document.kind.as_str(),
        "title": hit.document.title,
        "number": hit.document.number,
        "path": hit.document.path,
        "url": format!("{origin}{}", hit.document.path),
        "trail": hit.document.trail,
        "snippet": snippet,
    })
}
