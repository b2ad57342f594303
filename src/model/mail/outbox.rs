//! The outbox: an e-mail is stored by the change that causes it, taken by one node at a time, and tried again until it is sent
//! or given up. It is no content: what administrators do with it has an audit entry, what the program does has none, unless
//! it changes a message.

use crate::{
    clock::{DAY, HOUR, Timestamp},
    crypto,
    db::{conn::Conn, pool::Db, transaction::Transaction},
    error::Result,
    model::write::Write,
};

/// The pause after the first try, in milliseconds; it doubles with each.
const PAUSE: i64 = 60 * 1000;
/// The longest pause.
const LONGEST: i64 = 4 * HOUR;
/// After so many tries, about two days, an e-mail is given up.
pub(in crate::model) const TRIES: i64 = 20;
/// How long one that failed is kept.
const KEPT: i64 = 30 * DAY;

/// What an e-mail is about. All but answers are written when they are sent, so nothing of them is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub(crate) enum MailKind {
    /// What a user wrote to a visitor.
    Answer,
    /// Tells a user of messages as they come.
    Message,
    /// Tells a user once a day of messages.
    Digest,
    /// A link by an administrator, to join or to choose a new password.
    Invitation,
    /// A link to choose a new password that a stranger asked for; whether there is an account is looked up when it is sent.
    Password,
    /// Tells a user of their documents that are due for review.
    Review,
    /// Tells a user of their schedule that was not carried out.
    Schedule,
    /// A link to a new address of a user, to confirm it.
    Address,
    /// Tells the old address of a user that there is a new one.
    NewAddress,
    /// These tell a user what was changed in how they sign in.
    NewPassword,
    AddedPasskey,
    RemovedPasskey,
    AddedCodeApp,
    RemovedCodeApp,
    NewRecoveryCodes,
    RemovedFactors,
    /// Tells a user of a sign-in on a device that they had not used before.
    NewDevice,
}

/// The recipient of an e-mail to an address that is not a user's, and what a user wrote to a visitor.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct MailText<'a> {
    pub(crate) recipient: &'a str,
    pub(crate) recipient_name: &'a str,
    pub(crate) subject: &'a str,
    pub(crate) answer: &'a str,
    /// What is quoted below it.
    pub(crate) quoted: &'a str,
}

/// An e-mail to be stored.
#[derive(Debug)]
pub(crate) struct NewMail<'a> {
    pub(crate) kind: MailKind,
    /// Who causes it; empty: the program.
    pub(crate) author: &'a str,
    /// Whom it is for, unless that is a visitor.
    pub(crate) user_id: Option<i64>,
    pub(crate) message_id: Option<i64>,
    pub(crate) schedule_id: Option<i64>,
    /// Not before this time, by the steady clock.
    pub(crate) due_at: Timestamp,
    pub(crate) text: MailText<'a>,
}

impl<'a> NewMail<'a> {
    /// At once, for nobody yet.
    pub(crate) fn new(kind: MailKind, author: &'a str) -> Self {
        let text = MailText::default();
        Self { kind, author, user_id: None, message_id: None, schedule_id: None, due_at: Timestamp(0), text }
    }

    /// For a user.
    pub(crate) fn to_user(kind: MailKind, user_id: i64) -> Self {
        Self { user_id: Some(user_id), ..Self::new(kind, "") }
    }
}

/// An e-mail that was taken to be sent.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct QueuedMail {
    pub(crate) id: i64,
    pub(crate) kind: MailKind,
    pub(crate) created_at: Timestamp,
    pub(crate) author_name: String,
    pub(crate) user_id: Option<i64>,
    pub(crate) message_id: Option<i64>,
    pub(crate) schedule_id: Option<i64>,
    /// The part of its Message-ID before the `@`.
    pub(crate) token: String,
    pub(crate) recipient: String,
    pub(crate) recipient_name: String,
    pub(crate) subject: String,
    pub(crate) answer: String,
    pub(crate) quoted: String,
    /// This try included.
    pub(crate) attempts: i64,
}

