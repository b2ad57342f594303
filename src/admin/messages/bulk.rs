//! What is done with many messages at once: those that are ticked, or all of the list, as far as it had come when it was shown.

use axum::{extract::Query, response::Response};
use serde::Deserialize;

use super::query::MessagesQuery;
use crate::{
    admin::{
        paths::MessagesPath,
        shared::{admin_context::AdminContext, flash::FlashAction, routes::Routes},
    },
    error::{Error, Result},
    model::{
        message::{
            handling::{self, BulkResult},
            inbox::{MessageFolder, MessageState},
            selection::{MOST, MessageSelection},
            status::MessageStatus,
        },
        policy::Action,
        seen_version::SeenVersion,
        undo::{noted, step::Step},
        write::Write,
    },
    text::count::pluralise,
    web::{form::Form, form_errors::SelectOption},
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.post(Action::HandleMessages, update)
}

/// Which messages a form of the list means: those that are ticked, or with the scope `all` those on other pages too, up to the
/// one that was the newest.
pub(super) fn selection(ticked: &[String], scope: &str, last: &str) -> MessageSelection {
    if scope == "all" {
        return MessageSelection::UpTo { last: last.parse().unwrap_or(0) };
    }
    MessageSelection::Ticked(SeenVersion::parse_all(ticked))
}

/// What is said when there may be more of them than `count`.
pub(super) fn describe_more(selection: &MessageSelection, count: usize) -> String {
    if !selection.is_whole_list() || count < MOST {
        return String::new();
    }
    format!(" These were the first {}: do the same again for the rest.", pluralise(count, "message", "messages"))
}

/// Said when a form means no message.
pub(super) const NOTHING: &str = "Nothing was changed: tick at least one message first.";

/// What can be done with rows of the list.
struct Move {
    name: &'static str,
    label: &'static str,
    /// The only status that it applies to.
    from: Option<MessageStatus>,
    to: MessageStatus,
    done: &'static str,
}

impl Move {
    fn applies(&self, status: MessageStatus) -> bool {
        status != self.to && self.from.is_none_or(|from| from == status)
    }
}

const MOVES: [Move; 5] = [
    Move {
        name: "read",
        label: "Mark as read",
        from: Some(MessageStatus::Unread),
        to: MessageStatus::Open,
        done: "marked as read",
    },
    Move {
        name: "unread",
        label: "Mark as unread",
        from: Some(MessageStatus::Open),
        to: MessageStatus::Unread,
        done: "marked as unread",
    },
    Move { name: "archive", label: "Archive", from: None, to: MessageStatus::Archived, done: "archived" },
    Move { name: "spam", label: "Mark as spam", from: None, to: MessageStatus::Spam, done: "marked as spam" },
    Move {
        name: "not_spam",
        label: "Not spam",
        from: Some(MessageStatus::Spam),
        to: MessageStatus::Unread,
        done: "put back into the inbox",
    },
];

