//! The last check of the audit log that an administrator started, as all nodes know it. Not content, so without an audit entry.

use crate::{
    clock::Timestamp,
    db::{conn::Conn, pool::Db, transaction::Transaction},
    error::Result,
};

/// A check that has said nothing for so long was on a node that is gone, in milliseconds. The clocks of nodes may differ by
/// some of it.
const GONE: i64 = 3 * 60 * 1000;

/// How far the last check is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum AuditCheck {
    None,
    /// One is running and has checked this many entries.
    Running(i64),
    /// What the last one found, as JSON, and when.
    Done(String, Timestamp),
    /// The last one could not be finished.
    Failed,
}

#[derive(sqlx::FromRow)]
struct Stored {
    seen_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
    entries: i64,
    result: Option<String>,
}

/// How far the last check is, seen from `now`.
pub(crate) async fn get(db: &Conn, now: Timestamp) -> Result<AuditCheck> {
    let stored: Stored = db.one("select seen_at, ended_at, entries, result from audit_check where id = 1", ()).await?;
    Ok(match (stored.seen_at, stored.ended_at, stored.result) {
        (None, ..) => AuditCheck::None,
        (_, Some(at), Some(result)) => AuditCheck::Done(result, at),
        (Some(seen), None, _) if seen >= now.minus(GONE) => AuditCheck::Running(stored.entries),
        _ => AuditCheck::Failed,
    })
}

/// Marks a check as running; `false` when one is already, on whichever node.
pub(crate) async fn begin(db: &Db, now: Timestamp) -> Result<bool> {
    let tx = Transaction::begin(db).await?;
    let rows = tx
        .execute(
            "update audit_check set begun_at = $1, seen_at = $1, ended_at = null, entries = 0, result = null \
             where id = 1 and (begun_at is null or ended_at is not null or seen_at < $2)",
            (now, now.minus(GONE)),
        )
        .await?;
    tx.commit().await?;
    Ok(rows == 1)
}

/// Stores how many entries the running check has checked.
pub(crate) async fn note(db: &Db, entries: i64, now: Timestamp) -> Result<()> {
    let tx = Transaction::begin(db).await?;
    tx.execute("update audit_check set entries = $1, seen_at = $2 where id = 1 and ended_at is null", (entries, now))
        .await?;
    tx.commit().await
}

/// Stores what the check found, as JSON; none when it could not be finished.
pub(crate) async fn end(db: &Db, result: Option<String>, now: Timestamp) -> Result<()> {
    let tx = Transaction::begin(db).await?;
    tx.execute("update audit_check set ended_at = $1, result = $2 where id = 1", (now, result)).await?;
    tx.commit().await
}
