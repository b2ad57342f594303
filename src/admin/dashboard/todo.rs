//! The to-do list: what waits for the user, what is due, and what is broken. Each entry is a function that counts one thing;
//! to add one, write it and name it in [`find`].

use axum_extra::routing::TypedPath;
use jiff::ToSpan;
use serde::Serialize;

use crate::{
    admin::{
        paths::{
            BackupPath, CalendarPath, CommentsPath, DeadLinksPath, MailPath, MessagesPath, ReviewsPath,
            UnpublishedPath, WebhooksPath,
        },
        shared::{admin_context::AdminContext, dead_links},
    },
    clock::{DAY, Timestamp},
    error::Result,
    model::{
        backup_state::{BackupOutcome, BackupTrial},
        comment_list,
        document::{open_draft, overview, owner::OwnedBy, review},
        mail::list,
        message::inbox,
        policy::Action,
        schedule,
        webhook::queue,
    },
    render::site_paths::ReadinessPath,
    text::count::number,
};

/// What is scheduled is listed this long before its time, and what failed this long after it.
const SCHEDULED_WITHIN: i64 = 7 * DAY;
const FAILED_WITHIN: i64 = 30 * DAY;
/// After this long without a backup, that is said.
const BACKUP_OLD: i64 = 7 * DAY;

/// A line with a link; left out when it counts nothing.
#[derive(Debug, Serialize)]
pub(super) struct Entry {
    #[serde(skip)]
    group: Group,
    #[serde(skip)]
    is_empty: bool,
    /// Empty for a line that is a sentence.
    count: String,
    /// What is counted: `messages assigned to you`.
    text: String,
    path: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Group {
    Waiting,
    Due,
    Broken,
}

impl Entry {
    fn new(group: Group, count: i64, one: &str, many: &str, path: impl Into<String>) -> Self {
        let text = if count == 1 { one } else { many }.to_owned();
        Self { group, is_empty: count == 0, count: number(count), text, path: path.into() }
    }

