//! What users have to know about the deletion of messages: what will be deleted when, and what holds it up.

use axum_extra::routing::TypedPath;
use serde::Serialize;

use super::admin_context::AdminContext;
use crate::{
    admin::paths::MessageRetentionPath,
    clock::DAY,
    error::Result,
    model::{
        message::retention::{self, DueMessages, Pause, RetentionState},
        policy::Action,
        running_time::{self, MachineClock},
    },
    text::count::{self, pluralise},
};

/// The screen with the details, where a pause can be ended.
pub(crate) const PATH: &str = MessageRetentionPath::PATH;
const HOUR: i64 = DAY / 24;

/// For `templates/admin/messages/retention_notices.html`.
#[derive(Debug, Serialize)]
pub(crate) struct Notice {
    title: &'static str,
    text: String,
    warning: bool,
    /// The screen with the details; empty if the user may not see it.
    pub(crate) path: &'static str,
}

/// What there is to know at this moment.
pub(crate) struct RetentionOverview {
    pub(crate) retention: RetentionState,
    /// How long the program has run in all, in milliseconds.
    pub(crate) running_time: i64,
    pub(crate) clock: MachineClock,
    pub(crate) due: DueMessages,
    pub(crate) pause: Option<Pause>,
}

/// What there is to know.
pub(crate) async fn overview(admin: &AdminContext) -> Result<RetentionOverview> {
    let db = admin.app.read();
    let now = admin.app.now();
    let due = match retention::limit(now, admin.settings.retention_months, &admin.zone()) {
        Some(limit) => retention::due(db, limit).await?,
        None => DueMessages::default(),
    };
    let clock = running_time::judge(db, now).await?;
    let retention = retention::load(db).await?;
    let pause = retention.pause(db, clock, due.total()).await?;
    Ok(RetentionOverview { retention, running_time: running_time::get(db).await?, clock, due, pause })
}

/// What users have to know about the deletion of messages.
pub(crate) async fn notices(admin: &AdminContext) -> Result<Vec<Notice>> {
    let overview = overview(admin).await?;
    let marked = retention::count_marked(admin.app.read()).await?;
    let path = if admin.may(Action::DisposeOfMessages) { PATH } else { "" };
    let mut notices = Vec::new();
    if let Some(text) = describe_pause(admin, &overview) {
        notices.push(Notice { title: "Deletion of old messages is paused", text, warning: true, path });
    } else if overview.due.total() > 0 {
        let wait = describe_remaining(overview.retention.waits_until.saturating_sub(overview.running_time));
        let text = format!(
            "Older than {}: {}. They will be marked for deletion {wait}, and deleted 3 days after that. A longer time \
             in the settings keeps them.",
            months(admin),
            overview.due.sentence()
        );
        notices.push(Notice { title: "Messages are going to be deleted", text, warning: true, path });
    }
    if marked.count > 0 {
        let wait = describe_remaining(marked.first_at.unwrap_or_default().saturating_sub(overview.running_time));
        let is = if marked.count == 1 { "message is" } else { "messages are" };
        let text = format!(
            "{} {is} marked for deletion. The first will be deleted {wait}. A longer time in the settings keeps them.",
            count::number(marked.count)
        );
        notices.push(Notice { title: "Old messages will be deleted", text, warning: false, path });
    }
    Ok(notices)
}

/// How long messages are kept, in words.
#[must_use]
pub(crate) fn months(admin: &AdminContext) -> String {
    pluralise(admin.settings.retention_months, "month", "months")
}

fn describe_pause(admin: &AdminContext, overview: &RetentionOverview) -> Option<String> {
    Some(match (overview.pause?, overview.clock) {
        (Pause::Clock, MachineClock::Implausible(seen)) => format!(
            "The server’s clock says {}, but the latest plausible time was {}. Nothing is deleted until the clock is \
             right again or an administrator confirms it.",
            admin.app.now().long(&admin.zone()),
            seen.long(&admin.zone())
        ),
        _ => format!(
            "An unusual number of messages is older than {}: {}. Nothing is marked for deletion until an administrator \
             confirms it.",
            months(admin),
            overview.due.sentence()
        ),
    })
}

/// Running time in words; it passes only while the program runs, so it is never exact.
fn describe_remaining(milliseconds: i64) -> String {
    match milliseconds {
        ..=0 => "within minutes".to_owned(),
        1..HOUR => "within the hour".to_owned(),
        HOUR..DAY => format!("in about {}", pluralise(milliseconds / HOUR + 1, "hour", "hours")),
        _ => format!("in about {}", pluralise((milliseconds + DAY / 2) / DAY, "day", "days")),
    }
}

/// When a marked message will be deleted, in words.
pub(crate) async fn until(admin: &AdminContext, delete_after: Option<i64>) -> Result<Option<String>> {
    let Some(delete_after) = delete_after else { return Ok(None) };
    Ok(Some(describe_remaining(delete_after.saturating_sub(running_time::get(admin.app.read()).await?))))
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    Notice { title, text, warning, path }
}
