//! The buttons of a message: what each does, in whose words, and where it leads. Only those that name a status change it.

use super::{
    message_form::MessageForm,
    message_view::{quoted, subject},
    outcome::{ActionResult, NextScreen},
    question::draft_question,
};
use crate::{
    admin::{
        paths::MessagePath,
        shared::{admin_context::AdminContext, flash::FlashAction},
    },
    error::{Error, Result, ValidationErrors},
    model::{
        message::{
            answer_template, handling, notes,
            record::{self, Message},
            reply::{self, AnswerMail},
            status::MessageStatus,
        },
        undo::{noted, step::Step},
        write::Write,
    },
    text::{clean, isolate::isolate},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Button {
    /// Saves the answer; changes no status.
    Save,
    /// Has the answer sent as an e-mail.
    Send,
    /// Says that the user sent the answer.
    Sent,
    AddNote,
    Assign,
    AssignMe,
    /// Puts an answer template into the answer, which is not saved.
    Insert,
    /// Makes a draft of a question from the message and its answer.
    DraftQuestion,
    SetStatus(MessageStatus),
}

impl Button {
    pub(super) fn parse(text: &str) -> Result<Self> {
        Ok(match text {
            "save" => Self::Save,
            "send" => Self::Send,
            "sent" => Self::Sent,
            "note" => Self::AddNote,
            "assign" => Self::Assign,
            "assign_me" => Self::AssignMe,
            "insert" => Self::Insert,
            "draft_question" => Self::DraftQuestion,
            other => match MessageStatus::parse(other) {
                Some(status) if status != MessageStatus::Answered => Self::SetStatus(status),
                _ => return Err(Error::BadRequest("There is no such button at a message.".to_owned())),
            },
        })
    }

    /// Whether it decides who takes care of the message.
    pub(super) const fn assigns(self) -> bool {
        matches!(self, Self::Assign | Self::AssignMe)
    }
}

/// Does what the button says, as part of one change.
pub(super) async fn press(
    admin: &AdminContext,
    write: &Write,
    id: i64,
    button: Button,
    form: &MessageForm,
) -> Result<ActionResult> {
    match button {
        Button::Save => save(write, id, form).await,
        Button::Send => send(admin, write, id, form).await,
        Button::Sent => {
            reply::mark_sent(write, id, form.expected_version(), &form.answer).await?;
            let done = ActionResult::here("The message is marked as answered.");
            Ok(ActionResult { to: NextScreen::Next, ..done })
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
        Button::Insert => insert(write, id, form).await,
        Button::DraftQuestion => draft_question(admin, write, id, &form.answer).await,
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
        return Ok(ActionResult::without_change("There is no new answer to save."));
    }
    reply::save(write, id, form.expected_version(), &form.answer).await?;
    if clean::lines(&form.answer).is_empty() {
        return Ok(ActionResult::here("The saved answer is removed."));
    }
    Ok(ActionResult::here("Answer saved, not sent yet."))
}

async fn send(admin: &AdminContext, write: &Write, id: i64, form: &MessageForm) -> Result<ActionResult> {
    if admin.app.mailer.is_none() {
        return Err(Error::BadRequest("This portal sends no e-mail.".to_owned()));
    }
    let mail = |message: &Message| AnswerMail { subject: subject(admin, message), quoted: quoted(admin, message) };
    reply::send(write, id, form.expected_version(), &form.answer, mail).await?;
    Ok(ActionResult::here("The answer is on its way."))
}

async fn assign(write: &Write, id: i64, form: &MessageForm, user: Option<i64>) -> Result<ActionResult> {
    if !handling::assign(write, id, form.expected_version(), user).await? {
        return Ok(ActionResult::without_change("It is assigned like this already."));
    }
    let name = record::get(write, id).await?.assignee_name;
    Ok(ActionResult::here(name.map_or_else(
        || "The message is assigned to nobody now.".to_owned(),
        |name| format!("The message is assigned to {}.", isolate(&name)),
    )))
}

async fn insert(write: &Write, id: i64, form: &MessageForm) -> Result<ActionResult> {
    let message = record::get(write, id).await?;
    let all = answer_template::all(write).await?;
    let chosen = all.into_iter().find(|template| template.id.to_string() == form.template);
    let template = chosen.ok_or_else(|| ValidationErrors::one("template", "Choose an answer template"))?;
    let text = template.filled(&message.name, &message.reference);
    let typed = clean::lines(&form.answer);
    let answer = if typed.is_empty() { text } else { format!("{typed}\n\n{text}") };
    let done = ActionResult::without_change(format!("“{}” is in your answer.", template.name));
    Ok(ActionResult { answer: Some(answer), ..done })
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
    let to = match status {
        MessageStatus::Open | MessageStatus::Answered => NextScreen::Here,
        MessageStatus::Unread => NextScreen::List,
        MessageStatus::Archived | MessageStatus::Spam => NextScreen::Next,
    };
    let undo = noted::note(write, &[Step::sort(&message)]).await?;
    let undo = FlashAction::undo_sorting(undo, &MessagePath { id }.to_string());
    let sentence = format!("Message {} is {what}.", message.reference);
    Ok(ActionResult { to, undo: Some(undo), ..ActionResult::here(sentence) })
}
