//! Notes that users leave on a message for each other. They are added, never changed.

use super::record;
use crate::{
    clock::Timestamp,
    db::conn::Conn,
    error::{Result, ValidationErrors},
    model::{audit_log::AuditEntry, write::Write},
    text::{clean, limit},
};

/// Longest note, in characters.
pub(crate) const NOTE_MAX: usize = 5000;

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Note {
    pub created_at: Timestamp,
    pub author_name: String,
    pub body: String,
}

/// A note that can be stored.
/// Errors: a sentence on `note`.
pub(crate) fn parse(text: &str) -> Result<String, ValidationErrors> {
    let text = clean::lines(text);
    if text.is_empty() {
        return Err(ValidationErrors::one("note", "Enter a note"));
    }
    limit::characters(&text, "the note", NOTE_MAX).map_err(|sentence| ValidationErrors::one("note", sentence))?;
    Ok(text)
}

/// The notes of a message, the oldest first.
pub async fn list(db: &Conn, message_id: i64) -> Result<Vec<Note>> {
    Ok(db
        .all("select created_at, author_name, body from message_note where message_id = $1 order by id", (message_id,))
        .await?)
}

/// Adds a note. It needs no version, because it replaces nothing, but it counts as a change for others. The status
/// stays.
/// `NotFound` when the message was deleted; `Validation` on `note`.
pub(crate) async fn add(write: &Write, message_id: i64, text: &str) -> Result<()> {
    let message = record::get(write, message_id).await?;
    let text = parse(text)?;
    insert(
        write,
        message_id,
        &NewNote { at: write.now, author_id: write.actor.id, author: &write.actor.name, text: &text },
    )
    .await?;
    count_change(write, message_id).await?;
    write.record(AuditEntry::new("message.note", "message", Some(message_id), message.reference));
    Ok(())
}

/// Counts a change of a message that changes nothing in its row.
pub(super) async fn count_change(write: &Write, message_id: i64) -> Result<()> {
    let sql = "update message set version = version + 1, handled_by = $2 where id = $1";
    write.execute(sql, (message_id, write.actor.name.as_str())).await?;
    Ok(())
}

/// A note to be stored.
pub(super) struct NewNote<'a> {
    pub(super) at: Timestamp,
    pub(super) author_id: Option<i64>,
    pub(super) author: &'a str,
    pub(super) text: &'a str,
}

pub(super) async fn insert(write: &Write, message_id: i64, note: &NewNote<'_>) -> Result<()> {
    write
        .execute(
            "insert into message_note (message_id, created_at, author_id, author_name, body) \
             values ($1, $2, $3, $4, $5)",
            (message_id, note.at, note.author_id, note.author, note.text),
        )
        .await?;
    Ok(())
}
