//! What waits to be told, and what could not be: taken by one node at a time, and tried again like an e-mail until it is taken or given
//! up. What was taken is deleted.

use crate::{
    clock::{DAY, HOUR, Timestamp},
    db::{conn::Conn, pool::Db, transaction::Transaction},
    error::{Error, Result},
    model::{
        audit_log::AuditEntry,
        mail::outbox::{TRIES, pause},
        write::Write,
    },
};

/// How long one that failed is kept.
const KEPT: i64 = 30 * DAY;

/// One that was taken to be sent.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct QueuedHook {
    pub(crate) id: i64,
    pub(crate) webhook_id: i64,
    pub(crate) event: String,
    pub(crate) body: String,
    pub(crate) url: String,
    pub(crate) salt: String,
    /// This try included.
    pub(crate) attempts: i64,
    created_at: Timestamp,
    /// The next try, by the steady clock.
    next_at: Timestamp,
}

/// Takes the one that has waited longest of those that are due, as [`outbox::take`](crate::model::mail::outbox::take) does.
pub(crate) async fn take(db: &Db, steady: Timestamp, limit: i64) -> Result<Option<QueuedHook>> {
    let sql =
        "select id, attempts from webhook_delivery where state = 'waiting' and due_at <= $1 order by due_at limit 1";
    let Some((id, attempts)) = db.read().optional::<(i64, i64)>(sql, (steady,)).await? else { return Ok(None) };
    let tx = Transaction::begin(db).await?;
    let busy_until = steady.plus(limit);
    let next = steady.plus(pause(attempts + 1)).max(busy_until);
    let sql = "update webhook_delivery set attempts = attempts + 1, due_at = $3, busy_until = $4 \
               where id = $1 and state = 'waiting' and due_at <= $2";
    if tx.execute(sql, (id, steady, next, busy_until)).await? == 0 {
        return Ok(None);
    }
    let sql = "select d.id, d.webhook_id, d.event, d.body, w.url, w.salt, d.attempts, d.created_at, d.due_at as next_at \
               from webhook_delivery d join webhook w on w.id = d.webhook_id where d.id = $1";
    let taken = tx.one(sql, (id,)).await?;
    tx.commit().await?;
    Ok(Some(taken))
}

/// Forgets it, as it was taken.
pub(crate) async fn note_sent(db: &Db, hook: &QueuedHook, now: Timestamp) -> Result<()> {
    let tx = Transaction::begin(db).await?;
    forget(&tx, hook.id).await?;
    tx.execute("update webhook set delivered_at = $2 where id = $1", (hook.webhook_id, now)).await?;
    tx.commit().await
}

async fn forget(tx: &Transaction, id: i64) -> Result<()> {
    tx.execute("delete from webhook_delivery where id = $1", (id,)).await?;
    Ok(())
}

/// Notes why it was not taken. It is given up when that `is_final`, or when it was tried often enough. Gives whether it is.
pub(crate) async fn note_fault(db: &Db, hook: &QueuedHook, fault: &str, is_final: bool) -> Result<bool> {
    let is_given_up = is_final || hook.attempts >= TRIES;
    let state = if is_given_up { "failed" } else { "waiting" };
    let tx = Transaction::begin(db).await?;
    let sql = "update webhook_delivery set state = $2, fault = $3, busy_until = 0 where id = $1 and state = 'waiting'";
    tx.execute(sql, (hook.id, state, fault)).await?;
    tx.commit().await?;
    Ok(is_given_up)
}

/// The receiver was not reached: what else waits for it waits until just after the next try of this one. When this one is given
/// up, so are those that have waited nearly as long, with the same sentence.
pub(crate) async fn put_off_others(db: &Db, hook: &QueuedHook, given_up: Option<&str>) -> Result<()> {
    let tx = Transaction::begin(db).await?;
    if let Some(fault) = given_up {
        let sql = "update webhook_delivery set state = 'failed', fault = $3 \
                   where webhook_id = $1 and state = 'waiting' and created_at <= $2";
        tx.execute(sql, (hook.webhook_id, hook.created_at.plus(HOUR), fault)).await?;
    }
    let sql = "update webhook_delivery set due_at = $3 \
               where webhook_id = $1 and id <> $2 and state = 'waiting' and due_at < $3";
    tx.execute(sql, (hook.webhook_id, hook.id, hook.next_at.plus(1))).await?;
    tx.commit().await
}