pub(crate) async fn add(tx: &Transaction, mail: &NewMail<'_>, now: Timestamp) -> Result<()> {
    let text = mail.text;
    tx.execute(
        "insert into mail (kind, state, created_at, author_name, user_id, message_id, schedule_id, due_at, token, recipient, \
         recipient_name, subject, answer, quoted) values ($1, 'waiting', $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        (
            mail.kind,
            now,
            mail.author,
            mail.user_id,
            mail.message_id,
            mail.schedule_id,
            mail.due_at,
            crypto::random_token(),
            text.recipient,
            text.recipient_name,
            text.subject,
            text.answer,
            text.quoted,
        ),
    )
    .await?;
    Ok(())
}

/// Stores one for a user at once, as part of a change by its actor.
pub(crate) async fn add_for(write: &Write, kind: MailKind, user_id: i64) -> Result<()> {
    let mail = NewMail { author: &write.actor.name, ..NewMail::to_user(kind, user_id) };
    add(write, &mail, write.now).await
}

/// Tells a user what was changed in how they sign in, as part of that change; nothing where no e-mail is sent.
pub(crate) async fn tell_of_change(write: &Write, kind: MailKind, user_id: i64) -> Result<()> {
    if write.sends_mail { add_for(write, kind, user_id).await } else { Ok(()) }
}

/// Takes the e-mail that has waited longest of those that are due, so that no other node tries it within `limit`
/// milliseconds. When the program ends before it says what became of it, it is tried again.
pub(crate) async fn take(db: &Db, steady: Timestamp, limit: i64) -> Result<Option<QueuedMail>> {
    let sql = "select id, attempts from mail where state = 'waiting' and due_at <= $1 order by due_at, id limit 1";
    // Asked of a reader first: most often nothing waits.
    let Some((id, attempts)) = db.read().optional::<(i64, i64)>(sql, (steady,)).await? else { return Ok(None) };
    let tx = Transaction::begin(db).await?;
    let busy_until = steady.plus(limit);
    let next = steady.plus(pause(attempts + 1)).max(busy_until);
    let sql = "update mail set attempts = attempts + 1, due_at = $3, busy_until = $4 \
               where id = $1 and state = 'waiting' and due_at <= $2";
    if tx.execute(sql, (id, steady, next, busy_until)).await? == 0 {
        return Ok(None);
    }
    let sql = "select id, kind, created_at, author_name, user_id, message_id, schedule_id, token, recipient, recipient_name, \
               subject, answer, quoted, attempts from mail where id = $1";
    let taken = tx.one(sql, (id,)).await?;
    tx.commit().await?;
    Ok(Some(taken))
}

/// The pause after this many tries.
pub(in crate::model) fn pause(attempts: i64) -> i64 {
    let doubled = u32::try_from(attempts - 1).ok().and_then(|times| PAUSE.checked_shl(times.min(16)));
    doubled.unwrap_or(LONGEST).min(LONGEST)
}

/// What names the answers to a message that were sent, the oldest first, but the newest ones only.
pub(crate) async fn thread(db: &Conn, message_id: i64, most: i64) -> Result<Vec<String>> {
    let sql =
        "select token from mail where message_id = $1 and kind = 'answer' and state = 'sent' order by id desc limit $2";
    let mut tokens: Vec<(String,)> = db.all(sql, (message_id, most)).await?;
    tokens.reverse();
    Ok(tokens.into_iter().map(|(token,)| token).collect())
}

/// Whether an answer to this message waits.
pub(crate) async fn is_waiting(db: &Conn, message_id: i64) -> Result<bool> {
    let sql = "select id from mail where message_id = $1 and kind = 'answer' and state = 'waiting' limit 1";
    Ok(db.optional::<(i64,)>(sql, (message_id,)).await?.is_some())
}

/// Forgets answers to this message that failed, as another takes their place.
pub(crate) async fn forget_failed(tx: &Transaction, message_id: i64) -> Result<()> {
    let sql = "delete from mail where message_id = $1 and kind = 'answer' and state = 'failed'";
    tx.execute(sql, (message_id,)).await?;
    Ok(())
}

/// Forgets links that wait to be sent to a user, as their links stop working.
pub(crate) async fn forget_links(tx: &Transaction, user_id: i64) -> Result<()> {
    let sql = "delete from mail where user_id = $1 and kind in ('invitation', 'password', 'address')";
    tx.execute(sql, (user_id,)).await?;
    Ok(())
}

