//! The screen of one message, to which all of its forms come back. Changes nothing.

use axum::{http::StatusCode, response::Response};
use serde::Serialize;

use super::{
    conflict::{Conflict, Seen},
    query::MessagesQuery,
};
use crate::{
    admin::{
        paths::{DeleteMessagePath, MessagePath, MessagesPath},
        shared::{
            admin_context::{AdminContext, When},
            retention_notices,
        },
    },
    error::{Error, Result},
    model::{
        audit_log,
        message::{
            drafts::{self, DraftParts},
            handling, inbox, notes,
            record::{self, Message},
            spam,
            status::MessageStatus,
            topic,
        },
        policy::Action,
    },
    text::{email, isolate::isolate, mailto},
    web::form_errors::{FormErrors, SelectOption},
};

/// What was typed and could not be saved.
#[derive(Debug, Default)]
pub(crate) struct MessageInput {
    /// The answer, if the form was sent.
    pub(crate) answer: Option<String>,
    /// The note, if the form was sent.
    pub(crate) note: Option<String>,
    /// The assignee, if another one was chosen.
    pub(crate) assignee: Option<String>,
    /// What was on the screen when it was typed, if it still counts.
    pub(crate) seen: Option<Seen>,
    pub(crate) errors: FormErrors,
    pub(crate) conflict: Option<Conflict>,
}

#[derive(Serialize)]
struct View {
    id: i64,
    reference: String,
    topic: String,
    name: String,
    email: String,
    /// Opens an e-mail to the visitor that names the reference.
    email_link: String,
    role: String,
    country: String,
    body: String,
    received: When,
    status: &'static str,
    status_label: &'static str,
    spam: Option<Spam>,
    /// Id of the assigned user as the form sends it; empty for nobody.
    assignee: String,
    /// The same as it was chosen, if that is not saved yet.
    chosen_assignee: String,
    assignee_name: String,
    assignees: Vec<SelectOption>,
    /// Own id, for the button “Assign to me”; empty when it is assigned to oneself already.
    me: String,
    moves: Vec<SelectOption>,
    answer: Option<Answer>,
    /// What the field holds: as typed, as left behind, or as saved.
    typed_answer: String,
    seen: i64,
    since: i64,
    /// The saved answer that the typed one was based on.
    was_answer: String,
    notes: Vec<Note>,
    note: String,
    errors: FormErrors,
    conflict: Option<Conflict>,
    /// Whether another answer was saved while one was typed: both are shown side by side.
    has_two_answers: bool,
    /// Which fields hold something that is not saved, in words.
    unsaved: String,
    /// When it will be deleted, if it is marked for that.
    deleted: Option<String>,
    /// The query string, with its question mark, that keeps folder and search in the forms' addresses; may be empty.
    query: String,
    folder_label: &'static str,
    newer: Option<String>,
    older: Option<String>,
    /// Where it can be deleted; none if the user may not.
    deletion: Option<String>,
}

#[derive(Serialize)]
struct Spam {
    score: i64,
    threshold: i64,
    reasons: Vec<String>,
}

#[derive(Serialize)]
struct Answer {
    text: String,
    /// Whether someone marked it as sent; then `by` and `when` are theirs.
    sent: bool,
    by: String,
    when: Option<When>,
    link: String,
    /// Whether the link holds the text; mail programs take only so much.
    whole: bool,
    /// Whether it becomes a note when another one is saved.
    kept: bool,
}

#[derive(Serialize)]
struct Note {
    author: String,
    when: When,
    body: String,
}

/// Draws the message with what was typed.
/// `NotFound` when there is no such message.
pub(crate) async fn draw(
    admin: &AdminContext,
    id: i64,
    list_query: &MessagesQuery,
    typed: MessageInput,
) -> Result<Response> {
    let status = if typed.conflict.is_some() { StatusCode::CONFLICT } else { typed.errors.status() };
    // Read first, so that what others do meanwhile counts as not seen.
    let since = audit_log::head(admin.app.read()).await?.map_or(0, |head| head.id);
    let message = record::get(admin.app.read(), id).await?;
    let title = format!("Message {}", message.reference);
    let view = view(admin, (message, since), list_query, typed).await?;
    admin.screen_as(status, "admin/messages/show.html", &title, &view).await
}