    /// A line that counts nothing; left out without a text.
    fn sentence(group: Group, text: Option<String>, path: &str) -> Self {
        let is_empty = text.is_none();
        Self { group, is_empty, count: String::new(), text: text.unwrap_or_default(), path: path.to_owned() }
    }
}

/// The lines of each group; a group may be empty.
#[derive(Debug, Serialize)]
pub(super) struct Todo {
    waiting: Vec<Entry>,
    due: Vec<Entry>,
    broken: Vec<Entry>,
}

pub(super) async fn find(admin: &AdminContext, last_backup: Option<Timestamp>) -> Result<Todo> {
    let mut todo = Todo { waiting: Vec::new(), due: Vec::new(), broken: Vec::new() };
    let found = [
        count_messages(admin).await?,
        vec![count_drafts(admin).await?],
        count_unpublished(admin).await?,
        vec![count_mentions(admin).await?],
        count_reviews(admin).await?,
        count_schedules(admin).await?,
        vec![count_dead_links(admin).await?],
        count_mails(admin).await?,
        count_webhooks(admin).await?,
        vec![check_readiness(admin)],
        vec![check_backup(admin, last_backup)],
        check_backup_outcomes(admin).await?,
    ];
    for entry in found.into_iter().flatten().filter(|entry| !entry.is_empty) {
        match entry.group {
            Group::Waiting => todo.waiting.push(entry),
            Group::Due => todo.due.push(entry),
            Group::Broken => todo.broken.push(entry),
        }
    }
    Ok(todo)
}

async fn count_messages(admin: &AdminContext) -> Result<Vec<Entry>> {
    if !admin.may(Action::HandleMessages) {
        return Ok(Vec::new());
    }
    let waiting = inbox::count_waiting(admin.app.read(), admin.user.id).await?;
    let entry = |count, one, many, assigned| {
        Entry::new(Group::Waiting, count, one, many, format!("{MessagesPath}?assigned={assigned}"))
    };
    Ok(vec![
        entry(waiting.own, "message assigned to you", "messages assigned to you", "me"),
        entry(waiting.unassigned, "message assigned to nobody", "messages assigned to nobody", "nobody"),
    ])
}

/// What the user typed and has not saved.
async fn count_drafts(admin: &AdminContext) -> Result<Entry> {
    let count = open_draft::count_open(admin.app.read(), admin.user.id).await?;
    let many = "texts that you typed and did not save";
    Ok(Entry::new(Group::Waiting, count, "text that you typed and did not save", many, list_path("drafts")))
}

async fn count_unpublished(admin: &AdminContext) -> Result<Vec<Entry>> {
    let unpublished = overview::count_unpublished(admin.app.read(), admin.user.id).await?;
    Ok(vec![
        Entry::new(
            Group::Waiting,
            unpublished.own,
            "page or question with changes of yours that are not published",
            "pages and questions with changes of yours that are not published",
            list_path("mine"),
        ),
        Entry::new(
            Group::Waiting,
            unpublished.total - unpublished.own,
            "page or question with changes of others that are not published",
            "pages and questions with changes of others that are not published",
            list_path("others"),
        ),
    ])
}

fn list_path(show: &str) -> String {
    format!("{UnpublishedPath}?show={show}")
}

/// Comments that mention the user, until the thread is resolved or they have answered.
async fn count_mentions(admin: &AdminContext) -> Result<Entry> {
    let count = comment_list::count_waiting(admin.app.read(), admin.user.id).await?;
    Ok(Entry::new(Group::Waiting, count, "comment that mentions you", "comments that mention you", CommentsPath::PATH))
}

/// What is to be looked at again.
async fn count_reviews(admin: &AdminContext) -> Result<Vec<Entry>> {
    let today = admin.today();
    let until = today.saturating_add(review::AHEAD.days());
    let mine = OwnedBy::me(&admin.user.actor());
    let counts = review::count_due(admin.app.read(), today, until, mine).await?;
    let entry = |count, one, many| Entry::new(Group::Due, count, one, many, ReviewsPath::PATH);
    Ok(vec![
        Entry::new(
            Group::Waiting,
            counts.owned,
            "page or question of yours overdue for review",
            "pages and questions of yours overdue for review",
            format!("{ReviewsPath}?owner=me"),
        ),
        entry(counts.overdue, "page or question overdue for review", "pages and questions overdue for review"),
        entry(
            counts.due - counts.overdue,
            "page or question due for review within 30 days",
            "pages and questions due for review within 30 days",
        ),
    ])
}

async fn count_schedules(admin: &AdminContext) -> Result<Vec<Entry>> {
    let now = admin.app.now();
    let coming = schedule::count_upcoming(admin.app.read(), now.plus(SCHEDULED_WITHIN)).await?;
    let failed = schedule::count_failures(admin.app.read(), now.minus(FAILED_WITHIN)).await?;
    Ok(vec![
        Entry::new(
            Group::Due,
            coming,
            "scheduled change within 7 days",
            "scheduled changes within 7 days",
            CalendarPath::PATH,
        ),
        Entry::new(
            Group::Broken,
            failed,
            "scheduled change that was not carried out",
            "scheduled changes that were not carried out",
            format!("{CalendarPath}#_failures"),
        ),
    ])
}

/// Links of live texts that lead nowhere.
async fn count_dead_links(admin: &AdminContext) -> Result<Entry> {
    let count = dead_links::count(admin).await?;
    let many = "links on live pages that lead nowhere";
    Ok(Entry::new(Group::Broken, count, "link on a live page that leads nowhere", many, DeadLinksPath::PATH))
}

/// E-mails that were given up.
async fn count_mails(admin: &AdminContext) -> Result<Vec<Entry>> {
    if !admin.may(Action::ChangeSettings) {
        return Ok(Vec::new());
    }
    let count = list::count_failed(admin.app.read()).await?;
    let many = "e-mails that could not be sent";
    Ok(vec![Entry::new(Group::Broken, count, "e-mail that could not be sent", many, MailPath::PATH)])
}

/// What other programs were not told, and will not be.
async fn count_webhooks(admin: &AdminContext) -> Result<Vec<Entry>> {
    if !admin.may(Action::ManageWebhooks) {
        return Ok(Vec::new());
    }
    let count = queue::count_failed(admin.app.read()).await?;
    let many = "deliveries of webhooks that failed";
    Ok(vec![Entry::new(Group::Broken, count, "delivery of a webhook that failed", many, WebhooksPath::PATH)])
}

/// What was wrong when it was last checked whether the site can read and write.
fn check_readiness(admin: &AdminContext) -> Entry {
    let fault = admin.app.readiness.state.borrow().ended.and_then(|(_, fault)| fault);
    let text = fault.map(|fault| format!("The site does not work as it should: {fault}."));
    Entry::sentence(Group::Broken, text, ReadinessPath::PATH)
}

/// Backups that the program was told of have stopped.
fn check_backup(admin: &AdminContext, last: Option<Timestamp>) -> Entry {
    let now = admin.app.now();
    let old = last.filter(|at| *at < now.minus(BACKUP_OLD));
    let text = old.map(|at| format!("The last backup was made {}.", at.relative(now)));
    Entry::sentence(Group::Broken, text, BackupPath::PATH)
}

/// What was tried by itself and failed.
async fn check_backup_outcomes(admin: &AdminContext) -> Result<Vec<Entry>> {
    if !admin.may(Action::ChangeSettings) {
        return Ok(Vec::new());
    }
    let mut entries = Vec::new();
    for (of, sentence) in [
        (BackupTrial::Backup, "The backup that was due failed."),
        (BackupTrial::Drill, "The last restore drill failed."),
        (BackupTrial::Key, "The last restore drill with a key failed."),
        (BackupTrial::Upload, "The last backup is not in the bucket yet."),
    ] {
        let failed = BackupOutcome::load(admin.app.read(), of).await?.filter(|last| !last.fault.is_empty());
        entries.push(Entry::sentence(Group::Broken, failed.map(|_| sentence.to_owned()), BackupPath::PATH));
    }
    Ok(entries)
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    Todo { waiting, due, broken }
}

#[cfg(test)]
impl crate::state::template_samples::Sample for Entry {
    fn sample(random: &mut crate::state::template_samples::Random) -> Self {
        use crate::state::template_samples::Sample;
        let [count, text, path] = std::array::from_fn(|_| Sample::sample(random));
        Self { group: Group::Due, is_empty: false, count, text, path }
    }
}
