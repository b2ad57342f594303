//! The answer to a message: users save it, have it sent as an e-mail or send it themselves and mark it as sent. Saving changes
//! no status; only that it was sent does.

use super::{
    handling,
    notes::{self, NewNote},
    record::{self, Message},
    status::MessageStatus,
};
use crate::{
    error::{Error, Result, ValidationErrors},
    model::{
        mail::outbox::{self, MailKind, MailText, NewMail, QueuedMail},
        write::Write,
    },
    text::{clean, limit},
};

/// Longest answer, in characters.
pub(crate) const ANSWER_MAX: usize = 10_000;

/// An answer that can be saved.
/// Errors: a sentence on `answer`.
pub fn parse(text: &str) -> Result<String, ValidationErrors> {
    let text = clean::lines(text);
    limit::characters(&text, "the answer", ANSWER_MAX).map_err(|sentence| ValidationErrors::one("answer", sentence))?;
    Ok(text)
}

/// Saves the answer. Says whether it differs from the one that was saved.
/// `Validation` on `answer`; `Conflict` when someone changed the message since version `expected_version`.
pub(crate) async fn save(write: &Write, id: i64, expected_version: i64, text: &str) -> Result<bool> {
    let text = parse(text)?;
    let message = handling::get_expected(write, id, expected_version).await?;
    if text.is_empty() && (message.answer.is_empty() || message.answered_at.is_some()) {
        return Err(ValidationErrors::one("answer", "Enter the answer").into());
    }
    if message.answer == text {
        return Ok(false);
    }
    put(write, &message, &text).await?;
    let action = if text.is_empty() { "message.remove_answer" } else { "message.save_answer" };
    write.record(handling::entry(action, &message));
    Ok(true)
}

async fn put(write: &Write, message: &Message, text: &str) -> Result<()> {
    keep_earlier(write, message).await?;
    write
        .execute(
            "update message set answer = $2, saved_at = $3, saved_by = $4, answered_at = null, answered_by = '', \
             version = version + 1, handled_by = $4 where id = $1",
            (message.id, text, write.now, write.actor.name.as_str()),
        )
        .await?;
    Ok(())
}

/// An earlier answer that was sent, or that someone else wrote, becomes a note, so that it can still be read.
async fn keep_earlier(write: &Write, message: &Message) -> Result<()> {
    let sent = message.answered_at.is_some();
    if message.answer.is_empty() || (!sent && message.saved_by == write.actor.name) {
        return Ok(());
    }
    let title = if sent { "Earlier answer" } else { "Earlier answer, not sent" };
    let earlier = format!("{title}:\n\n{}", message.answer);
    let at = message.answered_at.or(message.saved_at).unwrap_or(write.now);
    let note = NewNote { at, author_id: None, author: &message.saved_by, text: &earlier };
    notes::insert(write, message.id, &note).await
}

/// Marks this answer as sent: it is saved if it is not yet, and the message is answered.
pub(crate) async fn mark_sent(write: &Write, id: i64, expected_version: i64, text: &str) -> Result<()> {
    let text = parse(text)?;
    if text.is_empty() {
        return Err(ValidationErrors::one("answer", "Enter the answer that you sent").into());
    }
    let message = handling::get_expected(write, id, expected_version).await?;
    if message.answer != text {
        put(write, &message, &text).await?;
    }
    write
        .execute(
            "update message set answered_at = $2, answered_by = $3, status = $4, version = version + 1, \
             handled_by = $3 where id = $1",
            (id, write.now, write.actor.name.as_str(), MessageStatus::Answered),
        )
        .await?;
    write.record(handling::entry("message.answer", &record::get(write, id).await?));
    Ok(())
}

/// The e-mail that an answer is sent as.
#[derive(Debug)]
pub(crate) struct AnswerMail {
    pub(crate) subject: String,
    /// The message, as it is quoted below the answer.
    pub(crate) quoted: String,
}

/// Saves the answer if it is not yet, and puts it into the outbox. The message is answered when the mail server has taken it.
/// `Validation` on `answer`; `Conflict` when one waits already, or someone changed the message since version
/// `expected_version`.
pub(crate) async fn send(
    write: &Write,
    id: i64,
    expected_version: i64,
    text: &str,
    mail: impl FnOnce(&Message) -> AnswerMail,
) -> Result<()> {
    let text = parse(text)?;
    if text.is_empty() {
        return Err(ValidationErrors::one("answer", "Enter the answer").into());
    }
    let message = handling::get_expected(write, id, expected_version).await?;
    if outbox::is_waiting(write, id).await? {
        return Err(Error::Conflict("An answer to this message waits to be sent already.".to_owned()));
    }
    if message.answer != text {
        put(write, &message, &text).await?;
    }
    outbox::forget_failed(write, id).await?;
    let AnswerMail { subject, quoted } = mail(&message);
    let text = MailText {
        recipient: &message.email,
        recipient_name: &message.name,
        subject: &subject,
        answer: &text,
        quoted: &quoted,
    };
    let queued = NewMail { message_id: Some(id), text, ..NewMail::new(MailKind::Answer, &write.actor.name) };
    outbox::add(write, &queued, write.now).await?;
    notes::count_change(write, id).await?;
    write.record(handling::entry("message.send_answer", &message));
    Ok(())
}

/// Notes that the mail server has taken an answer. Nobody who has the message open is told that it changed: it became what
/// they were told to wait for.
pub(crate) async fn note_sent(write: &Write, mail: &QueuedMail) -> Result<()> {
    if !outbox::note_sent(write, mail.id, write.now).await? {
        return Ok(());
    }
    let message = record::get(write, mail.message_id.unwrap_or_default()).await?;
    if message.answer == mail.answer {
        let sql = "update message set answered_at = $2, answered_by = $3, \
                   status = case when status in ('unread', 'open') then 'answered' else status end where id = $1";
        write.execute(sql, (message.id, write.now, mail.author_name.as_str())).await?;
    } else {
        // Another one was saved meanwhile; this one is what the visitor has.
        let text = format!("Earlier answer:\n\n{}", mail.answer);
        let note = NewNote { at: write.now, author_id: None, author: &mail.author_name, text: &text };
        notes::insert(write, message.id, &note).await?;
    }
    write.record(handling::entry("message.deliver_answer", &message));
    Ok(())
}
