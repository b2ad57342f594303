//! What administrators see of e-mails, and do with those that were not sent. Never what was written: that can hold a secret.

use super::outbox::{self, MailKind};
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
    pub(crate) kind: MailKind,
    pub(crate) state: MailState,
    pub(crate) created_at: Timestamp,
    /// Who caused it; empty: nobody who is a user.
    pub(crate) author_name: String,
    pub(crate) recipient: String,
    /// Whom it is for, unless that is a visitor.
    pub(crate) user_id: Option<i64>,
    /// The message that it answers.
    pub(crate) message_id: Option<i64>,
    /// That of this message; empty without one.
    pub(crate) reference: String,
    pub(crate) attempts: i64,
    /// By the steady clock.
    pub(crate) due_at: Timestamp,
    pub(crate) busy_until: Timestamp,
    pub(crate) fault: String,
    pub(crate) sent_at: Option<Timestamp>,
}

impl MailItem {
    /// What it is, for lists and the audit log; without an address, as the audit log is kept for ever.
    #[must_use]
    pub(crate) fn label(&self) -> String {
        match self.kind {
            MailKind::Answer => format!("Answer to the message {}", self.reference),
            MailKind::Message => "Notice of new messages".to_owned(),
            MailKind::Digest => "Daily notice of new messages".to_owned(),
            MailKind::Invitation => "One-time link".to_owned(),
            MailKind::Password => "Link for a new password".to_owned(),
            MailKind::Review => "Reminder of reviews".to_owned(),
            MailKind::Schedule => "Notice of a schedule that failed".to_owned(),
            MailKind::Address => "Link to confirm an address".to_owned(),
            MailKind::NewAddress => "Notice of a changed address".to_owned(),
            MailKind::NewPassword => "Notice of a changed password".to_owned(),
            MailKind::AddedPasskey | MailKind::RemovedPasskey => "Notice of a changed passkey".to_owned(),
            MailKind::AddedCodeApp | MailKind::RemovedCodeApp => "Notice of a changed code app".to_owned(),
            MailKind::NewRecoveryCodes => "Notice of new recovery codes".to_owned(),
            MailKind::RemovedFactors => "Notice of removed second factors".to_owned(),
            MailKind::NewDevice => "Notice of a new device".to_owned(),
        }
    }
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
    let sql = "select * from mail_item where message_id = $1 and kind = 'answer' order by id";
    Ok(db.all(sql, (message_id,)).await?)
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
    let last_sent = db.value("select sent_at from daily_mail where id = 1", ()).await?;
    Ok(MailQueue { waiting, oldest, last_sent })
}

/// Has it tried again at once, and as often as a new one.
/// `NotFound` when it is gone; `Conflict` when it is being sent or was.
pub(crate) async fn send_again(write: &Write, id: i64, steady: Timestamp) -> Result<MailItem> {
    let mail = get_idle(write, id, steady).await?;
    write.execute("update mail set state = 'waiting', attempts = 0, due_at = 0 where id = $1", (id,)).await?;
    write.record(AuditEntry::new("mail.send_again", "mail", Some(id), mail.label()));
    Ok(mail)
}

/// Deletes it, so that it is never sent.
/// `NotFound` when it is gone; `Conflict` when it is being sent or was.
pub(crate) async fn delete(write: &Write, id: i64, steady: Timestamp) -> Result<MailItem> {
    let mail = get_idle(write, id, steady).await?;
    outbox::forget_in(write, id).await?;
    write.record(AuditEntry::new("mail.delete", "mail", Some(id), mail.label()));
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
