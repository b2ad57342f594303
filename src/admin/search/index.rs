//! The screen with what was found: live versions, newer ones and messages, each with a link to the screen where it is edited; what
//! the user has typed and not saved; and what is found by its name, as screens and users are.

use axum::{
    extract::{Query, rejection::QueryRejection},
    response::Response,
};
use axum_extra::routing::TypedPath;
use serde::Serialize;

use super::finding::{self, FoundGroup};
use crate::{
    admin::{
        documents::{
            draft_search::{self, FoundDraft},
            paths,
        },
        paths::{AdminSearchPath, MessagePath},
        shared::{admin_context::AdminContext, routes::Routes},
    },
    error::Result,
    model::{document::record::Document, policy::Action},
    render::search_results::{ResultPage, ResultPageView, SearchQuery},
    search::{index_document::Visibility, query::Audience, request::SearchHit, snippet::Piece},
    text::clean,
};

/// Most characters of a name that are looked for.
const LONGEST: usize = 200;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::UseAdmin, index)
}

#[derive(Serialize)]
struct View {
    #[serde(flatten)]
    results: ResultPageView,
    rows: Vec<Row>,
    /// On the first page, as the groups below are.
    drafts: Vec<FoundDraft>,
    /// What is found by its name.
    groups: Vec<FoundGroup>,
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

pub(crate) async fn index(
    _: AdminSearchPath,
    admin: AdminContext,
    query: Result<Query<SearchQuery>, QueryRejection>,
) -> Result<Response> {
    let page = ResultPage::read(AdminSearchPath::PATH, query);
    let audience = Audience::Admin { messages: admin.may(Action::HandleMessages) };
    let found = page.find(&admin.app, audience).await?;
    let (drafts, groups) = if page.is_first() {
        (draft_search::find(&admin, page.q()).await?, by_name(&admin, page.q()).await?)
    } else {
        (Vec::new(), Vec::new())
    };
    let (results, _, hits) = page.view(found);
    let mut rows = Vec::new();
    for hit in hits {
        rows.push(row(&admin, hit).await?);
    }
    admin.screen("admin/search.html", "Search", &View { results, rows, drafts, groups }).await
}

/// What is found by its name.
async fn by_name(admin: &AdminContext, q: &str) -> Result<Vec<FoundGroup>> {
    let text: String = clean::line(q).chars().take(LONGEST).collect();
    let (media, users) = (finding::media(admin, &text).await?, finding::users(admin, &text).await?);
    let groups = [finding::places(admin, &text), media, users, finding::settings(admin, &text)];
    Ok(groups.into_iter().flatten().collect())
}

async fn row(admin: &AdminContext, hit: SearchHit) -> Result<Row> {
    let path = match hit.document.kind.document_kind() {
        Some(kind) => paths::edit_screen(kind, hit.document.id),
        None => MessagePath { id: hit.document.id }.to_string(),
    };
    let is_message = hit.document.visibility == Visibility::Message;
    let document = if is_message { None } else { Document::find(admin.app.read(), hit.document.id).await? };
    let live = document.as_ref().is_some_and(Document::is_live);
    Ok(Row {
        is_message,
        live,
        changed: live && document.is_some_and(|found| found.published_revision_id != found.latest_revision_id),
        title: hit.title,
        number: hit.document.number,
        kind: hit.document.kind.singular(),
        path,
        trail: hit.document.trail.join(" / "),
        snippet: hit.snippet,
    })
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/search.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { results, rows, drafts, groups }
    Row { title, number, kind, path, trail, snippet, is_message, live, changed }
}