/// Says whose it is; it was stored before that was known. Gives whether it still is to be sent.
pub(crate) async fn give_to(tx: &Transaction, id: i64, user_id: i64) -> Result<bool> {
    let sql = "update mail set user_id = $2 where id = $1 and state = 'waiting'";
    Ok(tx.execute(sql, (id, user_id)).await? > 0)
}

/// Whether it still is to be sent.
pub(crate) async fn is_there(db: &Conn, id: i64) -> Result<bool> {
    let sql = "select id from mail where id = $1 and state = 'waiting'";
    Ok(db.optional::<(i64,)>(sql, (id,)).await?.is_some())
}

/// Forgets one that was sent.
pub(crate) async fn forget_sent(tx: &Transaction, id: i64, now: Timestamp) -> Result<()> {
    note_last_sent(tx, now).await?;
    forget_in(tx, id).await
}

/// Keeps when one was sent last, as most are forgotten then.
async fn note_last_sent(tx: &Transaction, now: Timestamp) -> Result<()> {
    tx.execute("update daily_mail set sent_at = $1 where id = 1", (now,)).await?;
    Ok(())
}

/// Forgets one that nobody needs any more.
pub(crate) async fn forget(db: &Db, id: i64) -> Result<()> {
    let tx = Transaction::begin(db).await?;
    forget_in(&tx, id).await?;
    tx.commit().await
}

/// The same, as part of another change.
pub(crate) async fn forget_in(tx: &Transaction, id: i64) -> Result<()> {
    tx.execute("delete from mail where id = $1", (id,)).await?;
    Ok(())
}

/// Notes that the server has taken an answer. What was written is kept with the message, not here. Gives whether it was still
/// waiting.
pub(crate) async fn note_sent(tx: &Transaction, id: i64, now: Timestamp) -> Result<bool> {
    note_last_sent(tx, now).await?;
    let sql = "update mail set state = 'sent', sent_at = $2, answer = '', quoted = '', fault = '', busy_until = 0 \
               where id = $1 and state = 'waiting'";
    Ok(tx.execute(sql, (id, now)).await? > 0)
}

/// Notes why it was not sent. It is given up when it `is_final` or was tried often enough. Gives whether it is.
pub(crate) async fn note_fault(db: &Db, mail: &QueuedMail, fault: &str, is_final: bool) -> Result<bool> {
    let is_given_up = is_final || mail.attempts >= TRIES;
    let state = if is_given_up { "failed" } else { "waiting" };
    let tx = Transaction::begin(db).await?;
    let sql = "update mail set state = $2, fault = $3, busy_until = 0 where id = $1 and state = 'waiting'";
    tx.execute(sql, (mail.id, state, fault)).await?;
    tx.commit().await?;
    Ok(is_given_up)
}

/// Forgets what failed a month ago.
pub(crate) async fn forget_old(db: &Db, now: Timestamp) -> Result<()> {
    let before = now.minus(KEPT);
    let sql = "select id from mail where state = 'failed' and created_at < $1 limit 1";
    if db.read().optional::<(i64,)>(sql, (before,)).await?.is_none() {
        return Ok(());
    }
    let tx = Transaction::begin(db).await?;
    tx.execute("delete from mail where state = 'failed' and created_at < $1", (before,)).await?;
    tx.commit().await
}

/// Lets nothing be sent that waited when a backup was made, as most of it was sent since. Links to strangers are forgotten.
pub(crate) async fn hold_all(tx: &Transaction) -> Result<u64> {
    tx.execute("delete from mail where state = 'waiting' and kind = 'password'", ()).await?;
    let sql = "update mail set state = 'failed', busy_until = 0, fault = $1 where state = 'waiting'";
    let fault = "It waited when the backup was made that was restored, and may have been sent since.";
    Ok(tx.execute(sql, (fault,)).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_four_hours_and_end_after_two_days() {
        let minutes: Vec<i64> = (1..=10).map(|attempts| pause(attempts) / PAUSE).collect();
        assert_eq!(minutes, [1, 2, 4, 8, 16, 32, 64, 128, 240, 240]);
        assert_eq!(pause(1_000_000), LONGEST);
        let all: i64 = (1..TRIES).map(pause).sum();
        assert!((40 * HOUR..50 * HOUR).contains(&all), "{}", all / HOUR);
    }
}