fn is_same(typed: &str, saved: &str) -> bool {
    typed.replace('\r', "") == saved
}

async fn view(
    admin: &AdminContext,
    (message, since): (Message, i64),
    list_query: &MessagesQuery,
    typed: MessageInput,
) -> Result<View> {
    let db = admin.app.read();
    let query = list_query.query();
    let has_two_answers = typed.conflict.as_ref().is_some_and(|conflict| conflict.has_other_answer)
        && typed.answer.as_ref().is_some_and(|answer| !is_same(answer, &message.answer) && !answer.trim().is_empty());
    let seen = match typed.seen {
        Some(seen) => seen,
        None => Seen { version: message.version, entry: None, answer: message.answer.clone() },
    };
    let (newer, older) = inbox::around(db, &list_query.filter(admin), message.id).await?;
    let neighbour = |id: Option<i64>| id.map(|id| format!("{}{query}", MessagePath { id }));
    let notes = notes::list(db, message.id).await?.into_iter();
    let mine = message.assignee_id == Some(admin.user.id);
    let draft = drafts::get(db, message.id, admin.user.id).await?;
    let assignees = assignees(admin, &message).await?;
    let assignee = message.assignee_id.map_or_else(String::new, |id| id.to_string());
    let is_offered = |chosen: &String| assignees.iter().any(|choice| choice.value == *chosen);
    let chosen = typed.assignee.or(draft.assignee).filter(|chosen| is_offered(chosen) && *chosen != assignee);
    let typed_answer = typed.answer.or(draft.answer).unwrap_or_else(|| message.answer.clone());
    let note = typed.note.unwrap_or(draft.note);
    let unsaved = DraftParts {
        message_id: message.id,
        answer: !is_same(&typed_answer, &message.answer),
        note: !note.is_empty(),
        assignee: chosen.is_some(),
    };
    Ok(View {
        newer: neighbour(newer),
        older: neighbour(older),
        deletion: admin
            .may(Action::DisposeOfMessages)
            .then(|| format!("{}{query}", DeleteMessagePath { id: message.id })),
        spam: spam(&message),
        assignees,
        chosen_assignee: chosen.unwrap_or_else(|| assignee.clone()),
        assignee,
        me: if mine { String::new() } else { admin.user.id.to_string() },
        moves: moves(message.status),
        answer: answer(admin, &message),
        unsaved: unsaved.in_words(),
        deleted: retention_notices::until(admin, message.delete_after).await?,
        typed_answer,
        seen: seen.version,
        since: seen.entry.unwrap_or(since),
        was_answer: seen.answer,
        has_two_answers,
        notes: notes
            .map(|note| Note { author: note.author_name, when: admin.when(note.created_at), body: note.body })
            .collect(),
        note,
        errors: typed.errors,
        conflict: typed.conflict,
        folder_label: list_query.folder().label(),
        query,
        received: admin.when(message.received_at),
        status: message.status.as_str(),
        status_label: message.status.label(),
        topic: topic::label(&message.topic).to_owned(),
        email_link: mailto::link(&message.email, &subject(admin, &message), ""),
        id: message.id,
        reference: message.reference,
        name: message.name,
        email: email::display(&message.email),
        role: message.role,
        country: message.country,
        body: message.body,
        assignee_name: message.assignee_name.unwrap_or_default(),
    })
}

fn subject(admin: &AdminContext, message: &Message) -> String {
    format!("{}: your message {}", admin.settings.site_name, message.reference)
}

fn spam(message: &Message) -> Option<Spam> {
    (message.spam_score > 0).then(|| Spam {
        score: message.spam_score,
        threshold: spam::THRESHOLD,
        reasons: message.spam_reasons.lines().map(ToOwned::to_owned).collect(),
    })
}

