//! What is not public yet: saved versions that were not published, and what the user typed and did not save.

use axum::{extract::Query, response::Response};
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};

use super::{
    documents::paths,
    paths::UnpublishedPath,
    shared::{
        admin_context::{AdminContext, When},
        routes::Routes,
    },
};
use crate::{
    clock::Timestamp,
    error::Result,
    model::{
        cursor::Cursor,
        document::{
            open_draft::{self, OpenDraft},
            overview::{self, Unpublished, WhoseChanges},
        },
        policy::Action,
    },
    render::pagination::{CursorQuery, List, ListOrder, Pagination},
};

const ROWS: usize = 50;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::Edit, index)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct UnpublishedQuery {
    show: String,
    before: String,
    after: String,
}

#[derive(Serialize)]
struct View {
    are_drafts: bool,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    pages: Pagination,
}

#[derive(Serialize)]
struct Tab {
    label: &'static str,
    path: String,
    current: bool,
}

#[derive(Serialize)]
struct Row {
    /// Empty while it has none.
    title: String,
    kind: &'static str,
    path: String,
    live: bool,
    /// Whether visitors see an older version.
    changed: bool,
    saved: When,
    author: String,
}

/// Names in the address, and labels; the first is shown when none is asked for.
const TABS: [(&str, &str); 3] =
    [("mine", "Changed by me"), ("others", "Changed by others"), ("drafts", "Typed, not saved")];

async fn index(_: UnpublishedPath, admin: AdminContext, Query(query): Query<UnpublishedQuery>) -> Result<Response> {
    let show = TABS.into_iter().map(|(name, _)| name).find(|name| *name == query.show).unwrap_or(TABS[0].0);
    let cursor = CursorQuery { before: query.before, after: query.after };
    let are_drafts = show == "drafts";
    let (rows, pages) =
        if are_drafts { drafts(&admin, show, &cursor).await? } else { versions(&admin, show, &cursor).await? };
    let tab = |(name, label): (&'static str, &'static str)| Tab {
        label,
        path: format!("{UnpublishedPath}?show={name}"),
        current: name == show,
    };
    let view = View { are_drafts, tabs: TABS.into_iter().map(tab).collect(), rows, pages };
    admin.screen("admin/unpublished.html", "Not published", &view).await
}

const fn list<'a>(query: &'a [(&'a str, &'a str)]) -> List<'a> {
    List { path: UnpublishedPath::PATH, query, order: ListOrder::NewestFirst, size: ROWS }
}

async fn versions(admin: &AdminContext, show: &str, cursor: &CursorQuery) -> Result<(Vec<Row>, Pagination)> {
    let from = cursor.read();
    let query = [("show", show)];
    let list = list(&query);
    let whose = if show == "mine" { WhoseChanges::Of(admin.user.id) } else { WhoseChanges::NotOf(admin.user.id) };
    let start = from.unwrap_or(Cursor::Before((Timestamp(i64::MAX), 0)));
    let mut found = overview::list_unpublished(admin.app.read(), whose, start, list.limit()).await?;
    let pages = list.paginate(&mut found, from.as_ref(), |row| (row.created_at, row.id));
    let row = |found: Unpublished| Row {
        kind: found.kind.noun(),
        path: paths::edit_screen(found.kind, found.id),
        title: found.title,
        live: found.live,
        changed: found.live,
        saved: admin.when(found.created_at),
        author: found.author_name,
    };
    Ok((found.into_iter().map(row).collect(), pages))
}

async fn drafts(admin: &AdminContext, show: &str, cursor: &CursorQuery) -> Result<(Vec<Row>, Pagination)> {
    let from = cursor.read();
    let query = [("show", show)];
    let list = list(&query);
    let start = from.clone().unwrap_or(Cursor::Before((Timestamp(i64::MAX), String::new())));
    let mut found = open_draft::list_open(admin.app.read(), admin.user.id, start, list.limit()).await?;
    let pages = list.paginate(&mut found, from.as_ref(), |row| (row.draft.saved_at, row.draft.key.clone()));
    let row = |OpenDraft { draft, kind, live }: OpenDraft| Row {
        kind: kind.noun(),
        path: match draft.document_id {
            Some(id) => paths::edit_screen(kind, id),
            None => paths::new_from_draft(kind, &draft.key),
        },
        title: draft.title().to_owned(),
        live,
        changed: live,
        saved: admin.when(draft.saved_at),
        author: String::new(),
    };
    Ok((found.into_iter().map(row).collect(), pages))
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/unpublished.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { are_drafts, tabs, rows, pages }
    Tab { label, path, current }
    Row { title, kind, path, live, changed, saved, author }
}
