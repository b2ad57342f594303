//! `GET /api/v1/documents`: what is public, by path, with the questions behind the pages; the pages with a label alone; or what was
//! published since a time, the earliest first. A page of the list says where the next one is.

use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::StatusCode,
    response::Response,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    answer,
    listed::{Listing, type_name},
};
use crate::{
    clock::Timestamp,
    error::{Error, Result},
    model::{
        document::kind::DocumentKind,
        page::path::HOME,
        public_list::{self, WantedPages},
        recent_change::RecentChange,
    },
    render::site_paths::ApiDocumentsPath,
    state::app_state::App,
    text::listing::join_with_and,
    web::{client::Client, problem::problem},
};

pub(super) const PARAMS: &[&str] = &["path", "type", "label", "changed_since", "after", "limit"];
pub(super) const LIMIT: i64 = 50;
pub(super) const LIMIT_MAX: i64 = 200;
/// What begins the place of an item; no path begins like it.
const QUESTION: &str = "#";
/// When a network that asks too much at once may ask again, in seconds.
const RETRY: u64 = 5;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct DocumentsQuery {
    path: Option<String>,
    r#type: Option<String>,
    label: Option<String>,
    changed_since: Option<String>,
    after: String,
    limit: Option<i64>,
}

pub(crate) async fn index(
    _: ApiDocumentsPath,
    State(app): State<App>,
    client: Client,
    query: Result<Query<DocumentsQuery>, QueryRejection>,
) -> Result<Response> {
    let Ok(Query(query)) = query else { return Ok(problem(StatusCode::BAD_REQUEST, "The query cannot be read.")) };
    let _permit = app.searching.take(client).ok_or(Error::Busy(RETRY))?;
    // Takes up the types as they are under this site version.
    app.nav_cache.site_context(app.read()).await?;
    if let Some(fault) = unknown_type(&app, &query) {
        return Ok(problem(StatusCode::BAD_REQUEST, &fault));
    }
    let limit = query.limit.unwrap_or(LIMIT).clamp(1, LIMIT_MAX);
    let rows = match &query.changed_since {
        Some(since) => match changes(&app, since, &query, limit).await? {
            Some(rows) => rows,
            None => {
                return Ok(problem(StatusCode::BAD_REQUEST, "changed_since is a time such as 2026-11-27T14:05:00Z."));
            }
        },
        None => by_path(&app, &query, limit).await?,
    };
    let next =
        usize::try_from(limit).is_ok_and(|limit| rows.len() == limit).then(|| next(&query, &rows, limit)).flatten();
    let listing = Listing::new(&app);
    let wanted = |change: &&RecentChange| query.changed_since.is_none() || fits(&query, change);
    let documents: Vec<Value> = rows.iter().filter(wanted).filter_map(|change| listing.row(change)).collect();
    let next = next.map(|next| format!("{}{next}", app.config.origin()));
    Ok(answer(&json!({ "site_version": app.pages.site_version(), "documents": documents, "next": next }), PARAMS))
}

fn is_wanted(query: &DocumentsQuery, kind: &str) -> bool {
    query.r#type.as_deref().is_none_or(|wanted| wanted == kind || !is_kind(wanted))
}

/// Whether it names a kind of document rather than a type that an administrator made.
fn is_kind(name: &str) -> bool {
    [DocumentKind::Page, DocumentKind::FaqItem].into_iter().any(|kind| type_name(kind) == name)
}

/// The type that an administrator made and the query names; empty for none.
fn own_type(query: &DocumentsQuery) -> &str {
    query.r#type.as_deref().filter(|name| !is_kind(name)).unwrap_or_default()
}

/// The pages that the query names by a label; none when it names no label.
fn with_label(query: &DocumentsQuery) -> Option<WantedPages<'_>> {
    let label = query.label.as_deref().filter(|label| !label.trim().is_empty())?;
    Some(WantedPages { label: label.trim(), document_type: own_type(query) })
}

