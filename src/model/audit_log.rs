//! The append-only, hash-chained record of who did what when. Written by `Write::commit` alone; the database
//! refuses to change or delete an entry.

use std::{fmt, str::FromStr};

use super::{
    actor::Actor,
    cursor::Cursor,
    stored_content::{self, StoredContent},
};
use crate::{
    clock::Timestamp,
    db::{conn::Conn, like, transaction::Transaction},
    error::Result,
    text::fold::fold,
};

/// An entry to be recorded; time and actor come from the change it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Noun and verb, for example `page.publish`.
    pub(crate) action: &'static str,
    /// The kind of thing: `page`, `faq_item`, `message`, `user`, `settings`, …
    pub(crate) subject_kind: &'static str,
    pub(crate) subject_id: Option<i64>,
    pub(crate) subject: String,
    /// What exactly changed, in a short sentence; never personal data of visitors.
    pub(crate) detail: String,
    /// What was stored with it; filled in by `Write`.
    pub(super) contents: Vec<StoredContent>,
}

impl AuditEntry {
    pub fn new(
        action: &'static str,
        subject_kind: &'static str,
        subject_id: Option<i64>,
        subject: impl Into<String>,
    ) -> Self {
        Self { action, subject_kind, subject_id, subject: subject.into(), detail: String::new(), contents: Vec::new() }
    }

    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct RecordedEntry {
    /// Its place in the chain; grows.
    pub id: i64,
    pub at: Timestamp,
    pub actor_id: Option<i64>,
    pub actor_name: String,
    pub action: String,
    pub subject_kind: String,
    pub subject_id: Option<i64>,
    pub subject: String,
    pub detail: String,
    contents: String,
    previous_hash: String,
    hash: String,
}

impl RecordedEntry {
    fn computed_hash(&self) -> String {
        stored_content::hash(&[
            &self.previous_hash,
            &self.at.0.to_string(),
            &self.actor_id.map_or_else(String::new, |id| id.to_string()),
            &self.actor_name,
            &self.action,
            &self.subject_kind,
            &self.subject_id.map_or_else(String::new, |id| id.to_string()),
            &self.subject,
            &self.detail,
            &self.contents,
        ])
    }

    fn search_text(&self) -> String {
        fold(&[self.actor_name.as_str(), &self.action, &self.subject, &self.detail].join("\n"))
    }

    /// Whether it is unchanged and follows an entry with this hash.
    pub(super) fn follows(&self, previous: &str) -> bool {
        self.previous_hash == previous && self.hash == self.computed_hash()
    }

    pub(super) fn hash(&self) -> &str {
        &self.hash
    }

    pub(super) fn contents(&self) -> Vec<StoredContent> {
        stored_content::from_lines(&self.contents)
    }
}

/// The newest entry at some time: number and hash. Noted elsewhere, it proves later that nothing up to it was changed.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct AuditHead {
    pub id: i64,
    pub hash: String,
}

impl fmt::Display for AuditHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.id, self.hash)
    }
}

impl FromStr for AuditHead {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fault = "a head of the audit log is a number, a colon and 64 hexadecimal digits";
        let (id, hash) = text.trim().split_once(':').ok_or(fault)?;
        let (id, hash) = (id.trim().parse().map_err(|_| fault)?, hash.trim().to_lowercase());
        let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_hash { Ok(Self { id, hash }) } else { Err(fault) }
    }
}

pub async fn head(db: &Conn) -> Result<Option<AuditHead>> {
    Ok(db.optional("select id, hash from audit_log order by id desc limit 1", ()).await?)
}

/// The hash of the oldest entry: no two sites have the same.
pub(crate) async fn first_hash(db: &Conn) -> Result<Option<String>> {
    let row: Option<(String,)> =
        db.optional("select hash from audit_log where id > $1 order by id limit 1", (0,)).await?;
    Ok(row.map(|(hash,)| hash))
}

/// The hash of an entry, if there is one with this number.
pub async fn hash_of(db: &Conn, id: i64) -> Result<Option<String>> {
    let row: Option<(String,)> = db.optional("select hash from audit_log where id = $1", (id,)).await?;
    Ok(row.map(|(hash,)| hash))
}

/// At most `limit` entries after `id`, in order.
pub async fn list_after(db: &Conn, id: i64, limit: i64) -> Result<Vec<RecordedEntry>> {
    Ok(db.all("select * from audit_log where id > $1 order by id limit $2", (id, limit)).await?)
}

/// Gives the number of the entry before the new ones, 0 when there was none.
pub(super) async fn append(tx: &Transaction, at: Timestamp, actor: &Actor, entries: Vec<AuditEntry>) -> Result<i64> {
    let (before, mut previous) = head(tx).await?.map_or_else(Default::default, |head| (head.id, head.hash));
    for entry in entries {
        previous = append_after(tx, (at, actor), entry, previous).await?;
    }
    Ok(before)
}