/// Lets nothing be sent that waits; `fault` says why.
pub(crate) async fn hold_all(tx: &Transaction, fault: &str) -> Result<()> {
    let sql = "update webhook_delivery set state = 'failed', busy_until = 0, fault = $1 where state = 'waiting'";
    tx.execute(sql, (fault,)).await?;
    Ok(())
}

/// Whether anything waits.
pub(crate) async fn is_waiting(db: &Conn) -> Result<bool> {
    let sql = "select id from webhook_delivery where state = 'waiting' limit 1";
    Ok(db.optional::<(i64,)>(sql, ()).await?.is_some())
}

/// How many were given up.
pub(crate) async fn count_failed(db: &Conn) -> Result<i64> {
    Ok(db.value("select count(*) from webhook_delivery where state = 'failed'", ()).await?)
}

/// Forgets what failed a month ago.
pub(crate) async fn forget_old(db: &Db, now: Timestamp) -> Result<()> {
    let before = now.minus(KEPT);
    let sql = "select id from webhook_delivery where state = 'failed' and created_at < $1 limit 1";
    if db.read().optional::<(i64,)>(sql, (before,)).await?.is_none() {
        return Ok(());
    }
    let tx = Transaction::begin(db).await?;
    tx.execute("delete from webhook_delivery where state = 'failed' and created_at < $1", (before,)).await?;
    tx.commit().await
}

/// One that waits or failed.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct UnsentHook {
    pub(crate) id: i64,
    pub(crate) event: String,
    pub(crate) url: String,
    pub(crate) is_failed: bool,
    pub(crate) created_at: Timestamp,
    pub(crate) attempts: i64,
    /// By the steady clock.
    pub(crate) busy_until: Timestamp,
    pub(crate) fault: String,
}

/// The newest ones, at most `limit`.
pub(crate) async fn unsent(db: &Conn, limit: i64) -> Result<Vec<UnsentHook>> {
    let sql = "select d.id, d.event, w.url, d.state = 'failed' as is_failed, d.created_at, d.attempts, d.busy_until, d.fault \
               from webhook_delivery d join webhook w on w.id = d.webhook_id where d.id > $1 order by d.id desc limit $2";
    Ok(db.all(sql, (0, limit)).await?)
}

/// Has it tried again at once, and as often as a new one. `host_of` is what the audit log calls an address.
/// `NotFound` when it is gone; `Conflict` when it is being sent.
pub(crate) async fn send_again(
    write: &Write,
    id: i64,
    steady: Timestamp,
    host_of: impl Fn(&str) -> String,
) -> Result<()> {
    let hook = get_idle(write, id, steady).await?;
    let sql = "update webhook_delivery set state = 'waiting', attempts = 0, due_at = $2 where id = $1";
    write.execute(sql, (id, steady)).await?;
    write.record(AuditEntry::new("webhook.send_again", "webhook", None, host_of(&hook.url)).detail(hook.event));
    Ok(())
}

/// Deletes it, so that it is never sent.
/// The errors of [`send_again`].
pub(crate) async fn discard(write: &Write, id: i64, steady: Timestamp, host_of: impl Fn(&str) -> String) -> Result<()> {
    let hook = get_idle(write, id, steady).await?;
    forget(write, id).await?;
    write.record(AuditEntry::new("webhook.discard", "webhook", None, host_of(&hook.url)).detail(hook.event));
    Ok(())
}

async fn get_idle(write: &Write, id: i64, steady: Timestamp) -> Result<UnsentHook> {
    let sql = "select d.id, d.event, w.url, d.state = 'failed' as is_failed, d.created_at, d.attempts, d.busy_until, d.fault \
               from webhook_delivery d join webhook w on w.id = d.webhook_id where d.id = $1";
    let found: UnsentHook = write.optional(sql, (id,)).await?.ok_or(Error::NotFound)?;
    if !found.is_failed && found.busy_until > steady {
        return Err(Error::Conflict("This webhook is being sent just now. Look again in a minute.".to_owned()));
    }
    Ok(found)
}
