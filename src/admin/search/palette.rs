//! What the palette of `static/admin/palette.js` offers, as JSON: what fits what is typed, by kind; or, while nothing is typed,
//! what the user was at last, and every screen and action.

use axum::{
    Json,
    extract::{Query, rejection::QueryRejection},
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};

use super::{
    finding::{self, FoundEntry, FoundGroup, SHOWN, list},
    places, recent,
};
use crate::{
    admin::{
        documents::paths,
        paths::{AdminSearchPath, MessagePath, MessagesPath, PalettePath},
        shared::{
            admin_context::AdminContext,
            document_kinds::{KINDS, KindScreens},
            routes::Routes,
        },
    },
    error::Result,
    model::policy::Action,
    search::{
        query::Audience,
        request::{SearchHit, SearchRequest},
    },
    text::clean,
};

/// Most characters that are looked for.
const LONGEST: usize = 200;
/// So many of the best documents are sorted by their kinds.
const LOOKED_AT: usize = 60;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::UseAdmin, index)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PaletteQuery {
    q: String,
    /// The paths that the user was at, with commas between them; the last one first.
    recent: String,
}

#[derive(Debug, Serialize)]
struct PaletteReply {
    groups: Vec<FoundGroup>,
}

async fn index(
    _: PalettePath,
    admin: AdminContext,
    query: Result<Query<PaletteQuery>, QueryRejection>,
) -> Result<Response> {
    let query = query.map(|Query(query)| query).unwrap_or_default();
    let q: String = clean::line(&query.q).chars().take(LONGEST).collect();
    let groups = if q.is_empty() { untyped(&admin, &query.recent).await? } else { typed(&admin, &q).await? };
    Ok(Json(PaletteReply { groups: groups.into_iter().flatten().collect() }).into_response())
}

async fn untyped(admin: &AdminContext, recent: &str) -> Result<Vec<Option<FoundGroup>>> {
    let recent = recent::find(admin, recent).await?;
    let all = places::all(admin).into_iter().map(FoundEntry::of_place).collect();
    Ok(vec![FoundGroup::of("Recently opened", recent, None), FoundGroup::of("Screens and actions", all, None)])
}

async fn typed(admin: &AdminContext, q: &str) -> Result<Vec<Option<FoundGroup>>> {
    let mut groups = vec![finding::places(admin, q)];
    if admin.may(Action::Edit) {
        groups.extend(documents(admin, q).await?);
    }
    if admin.may(Action::HandleMessages) {
        groups.push(messages(admin, q).await?);
    }
    groups.extend([finding::media(admin, q).await?, finding::users(admin, q).await?, finding::settings(admin, q)]);
    Ok(groups)
}

/// What the index finds; nothing while there is none.
async fn ask(admin: &AdminContext, q: &str, audience: Audience, limit: usize) -> Result<Vec<SearchHit>> {
    let request = SearchRequest { text: q.to_owned(), audience, offset: 0, limit, typing: true, kind: None };
    Ok(admin.app.search.find(admin.app.read(), request).await?.unwrap_or_default().hits)
}

/// Documents of each kind.
async fn documents(admin: &AdminContext, q: &str) -> Result<Vec<Option<FoundGroup>>> {
    let hits = ask(admin, q, Audience::Admin { messages: false }, LOOKED_AT).await?;
    let group = |kind: &KindScreens| {
        let own = hits.iter().filter(|hit| hit.document.kind.document_kind() == Some(kind.kind));
        let entry = |hit: &SearchHit| FoundEntry {
            path: paths::edit_screen(kind.kind, hit.document.id),
            title: hit.document.title.clone(),
            number: hit.document.number.clone(),
            about: hit.document.trail.join(" / "),
            is_button: false,
        };
        FoundGroup::of(kind.list_label, own.map(entry).collect(), Some(list(AdminSearchPath::PATH, q)))
    };
    Ok(KINDS.iter().map(group).collect())
}

async fn messages(admin: &AdminContext, q: &str) -> Result<Option<FoundGroup>> {
    let hits = ask(admin, q, Audience::Messages, SHOWN + 1).await?;
    let entry = |hit: SearchHit| FoundEntry {
        path: MessagePath { id: hit.document.id }.to_string(),
        title: hit.document.title,
        about: [hit.document.trail.join(" / "), hit.document.number].join(", "),
        ..FoundEntry::default()
    };
    let all = format!("{}&folder=all", list(MessagesPath::PATH, q));
    Ok(FoundGroup::of("Messages", hits.into_iter().map(entry).collect(), Some(all)))
}
