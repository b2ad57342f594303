//! What became of an e-mail, for the screens that list some. Never what was written in it.

use serde::Serialize;

use super::admin_context::{AdminContext, When};
use crate::{
    error::Result,
    model::mail::list::{self, MailItem, MailState},
    text::{count::pluralise, email},
};

#[derive(Serialize)]
pub(crate) struct MailStateView {
    pub(crate) id: i64,
    recipient: String,
    author: String,
    created: When,
    is_failed: bool,
    is_waiting: bool,
    /// When the mail server took it.
    sent: Option<When>,
    /// What was wrong at the last try; empty: nothing, or it was not tried yet.
    fault: String,
    /// How often it was tried: `3 times`.
    tries: String,
    /// When it is tried again.
    next: Option<When>,
}

impl MailStateView {
    pub(crate) fn of(admin: &AdminContext, mail: &MailItem) -> Self {
        let is_waiting = mail.state == MailState::Waiting;
        let next = (is_waiting && mail.attempts > 0).then(|| admin.when(admin.app.clock.on_wall(mail.due_at)));
        Self {
            id: mail.id,
            recipient: email::display(&mail.recipient),
            author: mail.author_name.clone(),
            created: admin.when(mail.created_at),
            is_failed: mail.state == MailState::Failed,
            is_waiting,
            sent: mail.sent_at.map(|at| admin.when(at)),
            fault: mail.fault.clone(),
            tries: pluralise(mail.attempts, "time", "times"),
            next,
        }
    }
}

/// The answers to a message, the oldest first.
pub(crate) async fn of_message(admin: &AdminContext, message_id: i64) -> Result<Vec<MailStateView>> {
    let mails = list::of_message(admin.app.read(), message_id).await?;
    Ok(mails.iter().map(|mail| MailStateView::of(admin, mail)).collect())
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    MailStateView { id, recipient, author, created, is_failed, is_waiting, sent, fault, tries, next }
}
