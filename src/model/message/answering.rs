//! The answer to a message. Plinth sends no mail yet: it keeps what was answered, and people send it.

use super::{handling, notes, state::State};
use crate::{
    error::{Invalid, Result},
    model::write::Write,
    text::clean,
};

/// Longest answer, in characters.
pub const ANSWER_MAX: usize = 10_000;

/// An answer that can be stored.
///
/// # Errors
/// A sentence on `answer`.
pub fn parse(text: &str) -> Result<String, Invalid> {
    let text = clean::lines(text);
    let count = text.chars().count();
    if text.is_empty() {
        return Err(Invalid::one("answer", "Enter the answer"));
    }
    if count > ANSWER_MAX {
        return Err(Invalid::one(
            "answer",
            format!("Shorten the answer to 10,000 characters or fewer; it has {count}"),
        ));
    }
    Ok(text)
}

/// Stores the answer and marks the message as answered. An earlier answer that says something else becomes a note,
/// so that what was once answered can always be read.
///
/// # Errors
/// `Invalid` on `answer`; `Conflict` when somebody changed the message since version `seen`.
pub async fn answer(write: &Write, id: i64, seen: i64, text: &str) -> Result<()> {
    let text = parse(text)?;
    let message = handling::unchanged(write, id, seen).await?;
    if !message.answer.is_empty() && message.answer != text {
        let earlier = format!("Earlier answer:\n\n{}", message.answer);
        let at = message.answered_at.unwrap_or(write.now);
        notes::insert(write, id, &message.answered_by, None, at, &earlier).await?;
    }
    let by = write.actor.name.as_str();
    write
        .execute(
            "update message set answer = $2, answered_at = $3, answered_by = $4, state = $5, \
             version = version + 1, handled_by = $4 where id = $1",
            (id, text, write.now, by, State::Answered),
        )
        .await?;
    write.record(handling::entry("message.answer", &message));
    Ok(())
}
