//! Storing a visitor's message. Every message is stored, spam too; the audit log gets the reference and the topic,
//! nothing about the visitor.

use super::{
    contact_message::ContactMessage,
    record::{self, Message},
    spam::Assessment,
    spam_signal::SpamSignal,
    status::MessageStatus,
    topic,
};
use crate::{
    clock::{DAY, Timestamp},
    crypto,
    db::conn::Conn,
    error::{Error, Result},
    model::{audit_log::AuditEntry, running_time, write::Write},
    text::{email, fold::fold},
};

/// The same message within this time is a double click, in milliseconds.
const DUPLICATE_WITHIN: i64 = 10 * 60 * 1000;
/// A message from further than this in the future was stored while the clock was wrong, and is not a duplicate, in
/// milliseconds.
const AHEAD: i64 = 5 * 60 * 1000;
/// How far back the same text from others is looked for, in milliseconds.
const REPEATED: i64 = 30 * DAY;

/// How many spellings of their addresses are compared with the sender's.
const SENDERS: i64 = 20;

/// The reference of the same message if it arrived a moment ago, as after a double click.
pub(crate) async fn find_duplicate(db: &Conn, now: Timestamp, message: &ContactMessage) -> Result<Option<String>> {
    let row: Option<(String,)> = db
        .optional(
            "select reference from message where received_at > $1 and received_at <= $8 and email = $2 and body = $3 \
             and topic = $4 and name = $5 and role = $6 and country = $7 order by id desc limit 1",
            (
                now.minus(DUPLICATE_WITHIN),
                message.email.as_str(),
                message.body.as_str(),
                message.topic,
                message.name.as_str(),
                message.role.as_str(),
                message.country.as_str(),
                now.plus(AHEAD),
            ),
        )
        .await?;
    Ok(row.map(|(reference,)| reference))
}

/// Stores the message; gives the reference that the visitor is told.
pub(crate) async fn store(write: &Write, message: &ContactMessage, mut assessment: Assessment) -> Result<String> {
    if is_repeated(write, write.now, message).await? {
        assessment.add(SpamSignal::new(40, "The same text came from another address within the last month"));
    }
    let status = if assessment.is_spam() { MessageStatus::Spam } else { MessageStatus::Unread };
    // There are 2^40 references, so one is hardly ever taken, and a second attempt costs nothing.
    for _ in 0..3 {
        let reference = crypto::reference();
        if let Some(id) = insert(write, message, &assessment, status, &reference).await? {
            let entry = AuditEntry::new("message.receive", "message", Some(id), reference.as_str());
            write.record(entry.detail(topic::label(message.topic)));
            return Ok(reference);
        }
    }
    Err(Error::Internal("three references in a row were taken".to_owned()))
}

async fn insert(
    write: &Write,
    message: &ContactMessage,
    assessment: &Assessment,
    status: MessageStatus,
    reference: &str,
) -> Result<Option<i64>> {
    // A clock that is slow must not make a message old too early.
    let kept_from = running_time::seen_at(write).await?.map_or(write.now, |seen| seen.max(write.now));
    let row: Option<(i64,)> = write
        .optional(
            "insert into message (reference, received_at, status, topic, name, email, role, country, body, \
             spam_score, spam_reasons, search_text, kept_from, sender) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) \
             on conflict (reference) do nothing returning id",
            (
                reference,
                write.now,
                status,
                message.topic,
                message.name.as_str(),
                message.email.as_str(),
                message.role.as_str(),
                message.country.as_str(),
                message.body.as_str(),
                assessment.score(),
                assessment.reasons(),
                search_text(message, reference),
                kept_from,
                email::normal(&message.email),
            ),
        )
        .await?;
    Ok(row.map(|(id,)| id))
}

fn search_text(message: &ContactMessage, reference: &str) -> String {
    let ContactMessage { topic, name, email, role, country, body } = message;
    fold_words(reference, [name, email], topic, [role, country, body])
}

/// Folded here, because SQLite folds the case of ASCII letters only.
fn fold_words(reference: &str, [name, email]: [&str; 2], topic: &str, rest: [&str; 3]) -> String {
    let addresses = email::forms(email);
    fold(&[&[reference, name, &addresses, topic::label(topic)][..], &rest].concat().join(" "))
}

/// Makes a stored message found by its present words, and counts that as a change.
pub(crate) async fn refresh_search_text(write: &Write, id: i64) -> Result<()> {
    let Message { reference, name, email, topic, role, country, body, .. } = record::get(write, id).await?;
    let words = fold_words(&reference, [&name, &email], &topic, [&role, &country, &body]);
    write.execute("update message set search_text = $2, version = version + 1 where id = $1", (id, words)).await?;
    Ok(())
}

async fn is_repeated(db: &Conn, now: Timestamp, message: &ContactMessage) -> Result<bool> {
    let senders: Vec<(String,)> = db
        .all(
            "select distinct email from message where received_at > $1 and body = $2 and email <> $3 limit $4",
            (now.minus(REPEATED), message.body.as_str(), message.email.as_str(), SENDERS),
        )
        .await?;
    let own = email::normal(&message.email);
    Ok(senders.iter().any(|(sender,)| email::normal(sender) != own))
}
