//! What will be published or unpublished at a time that a user decided on. A schedule names the revision, so what is saved
//! afterwards does not become public with it. Publishing itself is in `publishing`.

use super::{
    actor::{Actor, Role},
    checks,
    cursor::Cursor,
    document::{
        kind::{DocumentAction, DocumentKind},
        record::Document,
        revision::{self, Revision},
    },
    publishing,
    write::Write,
};
use crate::{
    clock::{DAY, Timestamp},
    db::conn::Conn,
    error::{Error, Result, ValidationErrors},
};

/// How many schedules of one document may be still to come.
const MOST: i64 = 20;
/// How far ahead a time may be, in milliseconds: about a century.
const FURTHEST: i64 = 100 * 365 * DAY;

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Schedule {
    pub id: i64,
    pub document_id: i64,
    pub revision_id: Option<i64>,
    /// The version that is published; none when the document is unpublished.
    pub version: Option<i64>,
    pub due_at: Timestamp,
    pub created_by: Option<i64>,
    pub creator_name: String,
    /// When it was carried out, cancelled or given up; none while it is still to come.
    pub ended_at: Option<Timestamp>,
    /// Why it was not carried out; empty otherwise.
    pub outcome: String,
}

/// A schedule with what it is about, for a list.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct ScheduledDocument {
    #[sqlx(flatten)]
    pub(crate) schedule: Schedule,
    pub(crate) kind: DocumentKind,
    /// The title of the version that is published, otherwise of the newest one.
    pub(crate) title: String,
}

/// Those of a document that are still to come, the next first.
pub async fn upcoming(db: &Conn, document_id: i64) -> Result<Vec<Schedule>> {
    Ok(db
        .all(
            "select s.*, r.version from schedule s left join revision r on r.id = s.revision_id \
             where s.document_id = $1 and s.ended_at is null order by s.due_at",
            (document_id,),
        )
        .await?)
}

/// Those of all documents, the next first. The cursor is the time and the id of one.
pub(crate) async fn calendar(
    db: &Conn,
    cursor: Cursor<(Timestamp, i64)>,
    limit: i64,
) -> Result<Vec<ScheduledDocument>> {
    match cursor {
        Cursor::After((time, id)) => Ok(db
            .all(
                "select s.*, r.version, d.kind, coalesce(r.title, n.title) as title from schedule s \
                 join document d on d.id = s.document_id join revision n on n.id = d.latest_revision_id \
                 left join revision r on r.id = s.revision_id \
                 where s.ended_at is null and (s.due_at, s.id) > ($1, $2) order by s.due_at, s.id limit $3",
                (time, id, limit),
            )
            .await?),
        Cursor::Before((time, id)) => {
            let mut found: Vec<ScheduledDocument> = db
                .all(
                    "select s.*, r.version, d.kind, coalesce(r.title, n.title) as title from schedule s \
                     join document d on d.id = s.document_id join revision n on n.id = d.latest_revision_id \
                     left join revision r on r.id = s.revision_id \
                     where s.ended_at is null and (s.due_at, s.id) < ($1, $2) \
                     order by s.due_at desc, s.id desc limit $3",
                    (time, id, limit),
                )
                .await?;
            found.reverse();
            Ok(found)
        }
    }
}

/// Those that could not be carried out, the newest first.
pub(crate) async fn failures(db: &Conn, since: Timestamp, limit: i64) -> Result<Vec<ScheduledDocument>> {
    Ok(db
        .all(
            "select s.*, r.version, d.kind, coalesce(r.title, n.title) as title from schedule s \
             join document d on d.id = s.document_id join revision n on n.id = d.latest_revision_id \
             left join revision r on r.id = s.revision_id \
             where s.outcome <> '' and s.ended_at > $1 order by s.ended_at desc limit $2",
            (since, limit),
        )
        .await?)
}