/// What to say of a type that there is not.
fn unknown_type(app: &App, query: &DocumentsQuery) -> Option<String> {
    let (types, wanted) = (app.rules.fields.types(), query.r#type.as_deref()?);
    if is_kind(wanted) || types.get(wanted).is_some() {
        return None;
    }
    let kinds = DocumentKind::ALL.map(type_name).into_iter().chain(types.all().map(|one| one.key.as_str()));
    let known: Vec<String> = kinds.map(ToOwned::to_owned).collect();
    Some(format!("There is no type “{wanted}”; the types are {}.", join_with_and(&known)))
}

/// Whether a change is of what is asked for.
fn fits(query: &DocumentsQuery, change: &RecentChange) -> bool {
    let above = query.path.as_deref().unwrap_or(HOME).trim_end_matches('/');
    match &change.path {
        Some(path) => {
            is_wanted(query, "page")
                && path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        }
        None => is_wanted(query, "question") && query.path.is_none() && with_label(query).is_none(),
    }
}

/// The pages at and below a path, then the items of the whole site, after the place that the query names.
async fn by_path(app: &App, query: &DocumentsQuery, limit: i64) -> Result<Vec<RecentChange>> {
    let (db, after, key) = (app.read(), query.after.as_str(), own_type(query));
    let mut rows = Vec::new();
    if let Some(wanted) = with_label(query) {
        if !is_wanted(query, "page") {
            return Ok(rows);
        }
        let above = query.path.as_deref().unwrap_or(HOME);
        return public_list::labelled_below(db, (above, after), wanted, limit).await;
    }
    if is_wanted(query, "page") && !after.starts_with(QUESTION) {
        let above = query.path.as_deref().unwrap_or(HOME);
        if above != HOME && after < above {
            let at = public_list::page_at(db, above).await?;
            rows.extend(at.filter(|page| key.is_empty() || page.document_type == key));
        }
        rows.extend(public_list::pages_below(db, (above, after), key, limit).await?);
        rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    }
    let left = limit - i64::try_from(rows.len()).unwrap_or(limit);
    if left > 0 && query.path.is_none() && is_wanted(query, "question") {
        let after = after.strip_prefix(QUESTION).and_then(|id| id.parse().ok()).unwrap_or_default();
        rows.extend(public_list::items(db, after, key, left).await?);
    }
    Ok(rows)
}

/// What was published since; none when that is no time. The place in such a list is the time and the number of a publication.
async fn changes(app: &App, since: &str, query: &DocumentsQuery, limit: i64) -> Result<Option<Vec<RecentChange>>> {
    let place = query.after.split_once('-').and_then(|(at, id)| Some((Timestamp(at.parse().ok()?), id.parse().ok()?)));
    let Ok(since) = since.parse::<jiff::Timestamp>() else { return Ok(None) };
    let (since, after) = place.unwrap_or((Timestamp(since.as_millisecond()), 0));
    if let Some(wanted) = with_label(query) {
        return public_list::labelled_changes(app.read(), (since, after), wanted, limit).await.map(Some);
    }
    public_list::changes(app.read(), (since, after), own_type(query), limit).await.map(Some)
}

/// The path and query of the next page.
fn next(query: &DocumentsQuery, rows: &[RecentChange], limit: i64) -> Option<String> {
    let last = rows.last()?;
    let place = match (&query.changed_since, &last.path) {
        (Some(_), _) => format!("{}-{}", last.published_at.0, last.publication_id),
        (None, Some(path)) => path.clone(),
        (None, None) => format!("{QUESTION}{}", last.document_id),
    };
    let limit = limit.to_string();
    let named = [
        ("path", &query.path),
        ("type", &query.r#type),
        ("label", &query.label),
        ("changed_since", &query.changed_since),
    ];
    let named = named.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?)));
    let pairs: Vec<_> = named.chain([("limit", limit.as_str()), ("after", &place)]).collect();
    Some(format!("{ApiDocumentsPath}?{}", serde_html_form::to_string(pairs).ok()?))
}
