//! The one form of a message: what its fields hold, and what became of what was typed.

use serde::Serialize;

use super::conflict::{Conflict, Seen};
use crate::{
    admin::shared::admin_context::AdminContext,
    error::Result,
    model::{
        message::{
            answer_template::{self, AnswerTemplate},
            drafts::{self, DraftParts},
            record::Message,
        },
        user,
    },
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
pub(super) struct FormView {
    /// Id of the assigned user as the form sends it; empty for nobody.
    assignee: String,
    /// The same as it was chosen, if that is not saved yet.
    chosen_assignee: String,
    assignee_name: String,
    assignees: Vec<SelectOption>,
    /// Own id, for the button “Assign to me”; empty when it is assigned to oneself already.
    me: String,
    /// What the field holds: as typed, as left behind, or as saved.
    typed_answer: String,
    expected_version: i64,
    since: i64,
    /// The saved answer that the typed one was based on.
    was_answer: String,
    note: String,
    errors: FormErrors,
    conflict: Option<Conflict>,
    /// Whether another answer was saved while one was typed: both are shown side by side.
    has_two_answers: bool,
    /// Which fields hold something that is not saved, in words.
    unsaved: String,
    /// What can be put into the answer.
    templates: Vec<TemplateOption>,
}

#[derive(Serialize)]
struct TemplateOption {
    id: i64,
    name: String,
    /// With the name of the visitor and the reference of the message.
    text: String,
}

impl FormView {
    /// The form with what was typed; `since` is the newest entry of the audit log.
    pub(super) async fn of(admin: &AdminContext, message: &Message, since: i64, typed: MessageInput) -> Result<Self> {
        let has_two_answers = has_two_answers(message, &typed);
        let now = Seen { version: message.version, entry: None, answer: message.answer.clone() };
        let seen = typed.seen.unwrap_or(now);
        let draft = drafts::get(admin.app.read(), message.id, admin.user.id).await?;
        let assignees = assignees(admin, message).await?;
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
        let mine = message.assignee_id == Some(admin.user.id);
        Ok(Self {
            assignees,
            chosen_assignee: chosen.unwrap_or_else(|| assignee.clone()),
            assignee,
            assignee_name: message.assignee_name.clone().unwrap_or_default(),
            me: if mine { String::new() } else { admin.user.id.to_string() },
            typed_answer,
            expected_version: seen.version,
            since: seen.entry.unwrap_or(since),
            was_answer: seen.answer,
            note,
            errors: typed.errors,
            conflict: typed.conflict,
            has_two_answers,
            unsaved: unsaved.in_words(),
            templates: templates(admin, message).await?,
        })
    }
}

fn has_two_answers(message: &Message, typed: &MessageInput) -> bool {
    typed.conflict.as_ref().is_some_and(|conflict| conflict.has_other_answer)
        && typed.answer.as_ref().is_some_and(|answer| !is_same(answer, &message.answer) && !answer.trim().is_empty())
}

fn is_same(typed: &str, saved: &str) -> bool {
    typed.replace('\r', "") == saved
}

async fn templates(admin: &AdminContext, message: &Message) -> Result<Vec<TemplateOption>> {
    let all = answer_template::all(admin.app.read()).await?.into_iter();
    let option = |template: AnswerTemplate| TemplateOption {
        text: template.filled(&message.name, &message.reference),
        id: template.id,
        name: template.name,
    };
    Ok(all.map(option).collect())
}

/// All users to choose from, and the present assignee even if they have left.
async fn assignees(admin: &AdminContext, message: &Message) -> Result<Vec<SelectOption>> {
    let users = user::list_active(admin.app.read()).await?;
    let mut choices = vec![SelectOption::new("", "Nobody")];
    if let (Some(id), Some(name)) = (message.assignee_id, &message.assignee_name)
        && !users.iter().any(|user| user.id == id)
    {
        choices.push(SelectOption::new(id.to_string(), format!("{name} (has left)")));
    }
    choices.extend(users.into_iter().map(|user| SelectOption::new(user.id.to_string(), user.name)));
    Ok(choices)
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    FormView { assignee, chosen_assignee, assignee_name, assignees, me, typed_answer, expected_version, since, was_answer, note, errors, conflict, has_two_answers, unsaved, templates }
    TemplateOption { id, name, text }
}
