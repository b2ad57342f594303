//! The append-only, hash-chained record of who did what when. Written by `Write::commit` alone; the database
//! refuses to change or delete an entry.

use std::fmt::Write as _;

use super::{actor::Actor, turn::Turn};
use crate::{
    db::{conn::Conn, transaction::Transaction},
    error::Result,
    text::{time::Timestamp, token},
};

/// What to put down; time and actor come from the change it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Noun and verb, for example `page.publish`.
    pub action: &'static str,
    /// The kind of thing: `page`, `faq_item`, `message`, `person`, `settings`, …
    pub subject_kind: &'static str,
    /// Its id, if it has one.
    pub subject_id: Option<i64>,
    /// Its name at the time.
    pub subject: String,
    /// What exactly changed, in a short sentence; never personal data of visitors.
    pub detail: String,
}

impl Entry {
    /// An entry without detail.
    pub fn new(
        action: &'static str,
        subject_kind: &'static str,
        subject_id: Option<i64>,
        subject: impl Into<String>,
    ) -> Self {
        Self { action, subject_kind, subject_id, subject: subject.into(), detail: String::new() }
    }

    /// The same with a sentence of detail.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }
}

/// An entry as it stands.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Recorded {
    /// Its place in the chain; grows.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// Who, by id.
    pub actor_id: Option<i64>,
    /// Who, by name.
    pub actor_name: String,
    /// See [`Entry::action`].
    pub action: String,
    /// See [`Entry::subject_kind`].
    pub subject_kind: String,
    /// See [`Entry::subject_id`].
    pub subject_id: Option<i64>,
    /// See [`Entry::subject`].
    pub subject: String,
    /// See [`Entry::detail`].
    pub detail: String,
    previous_hash: String,
    hash: String,
}

impl Recorded {
    fn computed_hash(&self) -> String {
        // Every value is written with its length before it, so that no two entries have the same text.
        let mut text = String::new();
        for value in [
            &self.previous_hash,
            &self.at.0.to_string(),
            &self.actor_id.map_or_else(String::new, |id| id.to_string()),
            &self.actor_name,
            &self.action,
            &self.subject_kind,
            &self.subject_id.map_or_else(String::new, |id| id.to_string()),
            &self.subject,
            &self.detail,
        ] {
            let _ = writeln!(text, "{}:{value}", value.len());
        }
        token::hash(&text)
    }
}

pub(super) async fn append(tx: &Transaction, at: Timestamp, actor: &Actor, entry: Entry) -> Result<()> {
    let last: Option<(String,)> = tx.optional("select hash from journal order by id desc limit 1", ()).await?;
    let mut row = Recorded {
        id: 0,
        at,
        actor_id: actor.id,
        actor_name: actor.name.clone(),
        action: entry.action.to_owned(),
        subject_kind: entry.subject_kind.to_owned(),
        subject_id: entry.subject_id,
        subject: entry.subject,
        detail: entry.detail,
        previous_hash: last.map_or_else(String::new, |(hash,)| hash),
        hash: String::new(),
    };
    row.hash = row.computed_hash();
    tx.execute(
        "insert into journal (at, actor_id, actor_name, action, subject_kind, subject_id, subject, detail, \
         previous_hash, hash) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        (
            row.at,
            row.actor_id,
            row.actor_name,
            row.action,
            row.subject_kind,
            row.subject_id,
            row.subject,
            row.detail,
            row.previous_hash,
            row.hash,
        ),
    )
    .await?;
    Ok(())
}

/// What to look for in the journal.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Part of the actor's name, the action, the subject or the detail; empty for everything.
    pub text: String,
    /// Actions that fit as well, because the words they are shown in contain the text.
    pub actions: Vec<&'static str>,
    /// From where on.
    pub turn: Turn,
}

/// At most `limit` entries, the newest first.
pub async fn list(db: &Conn, filter: &Filter, limit: i64) -> Result<Vec<Recorded>> {
    let pattern = super::document::like(&filter.text);
    // One text for any number of actions: none of them has a comma in it.
    let actions = format!(",{},", filter.actions.join(","));
    match filter.turn {
        Turn::Before(before) => Ok(db
            .all(
                "select * from journal where id < $1 and (lower(actor_name) like $2 escape '\\' \
                 or lower(action) like $2 escape '\\' or lower(subject) like $2 escape '\\' \
                 or lower(detail) like $2 escape '\\' or $3 like '%,' || action || ',%') order by id desc limit $4",
                (before, pattern, actions, limit),
            )
            .await?),
        Turn::After(after) => {
            let mut entries: Vec<Recorded> = db
                .all(
                    "select * from journal where id > $1 and (lower(actor_name) like $2 escape '\\' \
                     or lower(action) like $2 escape '\\' or lower(subject) like $2 escape '\\' \
                     or lower(detail) like $2 escape '\\' or $3 like '%,' || action || ',%') order by id limit $4",
                    (after, pattern, actions, limit),
                )
                .await?;
            entries.reverse();
            Ok(entries)
        }
    }
}

/// How many entries there are.
pub async fn size(db: &Conn) -> Result<i64> {
    Ok(db.value("select count(*) from journal", ()).await?)
}

/// What people changed of documents, the newest first, for the dashboard; an import is one entry, not hundreds.
pub async fn recent_changes(db: &Conn, limit: i64) -> Result<Vec<Recorded>> {
    Ok(db
        .all(
            "select * from journal where action = 'site.import' or (actor_id is not null \
             and subject_kind in ('page', 'faq_item', 'faq_category')) order by id desc limit $1",
            (limit,),
        )
        .await?)
}

/// Goes through the whole chain; gives the id of the first entry that does not fit, if there is one.
pub async fn verify(db: &Conn) -> Result<Option<i64>> {
    let mut previous = String::new();
    let mut last = 0;
    loop {
        let entries: Vec<Recorded> =
            db.all("select * from journal where id > $1 order by id limit 1000", (last,)).await?;
        let Some(end) = entries.last() else { return Ok(None) };
        last = end.id;
        for entry in &entries {
            if entry.previous_hash != previous || entry.hash != entry.computed_hash() {
                return Ok(Some(entry.id));
            }
            previous.clone_from(&entry.hash);
        }
    }
}