/// How many are to come until a time.
pub(crate) async fn count_upcoming(db: &Conn, until: Timestamp) -> Result<i64> {
    Ok(db.value("select count(*) from schedule where ended_at is null and due_at <= $1", (until,)).await?)
}

/// How many could not be carried out since a time.
pub(crate) async fn count_failures(db: &Conn, since: Timestamp) -> Result<i64> {
    Ok(db.value("select count(*) from schedule where outcome <> '' and ended_at > $1", (since,)).await?)
}

pub(crate) async fn next_due(db: &Conn) -> Result<Option<Timestamp>> {
    let sql = "select due_at from schedule where ended_at is null and due_at > $1 order by due_at limit 1";
    Ok(db.optional::<(Timestamp,)>(sql, (Timestamp(0),)).await?.map(|(at,)| at))
}

pub(crate) async fn first_due(db: &Conn, now: Timestamp) -> Result<Option<Schedule>> {
    Ok(db
        .optional(
            "select s.*, r.version from schedule s left join revision r on r.id = s.revision_id \
             where s.ended_at is null and s.due_at <= $1 order by s.due_at, s.id limit 1",
            (now,),
        )
        .await?)
}

/// Publishes a revision at `due_at`, or unpublishes the document when none is named.
/// `Validation` on `time` or `document`; on the fields that must not be empty when it is published, and on a text that
/// would harm visitors.
pub(crate) async fn add(
    write: &Write,
    document: &Document,
    revision: Option<&Revision>,
    due_at: Timestamp,
) -> Result<()> {
    check_time(write, document.id, due_at).await?;
    if let Some(revision) = revision {
        check_publishable(write, document, revision).await?;
    }
    write
        .execute(
            "insert into schedule (document_id, revision_id, due_at, created_by, creator_name, created_at) \
             values ($1, $2, $3, $4, $5, $6)",
            (
                document.id,
                revision.map(|revision| revision.id),
                due_at,
                write.actor.id,
                write.actor.name.as_str(),
                write.now,
            ),
        )
        .await?;
    let detail = match revision {
        Some(revision) => format!("publish version {} at {due_at}", revision.version),
        None => format!("unpublish at {due_at}"),
    };
    record(write, document, DocumentAction::Schedule, &detail).await
}

/// Whether a revision may be published, as far as that is known beforehand. What links lead to when the time comes is not
/// asked again.
async fn check_publishable(write: &Write, document: &Document, revision: &Revision) -> Result<()> {
    revision.content.check_publishable(&write.rules.fields.of(document.kind, &revision.content.document_type))?;
    checks::check_publishable(write, &write.rules, document, &revision.content).await
}

async fn check_time(write: &Write, document_id: i64, due_at: Timestamp) -> Result<()> {
    let refuse = |sentence: &str| Err(ValidationErrors::one("time", sentence.to_owned()).into());
    if due_at <= write.now {
        return refuse("Choose a time that has not passed");
    }
    if due_at > write.now.plus(FURTHEST) {
        return refuse("Choose a time within a hundred years");
    }
    let others = upcoming(write, document_id).await?;
    if others.iter().any(|other| other.due_at == due_at) {
        return refuse("Something else is scheduled for this time already");
    }
    if i64::try_from(others.len()).unwrap_or(i64::MAX) >= MOST {
        return refuse("There are 20 schedules already; cancel one first");
    }
    Ok(())
}

/// Cancels a schedule that is still to come.
/// `Conflict` when it is not, or is not what the user saw.
pub(crate) async fn cancel(write: &Write, document: &Document, id: i64, seen: &str) -> Result<()> {
    let schedule = pending(write, document, id, seen).await?;
    write.execute("delete from schedule where id = $1", (id,)).await?;
    let detail = format!("{} at {}", schedule.describe(), schedule.due_at);
    record(write, document, DocumentAction::CancelSchedule, &detail).await
}

