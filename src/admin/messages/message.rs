//! One message: read it, sort it, give it to someone, write notes, answer it. All of it is one form with several
//! buttons, so that whatever one of them does, what was typed in the other fields is kept. How it is shown is
//! `screen`, what the buttons do is `press`. Reading changes nothing.

use axum::{extract::Query, response::Response};

use super::{
    conflict::{Conflict, Seen},
    form_view::MessageInput,
    message_form::MessageForm,
    outcome::NextScreen,
    press::{Button, press},
    query::MessagesQuery,
    screen,
};
use crate::{
    admin::{
        paths::{MessagePath, MessagesPath},
        shared::{admin_context::AdminContext, routes::Routes},
    },
    error::{Error, Result},
    model::{
        message::{
            drafts::{self, Draft},
            inbox, record,
        },
        policy::Action,
        write::Write,
    },
    text::clean,
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
        let draft = Draft { answer: done.answer.clone().or(draft.answer), ..draft };
        if done.changed {
            drafts::keep(write, id, admin.user.id, &draft).await?;
        }
        Ok((done, draft))
    });
    let (done, draft) = match pressed.await {
        Ok(pressed) => pressed,
        Err(error) => return refuse(&admin, id, &list_query, form, error).await,
    };
    if button == Button::Send
        && let Some(mailer) = &admin.app.mailer
    {
        mailer.wake();
    }
    if !done.changed {
        drafts::store(&admin.app.db, id, admin.user.id, &draft).await?;
    }
    let kept = draft.parts(id).in_words();
    let kept = if kept.is_empty() { kept } else { format!(" Kept for you, but not saved: {kept}.") };
    let (to, next) = destination(&admin, id, &list_query, done.to).await?;
    admin.done_with(&to, format!("{}{kept}{next}", done.sentence), done.undo).await
}

/// The path that a button leads to, and what the notice says of it.
async fn destination(
    admin: &AdminContext,
    id: i64,
    list_query: &MessagesQuery,
    to: NextScreen,
) -> Result<(String, &'static str)> {
    let query = list_query.query();
    let list = format!("{MessagesPath}{query}");
    Ok(match to {
        NextScreen::At(path) => (path, ""),
        NextScreen::List => (list, ""),
        NextScreen::Here => (format!("{}{query}", MessagePath { id }), ""),
        NextScreen::Next => {
            let found = inbox::neighbours(admin.app.read(), &list_query.filter(admin), id).await?;
            match found.before.or(found.after) {
                Some(id) => (format!("{}{query}", MessagePath { id }), " This is the next message."),
                None => (list, ""),
            }
        }
    })
}

/// What was typed or chosen and still has to be kept after the button was pressed.
async fn remaining_draft(write: &Write, id: i64, button: Button, form: &MessageForm) -> Result<Draft> {
    let message = record::get(write, id).await?;
    let assigned = message.assignee_id.map_or_else(String::new, |id| id.to_string());
    Ok(Draft {
        answer: form.changed_answer().filter(|answer| *answer != message.answer),
        note: if button == Button::AddNote { String::new() } else { clean::lines(&form.note) },
        assignee: form.changed_assignee().filter(|assignee| !button.assigns() && *assignee != assigned),
    })
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
