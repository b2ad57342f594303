//! What users do with a message: sort it, give it to someone, delete it. A change names the version that its user saw;
//! when someone else has changed the message since, nothing is changed.

use super::{
    record::{self, Message},
    status::MessageStatus,
};
use crate::{
    error::{Error, Result, ValidationErrors},
    model::{audit_log::AuditEntry, seen_version::SeenVersion, user, write::Write},
};

/// The message if it is still at the version that the user saw.
/// `NotFound` when it was deleted, `Conflict` with a sentence when someone changed it since.
pub(super) async fn get_expected(write: &Write, id: i64, expected_version: i64) -> Result<Message> {
    let message = record::get(write, id).await?;
    if message.version == expected_version {
        return Ok(message);
    }
    let who = if message.handled_by.is_empty() { "Someone else" } else { message.handled_by.as_str() };
    Err(Error::Conflict(format!(
        "{who} changed this message since you opened it. Look at it again, then repeat what is still needed."
    )))
}

/// An entry for the audit log about it.
pub(crate) fn entry(action: &'static str, message: &Message) -> AuditEntry {
    AuditEntry::new(action, "message", Some(message.id), message.reference.as_str())
}

/// Puts it into another status.
/// `Conflict` when it is in that status already; see [`get_expected`].
pub(crate) async fn set_status(
    write: &Write,
    id: i64,
    expected_version: i64,
    status: MessageStatus,
) -> Result<Message> {
    let message = get_expected(write, id, expected_version).await?;
    if message.status == status {
        return Err(Error::Conflict(format!("This message is {} already.", status.as_str())));
    }
    put(write, id, status).await?;
    write.record(entry("message.sort", &message).detail(format!(
        "from {} to {}",
        message.status.as_str(),
        status.as_str()
    )));
    Ok(message)
}

async fn put(write: &Write, id: i64, status: MessageStatus) -> Result<()> {
    write
        .execute(
            "update message set status = $2, version = version + 1, handled_by = $3 where id = $1",
            (id, status, write.actor.name.as_str()),
        )
        .await?;
    Ok(())
}

/// The result of sorting many messages at once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct BulkResult {
    pub(crate) done: usize,
    /// Left as they were: changed by someone else since, deleted, or in another status.
    pub(crate) left: usize,
}

impl BulkResult {
    /// Counts one message, which was changed or not, or was another than the user saw.
    fn count(&mut self, result: Result<bool>) -> Result<()> {
        match result {
            Ok(true) => self.done += 1,
            Ok(false) | Err(Error::Conflict(_) | Error::NotFound) => self.left += 1,
            Err(other) => return Err(other),
        }
        Ok(())
    }
}

/// Puts several messages, each with the version that the user saw, from one status or any into another. Gives those that were
/// changed, as they were before.
pub(crate) async fn set_status_of_all(
    write: &Write,
    messages: &[SeenVersion],
    from: Option<MessageStatus>,
    to: MessageStatus,
) -> Result<(BulkResult, Vec<Message>)> {
    let (mut sorted, mut changed) = (BulkResult::default(), Vec::new());
    for seen in messages {
        if let Some(from) = from
            && record::get(write, seen.id).await.is_ok_and(|message| message.status != from)
        {
            sorted.left += 1;
            continue;
        }
        let before = set_status(write, seen.id, seen.version, to).await;
        sorted.count(before.map(|message| {
            changed.push(message);
            true
        }))?;
    }
    Ok((sorted, changed))
}

/// Gives it to a user, or to nobody. Says whether that changed anything. The status stays.
/// `Validation` on `assignee` when that user is not active; see [`get_expected`].
pub(crate) async fn assign(write: &Write, id: i64, expected_version: i64, assignee: Option<i64>) -> Result<bool> {
    let name = assignee_name(write, assignee).await?;
    put_assignee(write, id, expected_version, assignee, &name).await
}

/// Gives each message that is still at the version that the user saw to a user, or to nobody.
/// `Validation` on `assignee` when that user is not active.
pub(crate) async fn assign_all(write: &Write, messages: &[SeenVersion], assignee: Option<i64>) -> Result<BulkResult> {
    let name = assignee_name(write, assignee).await?;
    let mut result = BulkResult::default();
    for seen in messages {
        result.count(put_assignee(write, seen.id, seen.version, assignee, &name).await)?;
    }
    Ok(result)
}

/// How the audit log calls them.
async fn assignee_name(write: &Write, assignee: Option<i64>) -> Result<String> {
    let Some(id) = assignee else { return Ok("nobody".to_owned()) };
    let users = user::list_active(write).await?;
    let found = users.into_iter().find(|user| user.id == id);
    Ok(found.ok_or_else(|| ValidationErrors::one("assignee", "Choose a user"))?.name)
}

async fn put_assignee(
    write: &Write,
    id: i64,
    expected_version: i64,
    assignee: Option<i64>,
    name: &str,
) -> Result<bool> {
    let message = get_expected(write, id, expected_version).await?;
    if message.assignee_id == assignee {
        return Ok(false);
    }
    write
        .execute(
            "update message set assignee_id = $2, version = version + 1, handled_by = $3 where id = $1",
            (id, assignee, write.actor.name.as_str()),
        )
        .await?;
    write.record(entry("message.assign", &message).detail(format!("to {name}")));
    Ok(true)
}

/// Deletes each message that is still at the version that the user saw, with its notes, for good.
pub(crate) async fn delete_all(write: &Write, messages: &[SeenVersion]) -> Result<BulkResult> {
    let mut deleted = BulkResult::default();
    for seen in messages {
        deleted.count(delete(write, seen.id, seen.version).await.map(|_| true))?;
    }
    Ok(deleted)
}

/// Deletes it with its notes, for good.
pub(crate) async fn delete(write: &Write, id: i64, expected_version: i64) -> Result<Message> {
    let message = get_expected(write, id, expected_version).await?;
    write.execute("delete from message where id = $1", (id,)).await?;
    write.record(entry("message.delete", &message));
    Ok(message)
}
