//! Deleting messages whose time is over, in two steps: they are marked, and deleted after days of running time. A mark
//! is removed when the clock is corrected or the retention is raised. The audit log has the numbers.

use super::retention::{self, DueMessages, GRACE, Pause, RetentionState};
use crate::{
    clock::Timestamp,
    db::conn::Conn,
    error::Result,
    model::{
        audit_log::AuditEntry,
        running_time::{self, MachineClock},
        write::Write,
    },
    text::count::pluralise,
};

#[derive(Debug)]
pub(crate) struct Plan {
    months: i64,
    limit: Timestamp,
    clock: MachineClock,
    retention: RetentionState,
    running_time: i64,
    due: DueMessages,
    /// Marked, but no longer over their time.
    young: i64,
    ripe: i64,
    pause: Option<Pause>,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct ExpiryResult {
    /// A pause that began; says what it is about.
    pub(crate) paused: Option<String>,
    pub(crate) deleted: u64,
}

/// What is due with a retention of `months`, from which `limit` follows.
pub(crate) async fn plan(db: &Conn, months: i64, limit: Timestamp, clock: MachineClock) -> Result<Plan> {
    let retention = retention::load(db).await?;
    let running_time = running_time::get(db).await?;
    let due = retention::due(db, limit).await?;
    let young = db.value("select count(*) from message where delete_after >= 0 and kept_from >= $1", (limit,)).await?;
    let ripe = db
        .value("select count(*) from message where delete_after <= $1 and kept_from < $2", (running_time, limit))
        .await?;
    let pause = retention.pause(db, clock, due.total()).await?;
    Ok(Plan { months, limit, clock, retention, running_time, due, young, ripe, pause })
}

impl Plan {
    /// Whether there is nothing to do.
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        let same = self.pause == self.retention.paused;
        same && (self.pause == Some(Pause::Clock) || self.young + self.ripe == 0 && !self.marks())
    }

    fn marks(&self) -> bool {
        self.pause.is_none() && self.due.total() > 0 && self.running_time >= self.retention.waits_until
    }

    /// Carries the plan out, as part of one change; it must have been made within that.
    pub(crate) async fn carry_out(&self, write: &Write) -> Result<ExpiryResult> {
        let mut done = ExpiryResult::default();
        if self.pause != self.retention.paused {
            done.paused = self.change_pause(write).await?;
        }
        if self.pause == Some(Pause::Clock) {
            return Ok(done);
        }
        if self.young > 0 {
            self.withdraw(write).await?;
        }
        if self.ripe > 0 {
            done.deleted = self.delete(write).await?;
        }
        if self.marks() {
            self.mark(write).await?;
        }
        Ok(done)
    }

    async fn change_pause(&self, write: &Write) -> Result<Option<String>> {
        write.execute("update retention set paused = $1 where id = 1", (self.pause,)).await?;
        let reason = match (self.pause, self.clock) {
            (Some(Pause::Clock), MachineClock::Implausible(seen)) => {
                format!("the clock says {}, the latest plausible time is {seen}", write.now)
            }
            (Some(_), _) => format!("{} would go at once", pluralise(self.due.total(), "message", "messages")),
            (None, _) => {
                write.record(AuditEntry::new("message.resume_deletion", "retention", None, "Messages"));
                return Ok(None);
            }
        };
        write.record(AuditEntry::new("message.pause_deletion", "retention", None, "Messages").detail(reason.as_str()));
        Ok(Some(reason))
    }

    async fn withdraw(&self, write: &Write) -> Result<()> {
        let sql = "update message set delete_after = null where delete_after >= 0 and kept_from >= $1";
        let count = write.execute(sql, (self.limit,)).await?;
        let detail = pluralise(count, "message", "messages");
        write.record(AuditEntry::new("message.unmark", "retention", None, "Messages").detail(detail));
        Ok(())
    }

    async fn delete(&self, write: &Write) -> Result<u64> {
        let sql = "delete from message where delete_after <= $1 and kept_from < $2";
        let count = write.execute(sql, (self.running_time, self.limit)).await?;
        let detail = format!("{} older than {}", pluralise(count, "message", "messages"), self.age());
        write.record(AuditEntry::new("message.expire", "message", None, "Messages").detail(detail));
        Ok(count)
    }

    async fn mark(&self, write: &Write) -> Result<()> {
        let sql = "update message set delete_after = $1 where kept_from < $2 and delete_after is null";
        write.execute(sql, (self.running_time.saturating_add(GRACE), self.limit)).await?;
        retention::agree(write, 0).await?;
        let detail = format!("older than {}; {}", self.age(), self.due.sentence());
        write.record(AuditEntry::new("message.mark", "retention", None, "Messages").detail(detail));
        Ok(())
    }

    fn age(&self) -> String {
        pluralise(self.months, "month", "months")
    }
}
