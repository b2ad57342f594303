//! What users do with a message: sort it, give it to somebody, delete it. Who changes what
//! they have seen says which version that was; when somebody else was there since, nothing is changed.

use super::{
    state::MessageStatus,
    stored::{self, Message},
};
use crate::{
    db::conn::Conn,
    error::{Error, Result, ValidationErrors},
    model::{audit_log::AuditEntry, write::Write},
};

/// The message if it is still at the version that the user saw.
///
/// # Errors
/// `NotFound` when it was deleted, `Conflict` with a sentence when somebody changed it since.
pub(super) async fn unchanged(write: &Write, id: i64, seen: i64) -> Result<Message> {
    let message = stored::get(write, id).await?;
    if message.version == seen {
        return Ok(message);
    }
    let who = if message.handled_by.is_empty() { "Somebody else" } else { message.handled_by.as_str() };
    Err(Error::Conflict(format!(
        "{who} changed this message since you opened it. Look at it again, then repeat what is still needed."
    )))
}

pub(super) fn entry(action: &'static str, message: &Message) -> AuditEntry {
    AuditEntry::new(action, "message", Some(message.id), message.reference.as_str())
}

/// Puts it into another state.
///
/// # Errors
/// `Conflict` when it is in that state already; see [`unchanged`].
pub async fn set_state(write: &Write, id: i64, seen: i64, state: MessageStatus) -> Result<Message> {
    let message = unchanged(write, id, seen).await?;
    if message.state == state {
        return Err(Error::Conflict(format!("This message is {} already.", state.label().to_lowercase())));
    }
    put(write, id, state).await?;
    write.record(entry("message.sort", &message).detail(format!(
        "from {} to {}",
        message.state.label().to_lowercase(),
        state.label().to_lowercase()
    )));
    Ok(message)
}

async fn put(write: &Write, id: i64, state: MessageStatus) -> Result<()> {
    write
        .execute(
            "update message set state = $2, version = version + 1, handled_by = $3 where id = $1",
            (id, state, write.actor.name.as_str()),
        )
        .await?;
    Ok(())
}

/// What became of many messages at once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sorted {
    /// Put into the state.
    pub done: usize,
    /// Changed by somebody else since, deleted, or not in a state to be sorted like this; left as they were.
    pub left: usize,
}

/// Puts several messages, each with the version that the user saw, from one state or any into another.
pub async fn sort(
    write: &Write,
    messages: &[(i64, i64)],
    from: Option<MessageStatus>,
    to: MessageStatus,
) -> Result<Sorted> {
    let mut sorted = Sorted::default();
    for (id, seen) in messages {
        if let Some(from) = from
            && stored::get(write, *id).await.is_ok_and(|message| message.state != from)
        {
            sorted.left += 1;
            continue;
        }
        match set_state(write, *id, *seen, to).await {
            Ok(_) => sorted.done += 1,
            Err(Error::Conflict(_) | Error::NotFound) => sorted.left += 1,
            Err(other) => return Err(other),
        }
    }
    Ok(sorted)
}

/// Those to whom a message can be given: id and name.
pub async fn assignable(db: &Conn) -> Result<Vec<(i64, String)>> {
    Ok(db.all("select id, name from users where active order by search_text, id", ()).await?)
}

/// Gives it to a user, or to nobody. Says whether that changed anything. The state stays.
///
/// # Errors
/// `Invalid` on `assignee` when that user is not active; see [`unchanged`].
pub async fn assign(write: &Write, id: i64, seen: i64, user: Option<i64>) -> Result<bool> {
    let message = unchanged(write, id, seen).await?;
    if message.assignee_id == user {
        return Ok(false);
    }
    let users = assignable(write).await?;
    let name = match user {
        None => "nobody",
        Some(user) => users
            .iter()
            .find(|(known, _)| *known == user)
            .map(|(_, name)| name.as_str())
            .ok_or_else(|| ValidationErrors::one("assignee", "Choose a user"))?,
    };
    write
        .execute(
            "update message set assignee_id = $2, version = version + 1, handled_by = $3 where id = $1",
            (id, user, write.actor.name.as_str()),
        )
        .await?;
    write.record(entry("message.assign", &message).detail(format!("to {name}")));
    Ok(true)
}

/// Deletes it with its notes, for good.
///
/// # Errors
/// See [`unchanged`].
pub async fn delete(write: &Write, id: i64, seen: i64) -> Result<Message> {
    let message = unchanged(write, id, seen).await?;
    write.execute("delete from message where id = $1", (id,)).await?;
    write.record(entry("message.delete", &message));
    Ok(message)
}
