//! What a dialog offers to choose from, and what became of files that a script has sent: as JSON.

use axum::{
    Json,
    extract::{Query, rejection::QueryRejection},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};

use super::thing_view::describe;
use crate::{
    admin::{
        paths::{MediaChoicesPath, MediaThingPath},
        shared::{admin_context::AdminContext, routes::Routes},
    },
    error::Result,
    model::{
        cursor::Cursor,
        media::item::{self, MediaFilter, MediaItem, MediaKind},
        policy::Action,
    },
    text::{clean, media_path},
};

/// How many are offered.
const OFFERED: i64 = 24;
/// Longest search, in characters.
const SEARCH_MAX: usize = 200;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::Edit, index)
}

/// A thing, as scripts take it.
#[derive(Debug, Serialize)]
pub(super) struct MediaChoice {
    /// The path of its screen.
    screen: String,
    path: String,
    title: String,
    kind: &'static str,
    about: String,
    focus: String,
    /// The address of its smallest picture.
    small: String,
}

impl MediaChoice {
    pub(super) fn of(item: MediaItem) -> Self {
        Self {
            screen: MediaThingPath { id: item.id }.to_string(),
            about: describe(&item),
            small: media_path::of_content(&item.path, &item.small_hash),
            kind: item.kind.as_str(),
            path: item.path,
            title: item.title,
            focus: item.focus,
        }
    }
}

/// What a script is told.
#[derive(Debug, Default, Serialize)]
pub(super) struct MediaChoiceReply {
    pub(super) things: Vec<MediaChoice>,
    /// A sentence for each file that was not taken.
    pub(super) refused: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct MediaChoiceQuery {
    q: String,
    kind: String,
}

async fn index(
    _: MediaChoicesPath,
    admin: AdminContext,
    query: Result<Query<MediaChoiceQuery>, QueryRejection>,
) -> Result<Response> {
    let query = query.map(|Query(query)| query).unwrap_or_default();
    let text = clean::line(&query.q).chars().take(SEARCH_MAX).collect();
    let filter = MediaFilter { text, kind: MediaKind::parse(&query.kind), is_used: None };
    let found = item::list(admin.app.read(), &filter, Cursor::default(), OFFERED).await?;
    let things = found.into_iter().map(MediaChoice::of).collect();
    Ok(Json(MediaChoiceReply { things, ..MediaChoiceReply::default() }).into_response())
}
