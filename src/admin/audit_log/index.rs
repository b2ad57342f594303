//! Who did what when, for administrators to read.

use axum::{extract::Query, response::Response};
use serde::{Deserialize, Serialize};

use crate::{
    admin::shared::{
        admin_context::AdminContext,
        audit_entry::EntryView,
        audit_groups::{self, Group},
        audit_labels::{self},
        pagination::{self, CursorQuery, Pager},
        routes::Routes,
    },
    error::Result,
    model::{audit_log::AuditFilter, policy::Action},
};

const LIST: &str = "/admin/audit-log";
/// Lines on one page.
const SIZE: usize = 50;

/// The routes of this noun.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes.get(LIST, Action::ReadAuditLog, index)
}

/// What the list may be asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct AuditLogQuery {
    q: String,
    before: String,
    after: String,
}

#[derive(Serialize)]
struct View {
    q: String,
    entries: Vec<EntryView>,
    pager: Pager,
}

/// `GET /admin/audit-log`
pub async fn index(admin: AdminContext, Query(query): Query<AuditLogQuery>) -> Result<Response> {
    let q = query.q.trim().to_owned();
    let cursor = CursorQuery { before: query.before, after: query.after };
    let from = cursor.number();
    let filter = AuditFilter { actions: audit_labels::codes(&q), text: q.clone(), cursor: from.unwrap_or_default() };
    let mut found = audit_groups::list(&admin, filter, SIZE).await?;
    let newest = |group: &Group| group.last.id.to_string();
    let oldest = |group: &Group| group.first_id.to_string();
    let pager = pagination::turn_groups(&mut found, SIZE, from, (LIST, &[("q", &q)]), (newest, oldest));
    let entries = found.into_iter().map(|group| EntryView::of_group(&admin, group)).collect();
    admin.screen("admin/audit_log/list.html", "Audit log", &View { q, entries, pager }).await
}
