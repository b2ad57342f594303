//! How long messages are kept: which are over their time, what a shorter time would delete, and what holds deletion up.
//! The work itself is `expiry`. Nothing is deleted by the machine's clock alone; see `running_time`.

use jiff::tz::TimeZone;

use super::status::MessageStatus;
use crate::{
    clock::{DAY, Timestamp},
    db::conn::Conn,
    error::Result,
    model::{
        audit_log::AuditEntry,
        running_time::{self, MachineClock},
        write::Write,
    },
    text::count::{number, pluralise},
};

/// Running time between the mark and the deletion, in milliseconds.
pub(crate) const GRACE: i64 = 3 * DAY;
/// Running time between shortening the retention and the first mark, in milliseconds.
pub(crate) const WAIT: i64 = DAY;
/// This many messages may always be deleted at once; of more, at most half of all, so that an inbox is not emptied
/// without asking.
pub(crate) const USUAL: i64 = 3;

/// Messages kept since before this are over their time. None when the setting makes no sense: keeping too much for a
/// while is better than deleting everything by mistake.
#[must_use]
pub(crate) fn limit(now: Timestamp, months: i64, zone: &TimeZone) -> Option<Timestamp> {
    let months = u16::try_from(months).ok().filter(|months| (1..=120).contains(months))?;
    Some(now.months_earlier(months, zone))
}

/// Messages over their time that are not marked for deletion yet, by status.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct DueMessages(Vec<(MessageStatus, i64)>);

pub(crate) async fn due(db: &Conn, limit: Timestamp) -> Result<DueMessages> {
    Ok(DueMessages(
        db.all(
            "select status, count(*) from message where kept_from < $1 and delete_after is null group by status",
            (limit,),
        )
        .await?,
    ))
}

impl DueMessages {
    #[must_use]
    pub(crate) fn total(&self) -> i64 {
        self.0.iter().map(|(_, count)| count).sum()
    }

    /// `214 messages: 12 unread, 202 answered`.
    #[must_use]
    pub(crate) fn sentence(&self) -> String {
        let count = |status: MessageStatus| self.0.iter().find(|(known, _)| *known == status).map(|(_, count)| *count);
        let parts: Vec<_> = MessageStatus::ALL
            .into_iter()
            .filter_map(|status| Some(format!("{} {}", number(count(status)?), status.as_str())))
            .collect();
        let all = pluralise(self.total(), "message", "messages");
        if parts.is_empty() { all } else { format!("{all}: {}", parts.join(", ")) }
    }
}

/// Why nothing new is marked for deletion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub(crate) enum Pause {
    /// The machine's clock is too far from the last plausible time.
    Clock,
    /// More messages than usual would be deleted at once.
    Share,
}

/// The stored state of deletion.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub(crate) struct RetentionState {
    /// Nothing is marked before this running time.
    pub(crate) waits_until: i64,
    /// How many messages an administrator agreed to delete at once.
    pub(crate) agreed: i64,
    pub(crate) paused: Option<Pause>,
}

pub(crate) async fn load(db: &Conn) -> Result<RetentionState> {
    Ok(db.one("select waits_until, agreed, paused from retention where id = 1", ()).await?)
}

/// The messages that are marked for deletion.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct MarkedMessages {
    pub count: i64,
    /// The running time at which the first of them is deleted.
    pub(crate) first_at: Option<i64>,
}

pub async fn count_marked(db: &Conn) -> Result<MarkedMessages> {
    let sql = "select count(*) as count, min(delete_after) as first_at from message where delete_after >= 0";
    Ok(db.one(sql, ()).await?)
}

impl RetentionState {
    /// Why `due` messages may not be marked now, if they may not.
    pub(crate) async fn pause(&self, db: &Conn, clock: MachineClock, due: i64) -> Result<Option<Pause>> {
        if !clock.is_plausible() {
            return Ok(Some(Pause::Clock));
        }
        if due <= USUAL || due <= self.agreed.saturating_add(USUAL) {
            return Ok(None);
        }
        let all: i64 = db.value("select count(*) from message", ()).await?;
        Ok((due.saturating_mul(2) > all).then_some(Pause::Share))
    }
}

/// After the setting changed: a shorter time waits before anything is marked, and what was agreed before is void.
pub(crate) async fn apply_new_months(write: &Write, shorter: bool) -> Result<()> {
    if shorter {
        let from = running_time::get(write).await?.saturating_add(WAIT);
        write.execute("update retention set waits_until = $1 where id = 1", (from,)).await?;
    }
    agree(write, 0).await
}

/// Remembers how many messages an administrator agreed to delete at once.
pub(crate) async fn agree(write: &Write, count: i64) -> Result<()> {
    write.execute("update retention set agreed = $1 where id = 1", (count,)).await?;
    Ok(())
}

/// An administrator confirms that the clock is right and that this many messages may be deleted.
pub(crate) async fn confirm(write: &Write, due: &DueMessages) -> Result<()> {
    agree(write, due.total()).await?;
    running_time::believe(write, write.now).await?;
    write.execute("update retention set paused = null where id = 1", ()).await?;
    write.record(AuditEntry::new("message.confirm_deletion", "retention", None, "Messages").detail(due.sentence()));
    Ok(())
}
