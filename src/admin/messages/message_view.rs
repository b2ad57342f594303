//! A message and what was done with it, for its screen.

use serde::Serialize;

use super::labels;
use crate::{
    admin::shared::{
        admin_context::{AdminContext, When},
        mail_state::{self, MailStateView},
        retention_notices,
    },
    error::Result,
    model::message::{notes, record::Message, spam, status::MessageStatus, topic},
    text::{email, mailto},
    web::form_errors::SelectOption,
};

#[derive(Serialize)]
pub(super) struct MessageView {
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
    /// The message as an answer quotes it.
    quoted: String,
    received: When,
    status: &'static str,
    status_label: &'static str,
    spam: Option<Spam>,
    moves: Vec<SelectOption>,
    answer: Option<Answer>,
    notes: Vec<Note>,
    /// The answers as e-mails, the oldest first.
    mails: Vec<MailStateView>,
    /// Whether an answer can be sent from here.
    sends_mail: bool,
    /// When it will be deleted, if it is marked for that.
    deleted: Option<String>,
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

impl MessageView {
    pub(super) async fn of(admin: &AdminContext, message: &Message) -> Result<Self> {
        let notes = notes::list(admin.app.read(), message.id).await?.into_iter();
        let note =
            |note: notes::Note| Note { author: note.author_name, when: admin.when(note.created_at), body: note.body };
        Ok(Self {
            id: message.id,
            reference: message.reference.clone(),
            topic: topic::label(&message.topic).to_owned(),
            name: message.name.clone(),
            email: email::display(&message.email),
            email_link: mailto::link(&message.email, &subject(admin, message), ""),
            role: message.role.clone(),
            country: message.country.clone(),
            body: message.body.clone(),
            quoted: quoted(admin, message),
            received: admin.when(message.received_at),
            status: message.status.as_str(),
            status_label: labels::status(message.status),
            spam: spam(message),
            moves: moves(message.status),
            answer: answer(admin, message),
            notes: notes.map(note).collect(),
            mails: mail_state::of_message(admin, message.id).await?,
            sends_mail: admin.app.mailer.is_some(),
            deleted: retention_notices::until(admin, message.delete_after).await?,
        })
    }
}

pub(super) fn quoted(admin: &AdminContext, message: &Message) -> String {
    let when = message.received_at.long(&admin.zone());
    let lines: Vec<String> = message.body.lines().map(|line| format!("> {line}")).collect();
    format!("{when}, {}:\n{}", message.name, lines.join("\n"))
}

pub(super) fn subject(admin: &AdminContext, message: &Message) -> String {
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
    let link = |body: &str| mailto::link(&message.email, &subject, body);
    let fits = |link: &String| link.len() <= mailto::MAX;
    let quoting = link(&format!("{}\n\n{}", message.answer, quoted(admin, message)));
    let whole = fits(&link(&message.answer));
    Some(Answer {
        text: message.answer.clone(),
        sent,
        by: if sent { message.answered_by.clone() } else { message.saved_by.clone() },
        kept: sent || message.saved_by != admin.user.name,
        when: message.answered_at.or(message.saved_at).map(|at| admin.when(at)),
        link: if fits(&quoting) { quoting } else { link(if whole { &message.answer } else { "" }) },
        whole,
    })
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

#[cfg(test)]
crate::state::template_samples::sampled! {
    MessageView { id, reference, topic, name, email, email_link, role, country, body, quoted, received, status, status_label, spam, moves, answer, notes, mails, sends_mail, deleted }
    Spam { score, threshold, reasons }
    Answer { text, sent, by, when, link, whole, kept }
    Note { author, when, body }
}
