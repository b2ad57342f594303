//! The first screen of the admin area: what there is to do, and what was done last.

use axum::response::Response;
use serde::Serialize;

use super::{
    opening::{self, OpeningView},
    search_terms::{self, SearchTerms},
    todo::{self, Todo},
};
use crate::{
    admin::{
        documents::paths,
        paths::DashboardPath,
        shared::{
            admin_context::AdminContext,
            audit_entry::EntryView,
            audit_groups::group_entries,
            retention_notices::{self, Notice},
            routes::Routes,
        },
    },
    error::Result,
    model::{
        audit_log::{self, RecordedEntry},
        document::{kind::DocumentKind, record::Document},
        opening::OpeningState,
        policy::Action,
    },
};

const ROWS: usize = 10;
/// Entries of the audit log that the lines about changes are made of.
const LOOKED_AT: i64 = 200;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::UseAdmin, show)
}

#[derive(Serialize)]
struct View {
    /// None once a new site is ready for visitors, and for users who cannot do anything about that.
    opening: Option<OpeningView>,
    todo: Todo,
    /// What of the messages will be deleted, or what holds deletion up.
    notices: Vec<Notice>,
    changes: Vec<Change>,
    searched: SearchTerms,
}

#[derive(Serialize)]
struct Change {
    #[serde(flatten)]
    entry: EntryView,
    /// Path of the screen that edits it; empty when it cannot be edited any more.
    path: String,
}

pub(crate) async fn show(_: DashboardPath, admin: AdminContext) -> Result<Response> {
    let mut changes = Vec::new();
    for group in group_entries(audit_log::recent_changes(admin.app.read(), LOOKED_AT).await?).into_iter().take(ROWS) {
        let path = subject_path(&admin, &group.last).await?;
        changes.push(Change { entry: EntryView::of_group(&admin, group), path });
    }
    let opening = opening::load(&admin).await?;
    let notices =
        if admin.may(Action::HandleMessages) { retention_notices::notices(&admin).await? } else { Vec::new() };
    let view = View {
        todo: todo::find(&admin, opening.as_ref().and_then(OpeningState::last_backup)).await?,
        opening: match &opening {
            Some(state) => opening::find(&admin, state).await?,
            None => None,
        },
        notices,
        changes,
        searched: search_terms::terms(&admin.app).await?,
    };
    admin.screen("admin/dashboard/index.html", "Dashboard", &view).await
}

async fn subject_path(admin: &AdminContext, entry: &RecordedEntry) -> Result<String> {
    let (Some(kind), Some(id)) = (DocumentKind::from_name(&entry.subject_kind), entry.subject_id) else {
        return Ok(String::new());
    };
    let document = Document::find(admin.app.read(), id).await?;
    let editable = document.is_some_and(|document| document.trashed_at.is_none());
    Ok(if editable { paths::edit_screen(kind, id) } else { String::new() })
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/dashboard/index.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { opening, todo, notices, changes, searched }
    Change { entry, path }
}