/// Those of them that make sense in a folder: names and labels.
pub(super) fn moves(folder: MessageFolder) -> Vec<SelectOption> {
    MOVES
        .iter()
        .filter(|one| match folder {
            MessageFolder::All => true,
            MessageFolder::Inbox => one.from != Some(MessageStatus::Spam),
            MessageFolder::Of(status) => one.from.is_none_or(|from| from == status) && one.to != status,
        })
        .map(|one| SelectOption::new(one.name, one.label))
        .collect()
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct BulkForm {
    message: Vec<String>,
    scope: String,
    /// Id of the newest message when the list was shown.
    last: String,
    /// How many the list had then.
    shown: String,
    to: String,
    assignee: String,
}

async fn update(
    _: MessagesPath,
    admin: AdminContext,
    Query(list_query): Query<MessagesQuery>,
    Form(form): Form<BulkForm>,
) -> Result<Response> {
    let to = format!("{MessagesPath}{}", list_query.with_cursor());
    let known = MOVES.iter().find(|one| one.name == form.to);
    if known.is_none() && form.to != "assign" {
        return Err(Error::BadRequest("Messages cannot be sorted that way.".to_owned()));
    }
    let filter = list_query.filter(&admin);
    let selection = selection(&form.message, &form.scope, &form.last);
    let assignee = assignee(&form.assignee);
    let applies = |message: &MessageState| match known {
        Some(one) => one.applies(message.status),
        None => message.assignee_id != assignee,
    };
    let changed = admin.change(async |write| {
        if let Some(now) =
            selection.count(write, &filter).await?.filter(|now| *now > 0 && now.to_string() != form.shown)
        {
            return Err(Error::Conflict(describe_other_list(now)));
        }
        let messages = selection.messages(write, &filter, applies).await?;
        let (done, undo) = match known {
            Some(one) => sort(write, &messages, one).await?,
            None => (handling::assign_all(write, &messages, assignee).await?, None),
        };
        Ok((messages.len(), done, undo))
    });
    let (count, done, undo) = match changed.await {
        Ok(changed) => changed,
        Err(error) => return admin.refuse(&to, error).await,
    };
    if count == 0 {
        let is_so = selection.is_whole_list() && form.shown != "0" && !form.shown.is_empty();
        let sentence =
            if is_so { "Nothing was changed: there is nothing to do for any message of this list." } else { NOTHING };
        return admin.not_done(&to, sentence).await;
    }
    let sentence = outcome(done, known.map_or("assigned", |one| one.done)) + &describe_more(&selection, count);
    if done.done == 0 {
        return admin.not_done(&to, sentence).await;
    }
    admin.done_with(&to, sentence, undo.map(|undo| FlashAction::undo_sorting(undo, &to))).await
}

/// Gives the number under which it is undone, if anything was changed.
async fn sort(write: &Write, messages: &[SeenVersion], how: &Move) -> Result<(BulkResult, Option<i64>)> {
    let (done, before) = handling::set_status_of_all(write, messages, how.from, how.to).await?;
    let steps: Vec<_> = before.iter().map(Step::sort).collect();
    Ok((done, if steps.is_empty() { None } else { Some(noted::note(write, &steps).await?) }))
}

/// What is said when a list has other messages than its user has seen.
fn describe_other_list(now: i64) -> String {
    let now = pluralise(usize::try_from(now).unwrap_or_default(), "message", "messages");
    format!(
        "Nothing was changed: this list has changed since you opened it, and has {now} now. Look at it, then do it again."
    )
}

/// Text that is not a number is refused like the id of a user who has left.
fn assignee(typed: &str) -> Option<i64> {
    (!typed.is_empty()).then(|| typed.parse().unwrap_or(-1))
}

/// `what` is what was done with them.
pub(super) fn outcome(sorted: BulkResult, what: &str) -> String {
    let count = |count: usize| pluralise(count, "message was", "messages were");
    let they = if sorted.left == 1 { "it" } else { "they" };
    let left = format!("{} left alone: {they} had changed since, or cannot be sorted like this.", count(sorted.left));
    match (sorted.done, sorted.left) {
        (done, 0) => format!("{} {what}.", count(done)),
        (0, _) => left,
        (done, _) => format!("{} {what}. {left}", count(done)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_offer_what_makes_sense() {
        let names = |folder| moves(folder).into_iter().map(|choice| choice.value).collect::<Vec<_>>();
        assert_eq!(names(MessageFolder::Inbox), ["read", "unread", "archive", "spam"]);
        assert_eq!(names(MessageFolder::Of(MessageStatus::Unread)), ["read", "archive", "spam"]);
        assert_eq!(names(MessageFolder::Of(MessageStatus::Open)), ["unread", "archive", "spam"]);
        assert_eq!(names(MessageFolder::Of(MessageStatus::Spam)), ["archive", "not_spam"]);
        assert_eq!(names(MessageFolder::Of(MessageStatus::Archived)), ["spam"]);
        assert_eq!(names(MessageFolder::All), ["read", "unread", "archive", "spam", "not_spam"]);
    }
}
