//! What administrators see of e-mails, and do with those that were not sent. Never what was written: that can hold a secret.

use crate::{
    clock::Timestamp,
    db::conn::Conn,
    error::{Error, Result},
    model::{audit_log::AuditEntry, cursor::Cursor, write::Write},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub(crate) enum MailState {
    Waiting,
    Failed,
    Sent,
}

/// An e-mail without what was written.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct MailItem {
    pub(crate) id: i64,
    pub(crate) state: MailState,
    pub(crate) created_at: Timestamp,
    pub(crate) author_name: String,
    pub(crate) recipient: String,
    /// The message that it answers.
    pub(crate) message_id: i64,
    pub(crate) reference: String,
    pub(crate) attempts: i64,
    /// By the steady clock.
    pub(crate) due_at: Timestamp,
    pub(crate) busy_until: Timestamp,
    pub(crate) fault: String,
    pub(crate) sent_at: Option<Timestamp>,
}

/// At most `limit` that wait or failed, the newest first.
pub(crate) async fn unsent(db: &Conn, cursor: Cursor, limit: i64) -> Result<Vec<MailItem>> {
    match cursor {
        Cursor::Before(id) => {
            let sql = "select * from mail_item where state <> 'sent' and id < $1 order by id desc limit $2";
            Ok(db.all(sql, (id, limit)).await?)
        }
        Cursor::After(id) => {
            let sql = "select * from mail_item where state <> 'sent' and id > $1 order by id limit $2";
            let mut found: Vec<MailItem> = db.all(sql, (id, limit)).await?;
            found.reverse();
            Ok(found)
        }
    }
}

/// The answers to a message, the oldest first.
pub(crate) async fn of_message(db: &Conn, message_id: i64) -> Result<Vec<MailItem>> {
    Ok(db.all("select * from mail_item where message_id = $1 order by id", (message_id,)).await?)
}

pub(crate) async fn count_failed(db: &Conn) -> Result<i64> {
    Ok(db.value("select count(*) from mail where state = 'failed'", ()).await?)
}

/// What waits, and what was sent.
pub(crate) struct MailQueue {
    pub(crate) waiting: i64,
    /// When the one was written that waits longest.
    pub(crate) oldest: Option<Timestamp>,
    pub(crate) last_sent: Option<Timestamp>,
}

pub(crate) async fn queue(db: &Conn) -> Result<MailQueue> {
    let (waiting, oldest) = db.one("select count(*), min(created_at) from mail where state = 'waiting'", ()).await?;
    let last_sent = db.value("select max(sent_at) from mail where state = 'sent'", ()).await?;
    Ok(MailQueue { waiting, oldest, last_sent })
}

/// Has it tried again at once, and as often as a new one.
/// `NotFound` when it is gone; `Conflict` when it is being sent or was.
pub(crate) async fn send_again(write: &Write, id: i64, steady: Timestamp) -> Result<MailItem> {
    let mail = get_idle(write, id, steady).await?;
    let sql = "update mail set state = 'waiting', attempts = 0, due_at = $2 where id = $1";
    write.execute(sql, (id, steady)).await?;
    write.record(entry("mail.send_again", &mail));
    Ok(mail)
}

/// Deletes it, so that it is never sent.
/// `NotFound` when it is gone; `Conflict` when it is being sent or was.
pub(crate) async fn delete(write: &Write, id: i64, steady: Timestamp) -> Result<MailItem> {
    let mail = get_idle(write, id, steady).await?;
    write.execute("delete from mail where id = $1", (id,)).await?;
    write.record(entry("mail.delete", &mail));
    Ok(mail)
}

async fn get_idle(write: &Write, id: i64, steady: Timestamp) -> Result<MailItem> {
    let mail: Option<MailItem> = write.optional("select * from mail_item where id = $1", (id,)).await?;
    let mail = mail.ok_or(Error::NotFound)?;
    if mail.state == MailState::Sent {
        return Err(Error::Conflict("This e-mail was sent in the meantime.".to_owned()));
    }
    if mail.state == MailState::Waiting && mail.busy_until > steady {
        return Err(Error::Conflict("This e-mail is being sent just now. Look again in a minute.".to_owned()));
    }
    Ok(mail)
}

/// The audit log is kept for ever, so it does not get the address.
fn entry(action: &'static str, mail: &MailItem) -> AuditEntry {
    AuditEntry::new(action, "mail", Some(mail.id), mail.reference.as_str())
}