fn answer(admin: &AdminContext, message: &Message) -> Option<Answer> {
    if message.answer.is_empty() {
        return None;
    }
    let sent = message.answered_at.is_some();
    let subject = subject(admin, message);
    let full = mailto::link(&message.email, &subject, &message.answer);
    let whole = full.len() <= mailto::MAX;
    Some(Answer {
        text: message.answer.clone(),
        sent,
        by: if sent { message.answered_by.clone() } else { message.saved_by.clone() },
        kept: sent || message.saved_by != admin.user.name,
        when: message.answered_at.or(message.saved_at).map(|at| admin.when(at)),
        link: if whole { full } else { mailto::link(&message.email, &subject, "") },
        whole,
    })
}

/// All users to choose from, and the present assignee even if they have left.
async fn assignees(admin: &AdminContext, message: &Message) -> Result<Vec<SelectOption>> {
    let users = handling::assignable(admin.app.read()).await?;
    let mut choices = vec![SelectOption::new("", "Nobody")];
    if let (Some(id), Some(name)) = (message.assignee_id, &message.assignee_name)
        && !users.iter().any(|(known, _)| *known == id)
    {
        choices.push(SelectOption::new(id.to_string(), format!("{name} (has left)")));
    }
    choices.extend(users.into_iter().map(|(id, name)| SelectOption::new(id.to_string(), name)));
    Ok(choices)
}

/// Where it can go from here; the words say what happens.
fn moves(status: MessageStatus) -> Vec<SelectOption> {
    let (open, archive) = (SelectOption::new("open", "Reopen"), SelectOption::new("archived", "Archive"));
    let (spam, unread) = (SelectOption::new("spam", "Mark as spam"), SelectOption::new("unread", "Mark as unread"));
    match status {
        MessageStatus::Unread => vec![SelectOption::new("open", "Mark as read"), archive, spam],
        MessageStatus::Open => vec![archive, spam, unread],
        MessageStatus::Answered => vec![archive, open],
        MessageStatus::Spam => vec![SelectOption::new("open", "Not spam"), archive],
        MessageStatus::Archived => vec![open, spam],
    }
}

#[derive(Serialize)]
struct Gone {
    typed: String,
    list: String,
    /// What became of the message, in a sentence.
    sentence: String,
    when: Option<When>,
}

/// For a message that was deleted while its answer was being written: shows what was typed.
/// `NotFound` when nothing was typed.
pub(crate) async fn draw_gone(
    admin: &AdminContext,
    id: i64,
    list_query: &MessagesQuery,
    typed: MessageInput,
) -> Result<Response> {
    let texts = [typed.answer.unwrap_or_default(), typed.note.unwrap_or_default()];
    let typed = texts.join("\n\n").trim().to_owned();
    if typed.is_empty() {
        return Err(Error::NotFound);
    }
    let deleted = audit_log::changes(admin.app.read(), "message.delete", Some(id), 1).await?.into_iter().next();
    let sentence = match &deleted {
        Some(change) if change.actor_id == Some(admin.user.id) => {
            "You deleted the message in another window".to_owned()
        }
        Some(change) => format!("{} deleted the message while you were writing", isolate(&change.actor_name)),
        None => "The time of the message was over, and it was deleted while you were writing".to_owned(),
    };
    let when = deleted.map(|change| admin.when(change.at));
    let view = Gone { typed, list: format!("{MessagesPath}{}", list_query.query()), sentence, when };
    admin.screen_as(StatusCode::NOT_FOUND, "admin/messages/gone.html", "This message is no longer here", &view).await
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples = &[
    ("admin/messages/show.html", crate::admin::shared::admin_context::sample_screen::<View>),
    ("admin/messages/gone.html", crate::admin::shared::admin_context::sample_screen::<Gone>),
];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { id, reference, topic, name, email, email_link, role, country, body, received, status, status_label, spam, assignee, chosen_assignee, assignee_name, assignees, me, moves, answer, typed_answer, seen, since, was_answer, notes, note, errors, conflict, has_two_answers, unsaved, deleted, query, folder_label, newer, older, deletion }
    Spam { score, threshold, reasons }
    Answer { text, sent, by, when, link, whole, kept }
    Note { author, when, body }
    Gone { typed, list, sentence, when }
}
