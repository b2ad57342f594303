//! What others did with a message while someone had it open, in words. Changes nothing.

use serde::Serialize;

use crate::{
    admin::shared::{admin_context::AdminContext, audit_entry::EntryView},
    error::Result,
    model::{
        audit_log,
        message::record::{self, Message},
    },
    text::listing::join_with_and,
};

/// Most changes that are listed one by one.
const SHOWN: i64 = 20;

/// What was on the screen when something was typed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen {
    pub(crate) version: i64,
    /// The newest entry of the audit log; none when the form did not say.
    pub(crate) entry: Option<i64>,
    pub(crate) answer: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct Conflict {
    /// Who it was; empty when nobody changed anything.
    who: String,
    changes: Vec<EntryView>,
    /// The sentence when there are no changes to list.
    sentence: String,
    pub(crate) has_other_answer: bool,
}

impl Conflict {
    /// What happened to the message since it was as `seen`.
    /// `NotFound` when the message is gone.
    pub(crate) async fn since(admin: &AdminContext, id: i64, seen: &Seen, sentence: String) -> Result<Self> {
        let db = admin.app.read();
        let entries = match seen.entry {
            Some(entry) => audit_log::of_message(db, id, entry, SHOWN).await?,
            None => Vec::new(),
        };
        let message = record::get(db, id).await?;
        let mut names: Vec<String> = Vec::new();
        let mut changes = Vec::new();
        for entry in entries {
            let is_own = entry.actor_id == Some(admin.user.id);
            let mut view = EntryView::of(admin, entry);
            if is_own {
                "You".clone_into(&mut view.actor);
            }
            if !names.contains(&view.actor) {
                names.push(view.actor.clone());
            }
            changes.push(view);
        }
        Ok(Self { who: join_with_and(&names), changes, sentence, has_other_answer: is_other(&message, seen) })
    }
}

fn is_other(message: &Message, seen: &Seen) -> bool {
    !message.answer.is_empty() && message.answer != seen.answer.replace('\r', "").trim()
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    Conflict { who, changes, sentence, has_other_answer }
}
