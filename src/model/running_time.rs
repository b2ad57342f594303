//! How long the program has run in all, counted by a clock that nobody can set, and whether the machine's clock is
//! plausible. What cannot be undone waits for running time and a plausible clock, never for the machine's clock alone.
//! It is not content and nobody's action, so like sessions it has no audit entry.

use crate::{
    clock::{DAY, Timestamp},
    db::{conn::Conn, pool::Db, transaction::Transaction},
    error::Result,
};

/// The machine's clock is believed this far from the last time at which it was plausible, in milliseconds.
pub(crate) const TOLERANCE: i64 = 7 * DAY;
/// How often a plausible time is stored, in milliseconds.
const OFTEN: i64 = 60 * 60 * 1000;

/// Whether the machine's clock is plausible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MachineClock {
    /// It continues from the last plausible time.
    Plausible,
    /// It is too far from this, the latest time that was plausible.
    Implausible(Timestamp),
}

impl MachineClock {
    #[must_use]
    pub(crate) const fn is_plausible(self) -> bool {
        matches!(self, Self::Plausible)
    }
}

pub(crate) async fn get(db: &Conn) -> Result<i64> {
    Ok(db.value("select milliseconds from running_time where id = 1", ()).await?)
}

/// Adds time that a monotonic clock has measured.
pub async fn add(db: &Db, milliseconds: i64) -> Result<()> {
    let tx = Transaction::begin(db).await?;
    tx.execute("update running_time set milliseconds = milliseconds + $1 where id = 1", (milliseconds.max(0),)).await?;
    tx.commit().await
}

/// The latest plausible time: what the clock said when it was last believed, or the newest audit entry before that.
pub(crate) async fn seen_at(db: &Conn) -> Result<Option<Timestamp>> {
    let seen = last_plausible(db).await?;
    if seen.is_some() {
        return Ok(seen);
    }
    newest_entry(db).await
}

/// When the newest entry of the audit log was written.
pub(crate) async fn newest_entry(db: &Conn) -> Result<Option<Timestamp>> {
    let newest: Option<(Timestamp,)> = db.optional("select at from audit_log order by id desc limit 1", ()).await?;
    Ok(newest.map(|(at,)| at))
}

/// What the clock said when it was last believed.
async fn last_plausible(db: &Conn) -> Result<Option<Timestamp>> {
    let (seen,) = db.one("select seen_at from running_time where id = 1", ()).await?;
    Ok(seen)
}

/// Judges what the machine's clock says.
pub(crate) async fn judge(db: &Conn, now: Timestamp) -> Result<MachineClock> {
    let Some(seen) = seen_at(db).await? else { return Ok(MachineClock::Plausible) };
    let far = now.0.abs_diff(seen.0) > TOLERANCE.unsigned_abs();
    Ok(if far { MachineClock::Implausible(seen) } else { MachineClock::Plausible })
}

/// Judges it, and stores a plausible time that is later than the one before. The stored time never goes back by itself:
/// a machine that starts in 1970 until it has asked the network must not count as having jumped forward afterwards.
pub async fn observe(db: &Db, now: Timestamp) -> Result<MachineClock> {
    let clock = judge(db.read(), now).await?;
    let seen = last_plausible(db.read()).await?;
    if clock.is_plausible() && seen.is_none_or(|seen| now >= seen.plus(OFTEN)) {
        let tx = Transaction::begin(db).await?;
        believe(&tx, now).await?;
        tx.commit().await?;
    }
    Ok(clock)
}

/// Accepts the clock's time as plausible from now on.
pub(crate) async fn believe(tx: &Transaction, now: Timestamp) -> Result<()> {
    tx.execute("update running_time set seen_at = $1 where id = 1", (now,)).await?;
    Ok(())
}
