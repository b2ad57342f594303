//! The first screen of the admin area: what there is to do.

use axum::response::Response;
use axum_extra::routing::TypedPath;
use jiff::{ToSpan, civil::Date};
use serde::Serialize;

use super::search_terms::{self, SearchTerms};
use crate::{
    admin::{
        documents::paths,
        paths::{DashboardPath, MessagesPath},
        shared::{
            admin_context::{AdminContext, When},
            audit_entry::EntryView,
            audit_groups::group_entries,
            retention_notices::{self, Notice},
            routes::Routes,
        },
    },
    clock::long_date,
    error::Result,
    model::{
        audit_log::{self, RecordedEntry},
        document::{
            kind::DocumentKind,
            overview::{self, DueReview, Unpublished},
            record::Document,
        },
        message,
        policy::Action,
    },
};

const ROWS: usize = 10;
/// Entries of the audit log that the lines about changes are made of.
const LOOKED_AT: i64 = 200;
/// A review is shown this many days before it is due.
const AHEAD: i64 = 30;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::UseAdmin, show)
}

#[derive(Serialize)]
struct View {
    /// None for a user who does not handle messages.
    messages: Option<Messages>,
    drafts: List<Draft>,
    reviews: List<Review>,
    changes: Vec<Change>,
    searched: SearchTerms,
}

#[derive(Serialize)]
struct Messages {
    unread: i64,
    path: &'static str,
    /// What will be deleted, or what holds deletion up.
    notices: Vec<Notice>,
}

/// The first lines of a list, and whether there are more.
#[derive(Serialize)]
struct List<T> {
    rows: Vec<T>,
    more: bool,
}

#[derive(Serialize)]
struct Draft {
    title: String,
    kind: &'static str,
    path: String,
    version: i64,
    author: String,
    saved: When,
    live: bool,
}

#[derive(Serialize)]
struct Review {
    title: String,
    kind: &'static str,
    path: String,
    owner: String,
    day: String,
    day_iso: String,
    overdue: bool,
}

#[derive(Serialize)]
struct Change {
    #[serde(flatten)]
    entry: EntryView,
    /// Path of the screen that edits it; empty when it cannot be edited any more.
    path: String,
}

pub(crate) async fn show(_: DashboardPath, admin: AdminContext) -> Result<Response> {
    let db = admin.app.read();
    let messages = if admin.may(Action::HandleMessages) {
        let notices = retention_notices::notices(&admin).await?;
        Some(Messages { unread: message::inbox::unread(db).await?, path: MessagesPath::PATH, notices })
    } else {
        None
    };
    let today = admin.app.now().date(&admin.zone());
    let until = today.saturating_add(AHEAD.days());
    let asked = i64::try_from(ROWS).unwrap_or(i64::MAX - 1) + 1;
    let drafts = overview::list_unpublished(db, asked).await?;
    let reviews = overview::due_for_review(db, &until.to_string(), asked).await?;
    let mut changes = Vec::new();
    for group in group_entries(audit_log::recent_changes(db, LOOKED_AT).await?).into_iter().take(ROWS) {
        let path = subject_path(&admin, &group.last).await?;
        changes.push(Change { entry: EntryView::of_group(&admin, group), path });
    }
    let view = View {
        messages,
        drafts: list(drafts, |draft| draft_view(&admin, draft)),
        reviews: list(reviews, |due| review_view(due, today)),
        changes,
        searched: search_terms::terms(&admin.app).await?,
    };
    admin.screen("admin/dashboard.html", "Dashboard", &view).await
}

fn list<T, V>(mut found: Vec<T>, view: impl Fn(T) -> V) -> List<V> {
    let more = found.len() > ROWS;
    found.truncate(ROWS);
    List { rows: found.into_iter().map(view).collect(), more }
}

fn draft_view(admin: &AdminContext, draft: Unpublished) -> Draft {
    Draft {
        kind: draft.kind.noun(),
        path: paths::edit_screen(draft.kind, draft.id),
        title: draft.title,
        version: draft.version,
        author: draft.author_name,
        saved: admin.when(draft.created_at),
        live: draft.live,
    }
}

fn review_view(due: DueReview, today: Date) -> Review {
    let day = due.review_by.parse::<Date>().ok();
    Review {
        kind: due.kind.noun(),
        path: paths::edit_screen(due.kind, due.id),
        title: due.title,
        owner: due.owner,
        day: day.map_or_else(|| due.review_by.clone(), long_date),
        overdue: day.is_some_and(|day| day < today),
        day_iso: due.review_by,
    }
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
    &[("admin/dashboard.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { messages, drafts, reviews, changes, searched }
    Messages { unread, path, notices }
    Draft { title, kind, path, version, author, saved, live }
    Review { title, kind, path, owner, day, day_iso, overdue }
    Change { entry, path }
}

#[cfg(test)]
impl<T: crate::state::template_samples::Sample> crate::state::template_samples::Sample for List<T> {
    fn sample(random: &mut crate::state::template_samples::Random) -> Self {
        let (rows, more) = crate::state::template_samples::Sample::sample(random);
        Self { rows, more }
    }
}