/// Lets a schedule publish another revision.
/// `Conflict` when it is not still to come, is not what the user saw, or unpublishes; `Validation` on a field that must not be empty, and on a
/// text that would harm visitors.
pub(crate) async fn change_revision(
    write: &Write,
    document: &Document,
    (id, seen): (i64, &str),
    revision: &Revision,
) -> Result<()> {
    let schedule = pending(write, document, id, seen).await?;
    if schedule.revision_id.is_none() {
        return Err(Error::Conflict("This schedule publishes nothing.".to_owned()));
    }
    check_publishable(write, document, revision).await?;
    write.execute("update schedule set revision_id = $2 where id = $1", (id, revision.id)).await?;
    let detail = format!("publish version {} at {}", revision.version, schedule.due_at);
    record(write, document, DocumentAction::Schedule, &detail).await
}

async fn pending(write: &Write, document: &Document, id: i64, seen: &str) -> Result<Schedule> {
    let found = upcoming(write, document.id).await?.into_iter().find(|schedule| schedule.id == id);
    let refuse = |sentence: &str| Error::Conflict(sentence.to_owned());
    let found = found.ok_or_else(|| refuse("This was carried out or cancelled in the meantime."))?;
    if found.describe() != seen {
        return Err(refuse("This was changed after you opened it, so nothing was done. This is how it is now."));
    }
    Ok(found)
}

impl Schedule {
    /// `publish version 4`, `unpublish`.
    #[must_use]
    pub(crate) fn describe(&self) -> String {
        match self.version {
            Some(version) => format!("publish version {version}"),
            None => "unpublish".to_owned(),
        }
    }

    /// The user who decided it, in whose name it is carried out.
    #[must_use]
    pub(crate) fn actor(&self) -> Actor {
        Actor { id: self.created_by, name: self.creator_name.clone(), role: Role::System }
    }

    /// Does what was decided, unless another node has done it.
    /// `Validation` or `Conflict` when a rule forbids it by now.
    pub(crate) async fn carry_out(&self, write: &Write) -> Result<()> {
        if end(write, self.id, "").await? == 0 {
            return Ok(());
        }
        let found = Document::find(write, self.document_id).await?.filter(|found| found.trashed_at.is_none());
        let mut document = found.ok_or_else(|| Error::Conflict("It is in the trash.".to_owned()))?;
        let Some(revision_id) = self.revision_id else {
            let title = revision::latest(write, document.id).await?.content.title;
            record(write, &document, DocumentAction::CarryOutSchedule, &self.describe()).await?;
            if document.is_live() {
                publishing::unpublish(write, &document, &title).await?;
            }
            return Ok(());
        };
        record(write, &document, DocumentAction::CarryOutSchedule, &self.describe()).await?;
        if document.published_revision_id == Some(revision_id) {
            return Ok(());
        }
        let revision = revision::find(write, revision_id).await?.ok_or(Error::NotFound)?;
        revision.content.check_publishable(&write.rules.fields.of(document.kind, &revision.content.document_type))?;
        publishing::publish_unchecked(write, &mut document, &revision).await
    }

    /// Ends a schedule that a rule forbids, and says why.
    pub(crate) async fn give_up(&self, write: &Write, reason: &str) -> Result<()> {
        if end(write, self.id, reason).await? == 0 {
            return Ok(());
        }
        let Some(document) = Document::find(write, self.document_id).await? else { return Ok(()) };
        let detail = format!("{}: {reason}", self.describe());
        record(write, &document, DocumentAction::GiveUpSchedule, &detail).await
    }
}

async fn end(write: &Write, id: i64, outcome: &str) -> Result<u64> {
    Ok(write
        .execute(
            "update schedule set ended_at = $2, outcome = $3 where id = $1 and ended_at is null",
            (id, write.now, outcome),
        )
        .await?)
}

/// The site version grows, so that all nodes ask when the next schedule is due.
async fn record(write: &Write, document: &Document, action: DocumentAction, detail: &str) -> Result<()> {
    let title = revision::latest(write, document.id).await?.content.title;
    write.record(document.entry(action, &title).detail(detail));
    write.touch_public();
    Ok(())
}
