//! What is in the trash, the last deletion first.

use axum::{extract::Query, response::Response};
use axum_extra::routing::TypedPath;
use serde::Serialize;

use crate::{
    admin::{
        documents::paths,
        paths::TrashPath,
        shared::{
            admin_context::{AdminContext, When},
            routes::Routes,
        },
    },
    clock::Timestamp,
    error::Result,
    model::{
        cursor::Cursor,
        policy::Action,
        trash::{self, Trashed},
    },
    render::pagination::{CursorQuery, List, ListOrder, Pagination},
};

const ROWS: usize = 50;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::Edit, index)
}

#[derive(Serialize)]
struct View {
    rows: Vec<Row>,
    pages: Pagination,
}

#[derive(Serialize)]
struct Row {
    id: i64,
    title: String,
    kind: &'static str,
    when: When,
    /// How many pages below it went along.
    along: i64,
    versions: String,
}

async fn index(_: TrashPath, admin: AdminContext, Query(cursor): Query<CursorQuery>) -> Result<Response> {
    let from = cursor.read();
    let list = List { path: TrashPath::PATH, query: &[], order: ListOrder::NewestFirst, size: ROWS };
    let start = from.unwrap_or(Cursor::Before((Timestamp(i64::MAX), 0)));
    let mut found = trash::list(admin.app.read(), start, list.limit()).await?;
    let pages = list.paginate(&mut found, from.as_ref(), |trashed| (trashed.at, trashed.id));
    let row = |trashed: Trashed| Row {
        id: trashed.id,
        kind: trashed.kind.noun(),
        when: admin.when(trashed.at),
        along: trashed.along,
        versions: paths::revisions(trashed.id),
        title: trashed.title,
    };
    let view = View { rows: found.into_iter().map(row).collect(), pages };
    admin.screen("admin/trash/index.html", "Trash", &view).await
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/trash/index.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { rows, pages }
    Row { id, title, kind, when, along, versions }
}
