//! Who did what when, for administrators to read.

use axum::{extract::Query, response::Response};
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};

use crate::{
    admin::{
        paths::{AuditLogPath, UndoPath},
        shared::{
            admin_context::AdminContext,
            audit_entry::{EntryUndo, EntryView},
            audit_groups, audit_labels,
            routes::Routes,
        },
    },
    error::Result,
    model::{audit_log::AuditFilter, policy::Action, undo::noted},
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
    let mut entries: Vec<_> = found.into_iter().map(|group| EntryView::of_group(&admin, group)).collect();
    offer_undo(&admin, &mut entries).await?;
    admin.screen("admin/audit_log/index.html", "Audit log", &View { q, entries, pages }).await
}

/// Says where a change can be undone, to users who may do that.
async fn offer_undo(admin: &AdminContext, entries: &mut [EntryView]) -> Result<()> {
    let (Some(newest), Some(oldest)) = (entries.first(), entries.last()) else { return Ok(()) };
    if !admin.may(Action::Publish) {
        return Ok(());
    }
    let changes = noted::of_entries(admin.app.read(), oldest.id, newest.id).await?;
    for entry in entries {
        let change = changes.iter().find(|change| change.last_entry == entry.id);
        entry.undo = change.map(|change| EntryUndo {
            path: UndoPath { id: change.id }.to_string(),
            entries: change.last_entry - change.first_entry + 1,
        });
    }
    Ok(())
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/audit_log/index.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { q, entries, pages }
}