/// Gives the hash of the entry, which the next one names.
async fn append_after(
    tx: &Transaction,
    (at, actor): (Timestamp, &Actor),
    entry: AuditEntry,
    previous_hash: String,
) -> Result<String> {
    let mut row = RecordedEntry {
        id: 0,
        at,
        actor_id: actor.id,
        actor_name: actor.name.clone(),
        action: entry.action.to_owned(),
        subject_kind: entry.subject_kind.to_owned(),
        subject_id: entry.subject_id,
        subject: entry.subject,
        detail: entry.detail,
        contents: stored_content::to_lines(&entry.contents),
        previous_hash,
        hash: String::new(),
    };
    row.hash = row.computed_hash();
    let search_text = row.search_text();
    tx.execute(
        "insert into audit_log (at, actor_id, actor_name, action, subject_kind, subject_id, subject, detail, \
         contents, previous_hash, hash, search_text) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        (
            row.at,
            row.actor_id,
            row.actor_name,
            row.action,
            row.subject_kind,
            row.subject_id,
            row.subject,
            row.detail,
            row.contents,
            row.previous_hash,
            row.hash.as_str(),
            search_text,
        ),
    )
    .await?;
    Ok(row.hash)
}

/// What to look for in the audit log.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    /// Part of the actor's name, the action, the subject or the detail; empty for everything.
    pub text: String,
    /// Actions that fit as well, because the words they are shown in contain the text.
    pub actions: Vec<&'static str>,
    pub cursor: Cursor,
}

/// At most `limit` entries, the newest first.
pub async fn list(db: &Conn, filter: &AuditFilter, limit: i64) -> Result<Vec<RecordedEntry>> {
    let pattern = like::containing(&filter.text);
    // One parameter for any number of actions: none of them has a comma in it.
    let actions = format!(",{},", filter.actions.join(","));
    match filter.cursor {
        Cursor::Before(before) => Ok(db
            .all(
                "select * from audit_log where id < $1 and (search_text like $2 escape '\\' \
                 or $3 like '%,' || action || ',%') order by id desc limit $4",
                (before, pattern, actions, limit),
            )
            .await?),
        Cursor::After(after) => {
            let mut entries: Vec<RecordedEntry> = db
                .all(
                    "select * from audit_log where id > $1 and (search_text like $2 escape '\\' \
                     or $3 like '%,' || action || ',%') order by id limit $4",
                    (after, pattern, actions, limit),
                )
                .await?;
            entries.reverse();
            Ok(entries)
        }
    }
}

/// What entries are about: the kind of thing, and its id.
pub(crate) type AuditSubject = (String, Option<i64>);

/// What the entries after `after` up to `last` are about; those of one actor or of all.
pub(crate) async fn subjects(db: &Conn, after: i64, last: i64, actor_id: Option<i64>) -> Result<Vec<AuditSubject>> {
    Ok(db
        .all(
            "select distinct subject_kind, subject_id from audit_log where id > $1 and id <= $2 \
             and (actor_id = $3 or $4)",
            (after, last, actor_id, actor_id.is_none()),
        )
        .await?)
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct LoggedChange {
    pub(crate) at: Timestamp,
    pub(crate) actor_id: Option<i64>,
    pub(crate) actor_name: String,
    pub(crate) detail: String,
}

/// The newest changes of one thing by this action, the newest first.
pub(crate) async fn changes(db: &Conn, action: &str, subject_id: Option<i64>, limit: i64) -> Result<Vec<LoggedChange>> {
    Ok(db
        .all(
            "select at, actor_id, actor_name, detail from audit_log where action = $1 and coalesce(subject_id, 0) = $2 \
             order by id desc limit $3",
            (action, subject_id.unwrap_or(0), limit),
        )
        .await?)
}

/// The first entries about a message after the entry `after`, in order.
pub(crate) async fn of_message(db: &Conn, id: i64, after: i64, limit: i64) -> Result<Vec<RecordedEntry>> {
    Ok(db
        .all(
            "select * from audit_log where subject_kind = 'message' and subject_id = $1 and id > $2 order by id limit $3",
            (id, after, limit),
        )
        .await?)
}

/// Users' changes to documents and categories, the newest first, for the dashboard; an import is one entry, not
/// hundreds.
pub(crate) async fn recent_changes(db: &Conn, limit: i64) -> Result<Vec<RecordedEntry>> {
    Ok(db.all("select * from content_change order by id desc limit $1", (limit,)).await?)
}
