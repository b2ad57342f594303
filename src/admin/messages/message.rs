//! One message: read it, sort it, give it to someone, write notes, answer it. All of it is one form with several
//! buttons, so that whatever one of them does, what was typed in the other fields is kept. How it is shown is
//! `screen`. Reading changes nothing, and only the buttons that name a status change it.

use axum::{extract::Query, response::Response};
use serde::Deserialize;

use super::{
    conflict::{Conflict, Seen},
    form_view::MessageInput,
    query::MessagesQuery,
    screen,
};
use crate::{
    admin::{
        paths::{MessagePath, MessagesPath},
        shared::{admin_context::AdminContext, routes::Routes},
    },
    error::{Error, Result, ValidationErrors},
    model::{
        message::{
            drafts::{self, Draft},
            handling, notes, record, reply,
            status::MessageStatus,
        },
        policy::Action,
        write::Write,
    },
    text::{clean, isolate::isolate},
    web::form::Form,
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::HandleMessages, show).post_text(Action::HandleMessages, update)
}

async fn show(
    MessagePath { id }: MessagePath,
    admin: AdminContext,
    Query(list_query): Query<MessagesQuery>,
) -> Result<Response> {
    screen::draw(&admin, id, &list_query, MessageInput::default()).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct MessageForm {
    /// The version of the message that was on the screen.
    expected_version: String,
    #[serde(rename = "do")]
    action: String,
    answer: String,
    /// The saved answer that the form was rendered with.
    was_answer: String,
    note: String,
    assignee: Option<String>,
    /// The assignee that the form was rendered with.
    was_assignee: Option<String>,
    /// The newest entry of the audit log when the form was rendered.
    since: String,
}

impl MessageForm {
    /// Whether the answer is this user's: changed in the form, or said to have been sent.
    fn has_own_answer(&self) -> bool {
        self.action == "sent" || self.changed_answer().is_some()
    }

    /// The answer, if it was changed in the form.
    fn changed_answer(&self) -> Option<String> {
        let answer = clean::lines(&self.answer);
        (answer != clean::lines(&self.was_answer)).then_some(answer)
    }

    /// The assignee, if another one was chosen in the form.
    fn changed_assignee(&self) -> Option<String> {
        let was = self.was_assignee.as_ref()?;
        self.assignee.clone().filter(|assignee| assignee != was)
    }

    /// A number that cannot be read matches no version.
    fn expected_version(&self) -> i64 {
        self.expected_version.parse().unwrap_or(-1)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Button {
    /// Saves the answer; changes no status.
    Save,
    Sent,
    AddNote,
    Assign,
    AssignMe,
    SetStatus(MessageStatus),
}

impl Button {
    fn parse(text: &str) -> Result<Self> {
        Ok(match text {
            "save" => Self::Save,
            "sent" => Self::Sent,
            "note" => Self::AddNote,
            "assign" => Self::Assign,
            "assign_me" => Self::AssignMe,
            other => match MessageStatus::parse(other) {
                Some(status) if status != MessageStatus::Answered => Self::SetStatus(status),
                _ => return Err(Error::BadRequest("There is no such button at a message.".to_owned())),
            },
        })
    }
}

struct ActionResult {
    sentence: String,
    /// Whether anything was changed that has an entry in the audit log.
    changed: bool,
    to_list: bool,
}

impl ActionResult {
    fn here(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), changed: true, to_list: false }
    }
}

async fn update(
    MessagePath { id }: MessagePath,
    admin: AdminContext,
    Query(list_query): Query<MessagesQuery>,
    Form(form): Form<MessageForm>,
) -> Result<Response> {
    let button = Button::parse(&form.action)?;
    let pressed = admin.change(async |write| {
        let done = press(&admin, write, id, button, &form).await?;
        let draft = remaining_draft(write, id, button, &form).await?;
        if done.changed {
            drafts::keep(write, id, admin.user.id, &draft).await?;
        }
        Ok((done, draft))
    });
    let (done, draft) = match pressed.await {
        Ok(pressed) => pressed,
        Err(error) => return refuse(&admin, id, &list_query, form, error).await,
    };
    if !done.changed {
        drafts::store(&admin.app.db, id, admin.user.id, &draft).await?;
    }
    let kept = draft.parts(id).in_words();
    let kept = if kept.is_empty() { kept } else { format!(" Kept for you, but not saved: {kept}.") };
    let to = if done.to_list {
        format!("{MessagesPath}{}", list_query.query())
    } else {
        format!("{}{}", MessagePath { id }, list_query.query())
    };
    admin.done(&to, format!("{}{kept}", done.sentence)).await
}

/// What was typed or chosen and still has to be kept after the button was pressed.
async fn remaining_draft(write: &Write, id: i64, button: Button, form: &MessageForm) -> Result<Draft> {
    let message = record::get(write, id).await?;
    let assigned = message.assignee_id.map_or_else(String::new, |id| id.to_string());
    let is_decided = matches!(button, Button::Assign | Button::AssignMe);
    Ok(Draft {
        answer: form.changed_answer().filter(|answer| *answer != message.answer),
        note: if button == Button::AddNote { String::new() } else { clean::lines(&form.note) },
        assignee: form.changed_assignee().filter(|assignee| !is_decided && *assignee != assigned),
    })
}

async fn press(
    admin: &AdminContext,
    write: &Write,
    id: i64,
    button: Button,
    form: &MessageForm,
) -> Result<ActionResult> {
    match button {
        Button::Save => save(write, id, form).await,
        Button::Sent => {
            reply::mark_sent(write, id, form.expected_version(), &form.answer).await?;
            Ok(ActionResult::here("The message is marked as answered."))
        }
        Button::AddNote => {
            notes::add(write, id, &form.note).await?;
            Ok(ActionResult::here("Note added."))
        }
        // Text that is not a number is refused like the id of a user who has left.
        Button::Assign => {
            let assignee = form.assignee.as_deref().filter(|assignee| !assignee.is_empty());
            assign(write, id, form, assignee.map(|assignee| assignee.parse().unwrap_or(-1))).await
        }
        Button::AssignMe => assign(write, id, form, Some(admin.user.id)).await,
        Button::SetStatus(status) => set_status(write, id, form, status).await,
    }
}

async fn save(write: &Write, id: i64, form: &MessageForm) -> Result<ActionResult> {
    let has_more = !clean::lines(&form.note).is_empty() || form.changed_assignee().is_some();
    let message = record::get(write, id).await?;
    if clean::lines(&form.answer) == message.answer {
        if message.answer.is_empty() && !has_more {
            return Err(ValidationErrors::one("answer", "Enter the answer").into());
        }
        let sentence = "There is no new answer to save.".to_owned();
        return Ok(ActionResult { sentence, changed: false, to_list: false });
    }
    reply::save(write, id, form.expected_version(), &form.answer).await?;
    if clean::lines(&form.answer).is_empty() {
        return Ok(ActionResult::here("The saved answer is removed."));
    }
    Ok(ActionResult::here("Answer saved, not sent yet."))
}

async fn assign(write: &Write, id: i64, form: &MessageForm, user: Option<i64>) -> Result<ActionResult> {
    let changed = handling::assign(write, id, form.expected_version(), user).await?;
    if !changed {
        return Ok(ActionResult { sentence: "It is assigned like this already.".to_owned(), changed, to_list: false });
    }
    let name = record::get(write, id).await?.assignee_name;
    Ok(ActionResult::here(name.map_or_else(
        || "The message is assigned to nobody now.".to_owned(),
        |name| format!("The message is assigned to {}.", isolate(&name)),
    )))
}

async fn set_status(write: &Write, id: i64, form: &MessageForm, status: MessageStatus) -> Result<ActionResult> {
    let message = handling::set_status(write, id, form.expected_version(), status).await?;
    let what = match status {
        MessageStatus::Unread => "marked as unread",
        MessageStatus::Archived => "archived",
        MessageStatus::Spam => "marked as spam",
        MessageStatus::Open if message.status == MessageStatus::Unread => "marked as read",
        MessageStatus::Open | MessageStatus::Answered => "open again",
    };
    let sentence = format!("Message {} is {what}.", message.reference);
    Ok(ActionResult { sentence, changed: true, to_list: status != MessageStatus::Open })
}

/// Shows the message again with what was typed and the reason, or what was typed alone when the message is gone.
async fn refuse(
    admin: &AdminContext,
    id: i64,
    list_query: &MessagesQuery,
    form: MessageForm,
    error: Error,
) -> Result<Response> {
    let seen =
        Seen { version: form.expected_version(), entry: form.since.parse().ok(), answer: form.was_answer.clone() };
    let has_own_answer = form.has_own_answer();
    let assignee = form.changed_assignee();
    let typed = MessageInput { answer: Some(form.answer), note: Some(form.note), assignee, ..MessageInput::default() };
    match error {
        Error::Validation(invalid) => {
            let typed = MessageInput { errors: invalid.into(), seen: Some(seen), ..typed };
            screen::draw(admin, id, list_query, typed).await
        }
        // The screen shows what the others did, so the next try counts as having seen it.
        Error::Conflict(sentence) => {
            let conflict = Some(Conflict::since(admin, id, &seen, sentence).await?);
            let typed = MessageInput { conflict, answer: typed.answer.filter(|_| has_own_answer), ..typed };
            screen::draw(admin, id, list_query, typed).await
        }
        Error::NotFound => screen::draw_gone(admin, id, list_query, typed).await,
        other => Err(other),
    }
}
