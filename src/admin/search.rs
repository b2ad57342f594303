//! Search in the admin area: live versions, drafts and messages, each with a link to the screen where it is edited.

use axum::{
    extract::{Query, rejection::QueryRejection},
    response::Response,
};
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};

use super::{
    documents::paths,
    paths::{AdminSearchPath, MessagePath},
    shared::{admin_context::AdminContext, routes::Routes},
};
use crate::{
    error::Result,
    model::{
        document::record::Document,
        policy::{self, Action},
    },
    render::pagination::{List, ListOrder, Pagination},
    search::{
        index_document::Visibility,
        query::Audience,
        request::{Fit, Hit, SearchRequest},
        snippet::Piece,
    },
};

const SCREEN: usize = 20;
const MOST: usize = 200;
/// Longest query, in characters.
const LONGEST: usize = 200;

/// The routes of this noun.
#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::UseAdmin, show)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct AdminSearchQuery {
    q: String,
    after: String,
}

#[derive(Serialize)]
struct View {
    q: String,
    /// Whether the index is ready.
    ready: bool,
    total: usize,
    fit: Fit,
    meant: Option<DidYouMean>,
    rows: Vec<Row>,
    pages: Pagination,
}

#[derive(Serialize)]
struct DidYouMean {
    text: String,
    path: String,
}

#[derive(Serialize)]
struct Row {
    title: Vec<Piece>,
    number: String,
    kind: &'static str,
    path: String,
    trail: String,
    snippet: Vec<Piece>,
    /// Whether it is a message, which is neither live nor a draft.
    is_message: bool,
    live: bool,
    /// Whether there is a newer version than visitors see.
    changed: bool,
}

/// `GET /admin/search`
pub(crate) async fn show(
    _: AdminSearchPath,
    admin: AdminContext,
    query: Result<Query<AdminSearchQuery>, QueryRejection>,
) -> Result<Response> {
    let AdminSearchQuery { q, after } = query.map(|Query(query)| query).unwrap_or_default();
    let q: String = q.trim().chars().take(LONGEST).collect();
    let offset = after.parse().unwrap_or(0).min(MOST - SCREEN) / SCREEN * SCREEN;
    let audience = Audience::Admin { messages: policy::allows(admin.user.role, Action::HandleMessages) };
    let request = SearchRequest { text: q.clone(), audience, offset, limit: SCREEN, typing: false };
    let found = admin.app.search.find(admin.app.read(), request).await?;
    let ready = found.is_some();
    let found = found.unwrap_or_default();
    let mut rows = Vec::new();
    for hit in found.hits {
        rows.push(row(&admin, hit).await?);
    }
    let list = List { path: AdminSearchPath::PATH, query: &[("q", &q)], order: ListOrder::Ranked, size: SCREEN };
    let view = View {
        ready,
        total: found.total,
        fit: found.fit,
        meant: found.meant.map(|text| DidYouMean { path: results_path(&text), text }),
        pages: list.paginate_ranked(offset, found.total.min(MOST)),
        rows,
        q,
    };
    admin.screen("admin/search.html", "Search", &view).await
}

async fn row(admin: &AdminContext, hit: Hit) -> Result<Row> {
    let path = match hit.shown.kind.document_kind() {
        Some(kind) => paths::edit_screen(kind, hit.shown.id),
        None => MessagePath { id: hit.shown.id }.to_string(),
    };
    let is_message = hit.shown.visibility == Visibility::Message;
    let document = if is_message { None } else { Document::find(admin.app.read(), hit.shown.id).await? };
    let live = document.as_ref().is_some_and(Document::is_live);
    Ok(Row {
        is_message,
        live,
        changed: live && document.is_some_and(|found| found.published_revision_id != found.latest_revision_id),
        title: hit.title,
        number: hit.shown.number,
        kind: hit.shown.kind.singular(),
        path,
        trail: hit.shown.trail.join(" / "),
        snippet: hit.snippet,
    })
}

fn results_path(q: &str) -> String {
    format!("{AdminSearchPath}?{}", serde_html_form::to_string([("q", q)]).unwrap_or_default())
}

/// For the test that renders every template.
#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/search.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { q, ready, total, fit, meant, rows, pages }
    DidYouMean { text, path }
    Row { title, number, kind, path, trail, snippet, is_message, live, changed }
}
