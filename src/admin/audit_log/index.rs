//! Who did what when, for administrators to read.

use axum::{extract::Query, response::Response};
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};

use crate::{
    admin::{
        paths::AuditLogPath,
        shared::{admin_context::AdminContext, audit_entry::EntryView, audit_groups, audit_labels, routes::Routes},
    },
    error::Result,
    model::{audit_log::AuditFilter, policy::Action},
    render::pagination::{CursorQuery, List, ListOrder, Pagination},
};

const LIST: &str = AuditLogPath::PATH;
const ROWS: usize = 50;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::ReadAuditLog, index)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct AuditLogQuery {
    q: String,
    before: String,
    after: String,
}

#[derive(Serialize)]
struct View {
    q: String,
    entries: Vec<EntryView>,
    pages: Pagination,
}

pub(crate) async fn index(
    _: AuditLogPath,
    admin: AdminContext,
    Query(query): Query<AuditLogQuery>,
) -> Result<Response> {
    let q = query.q.trim().to_owned();
    let cursor = CursorQuery { before: query.before, after: query.after };
    let from = cursor.read();
    let filter = AuditFilter { actions: audit_labels::codes(&q), text: q.clone(), cursor: from.unwrap_or_default() };
    let mut found = audit_groups::list(&admin, filter, ROWS).await?;
    let list = List { path: LIST, query: &[("q", &q)], order: ListOrder::NewestFirst, size: ROWS };
    let pages = list.paginate_groups(&mut found, from.as_ref(), |group| group.last.id, |group| group.first_id);
    let entries = found.into_iter().map(|group| EntryView::of_group(&admin, group)).collect();
    admin.screen("admin/audit_log/index.html", "Audit log", &View { q, entries, pages }).await
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/audit_log/index.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { q, entries, pages }
}
