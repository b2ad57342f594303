//! The list of the media library, the newest first.

use axum::{
    extract::{Query, rejection::QueryRejection},
    response::Response,
};
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};

use super::thing_view::{Thumbnail, describe};
use crate::{
    admin::{
        paths::MediaListPath,
        shared::{
            admin_context::{AdminContext, When},
            routes::Routes,
        },
    },
    error::Result,
    model::{
        media::item::{self, MediaFilter, MediaItem, MediaKind},
        policy::Action,
    },
    render::pagination::{CursorQuery, List, ListOrder, Pagination},
    text::clean,
};

const ROWS: usize = 40;
/// Longest search, in characters.
const SEARCH_MAX: usize = 200;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::Edit, index)
}

/// What an address of the list asks for; one that makes no sense asks for nothing.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct MediaQuery {
    q: String,
    /// `picture`, `file`, or empty for both.
    kind: String,
    /// `yes`, `no`, or empty for both.
    used: String,
    before: String,
    after: String,
}

#[derive(Serialize)]
struct ListView {
    q: String,
    kind: &'static str,
    used: &'static str,
    /// Whether anything of that is asked for.
    searching: bool,
    rows: Vec<Row>,
    pages: Pagination,
}

#[derive(Serialize)]
struct Row {
    id: i64,
    title: String,
    path: String,
    about: String,
    labels: String,
    is_used: bool,
    added: When,
    by: String,
    thumbnail: Option<Thumbnail>,
}

async fn index(
    _: MediaListPath,
    admin: AdminContext,
    query: Result<Query<MediaQuery>, QueryRejection>,
) -> Result<Response> {
    let query = query.map(|Query(query)| query).unwrap_or_default();
    let q: String = clean::line(&query.q).chars().take(SEARCH_MAX).collect();
    let kind = MediaKind::parse(&query.kind);
    let used = ["yes", "no"].into_iter().find(|known| *known == query.used).unwrap_or_default();
    let from = CursorQuery { before: query.before, after: query.after }.read();
    let kind_name = kind.map_or("", MediaKind::as_str);
    let asked = [("q", q.as_str()), ("kind", kind_name), ("used", used)];
    let list = List { path: MediaListPath::PATH, query: &asked, order: ListOrder::NewestFirst, size: ROWS };
    let filter = MediaFilter { text: q.clone(), kind, is_used: (!used.is_empty()).then_some(used == "yes") };
    let mut found = item::list(admin.app.read(), &filter, from.unwrap_or_default(), list.limit()).await?;
    let pages = list.paginate(&mut found, from.as_ref(), |item| item.id);
    let searching = asked.iter().any(|(_, value)| !value.is_empty());
    let rows = found.into_iter().map(|item| row(&admin, item)).collect();
    let view = ListView { rows, pages, searching, kind: kind_name, used, q };
    admin.screen("admin/media/index.html", "Media", &view).await
}

fn row(admin: &AdminContext, item: MediaItem) -> Row {
    Row {
        id: item.id,
        about: describe(&item),
        thumbnail: Thumbnail::of(&item),
        is_used: item.is_used,
        added: admin.when(item.created_at),
        by: item.uploader_name,
        title: item.title,
        path: item.path,
        labels: item.labels,
    }
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/media/index.html", crate::admin::shared::admin_context::sample_screen::<ListView>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    ListView { q, kind, used, searching, rows, pages }
    Row { id, title, path, about, labels, is_used, added, by, thumbnail }
}
