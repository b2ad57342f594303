//! Who did what when, for administrators to read.

use axum::{extract::Query, response::Response};
use serde::{Deserialize, Serialize};

use super::{
    groups::{self, Group},
    labels::{self, About},
};
use crate::{
    admin::shared::{
        admin_context::{AdminContext, When},
        pagination::{self, CursorQuery, Pager},
        routes::Routes,
    },
    error::Result,
    model::{
        audit_log::{AuditFilter, RecordedEntry},
        policy::Action,
    },
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

/// An entry in words.
#[derive(Debug, Serialize)]
pub(crate) struct EntryView {
    /// Its number.
    pub id: i64,
    /// When it was.
    pub when: When,
    /// Who did it.
    pub actor: String,
    /// What was done, up to the name of the thing: `moved the page`.
    pub did: String,
    /// The name of the thing; empty where the words say it all.
    pub subject: String,
    /// Whether the name is a title, shown in quotation marks.
    pub is_title: bool,
    /// What was done, after the name: ` to the trash`.
    pub rest: String,
    /// What exactly changed; may be empty.
    pub detail: String,
}

impl EntryView {
    /// The words of an entry, or of several moves.
    pub(crate) fn of_group(admin: &AdminContext, group: Group) -> Self {
        let Group { last, first_id, count } = group;
        let mut view = Self::of(admin, last);
        if count > 1 {
            let moves = format!("the last of {count} moves, entries {first_id} to {}", view.id);
            view.detail = if view.detail.is_empty() { moves } else { format!("{}; {moves}", view.detail) };
        }
        view
    }

    /// The words of an entry.
    pub(crate) fn of(admin: &AdminContext, entry: RecordedEntry) -> Self {
        let (did, rest) = labels::action(&entry.action, about(&entry));
        Self {
            id: entry.id,
            when: admin.when(entry.at),
            actor: entry.actor_name,
            did,
            subject: if rest.is_some() { entry.subject } else { String::new() },
            is_title: ["page", "faq_item", "faq_category"].contains(&entry.subject_kind.as_str()),
            rest: rest.unwrap_or_default(),
            detail: entry.detail,
        }
    }
}

fn about(entry: &RecordedEntry) -> About {
    match entry.subject_id {
        None if entry.action == "user.sign_in_failed" => About::Nobody,
        id if id.is_some() && entry.subject_kind == "user" && id == entry.actor_id => About::Oneself,
        _ => About::Other,
    }
}

/// `GET /admin/audit-log`
pub async fn index(admin: AdminContext, Query(query): Query<AuditLogQuery>) -> Result<Response> {
    let q = query.q.trim().to_owned();
    let cursor = CursorQuery { before: query.before, after: query.after };
    let from = cursor.number();
    let filter = AuditFilter { actions: labels::codes(&q), text: q.clone(), cursor: from.unwrap_or_default() };
    let mut found = groups::list(&admin, filter, SIZE).await?;
    let newest = |group: &Group| group.last.id.to_string();
    let oldest = |group: &Group| group.first_id.to_string();
    let pager = pagination::turn_groups(&mut found, SIZE, from, (LIST, &[("q", &q)]), (newest, oldest));
    let entries = found.into_iter().map(|group| EntryView::of_group(&admin, group)).collect();
    admin.screen("admin/audit_log/list.html", "Audit log", &View { q, entries, pager }).await
}
