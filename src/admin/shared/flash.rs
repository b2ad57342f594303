//! A sentence that survives one redirect: what was just done.

use serde::{Deserialize, Serialize};
use tower_sessions::Session;

use super::sessions::fault;
use crate::{admin::paths::UndoPath, error::Result, model::policy::Action, text::isolate};

const KEY: &str = "flash";

/// Shown once on the next screen.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Flash {
    /// `success` or `warning`.
    pub kind: String,
    pub text: String,
    /// What can be done about it by users who may, mostly to undo it.
    #[serde(default)]
    pub action: Option<FlashAction>,
}

impl Flash {
    /// The same for a user who may do only this.
    #[must_use]
    pub(crate) fn within(self, may: impl Fn(Action) -> bool) -> Self {
        Self { action: self.action.filter(|button| may(button.needs)), ..self }
    }
}

/// A button beside the sentence, and the form it sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FlashAction {
    pub(crate) label: String,
    pub(crate) path: String,
    /// What one needs the right for to send it.
    pub(crate) needs: Action,
    pub(crate) fields: Vec<(String, String)>,
}

impl FlashAction {
    /// A button with this label, for a form without fields.
    pub(crate) fn new(label: impl Into<String>, path: impl Into<String>, needs: Action) -> Self {
        Self { label: label.into(), path: path.into(), needs, fields: Vec::new() }
    }

    /// The button that undoes the change with this number, and then leads to a screen.
    pub(crate) fn undo(id: i64, to: &str) -> Self {
        Self::new("Undo", UndoPath { id }.to_string(), Action::Publish).field("to", &to)
    }

    /// The same for messages that were sorted.
    pub(crate) fn undo_sorting(id: i64, to: &str) -> Self {
        Self { needs: Action::HandleMessages, ..Self::undo(id, to) }
    }

    /// The same with another field.
    #[must_use]
    pub(crate) fn field(mut self, name: &str, value: &impl ToString) -> Self {
        self.fields.push((name.to_owned(), value.to_string()));
        self
    }
}

pub(crate) async fn success(session: &Session, text: impl Into<String>) -> Result<()> {
    set(session, "success", text.into(), None).await
}

/// Something was not done, or needs attention.
pub(crate) async fn warning(session: &Session, text: impl Into<String>) -> Result<()> {
    set(session, "warning", text.into(), None).await
}

/// Something was not done, and there is something to do about it.
pub(crate) async fn warning_with(
    session: &Session,
    text: impl Into<String>,
    action: Option<FlashAction>,
) -> Result<()> {
    set(session, "warning", text.into(), action).await
}

/// Something was done, and can be undone or followed up.
pub(crate) async fn success_with(
    session: &Session,
    text: impl Into<String>,
    action: Option<FlashAction>,
) -> Result<()> {
    set(session, "success", text.into(), action).await
}

async fn set(session: &Session, kind: &str, text: String, action: Option<FlashAction>) -> Result<()> {
    let flash = Flash { kind: kind.to_owned(), text: isolate::quotations(&text), action };
    session.insert(KEY, flash).await.map_err(fault)
}

/// A warning as text for [`put_back`].
#[must_use]
pub(crate) fn warning_text(text: &str) -> String {
    let flash = Flash { kind: "warning".to_owned(), text: text.to_owned(), action: None };
    serde_json::to_string(&flash).unwrap_or_default()
}

/// The flash that waits to be shown, as text for [`put_back`]; empty when there is none.
pub(crate) async fn peek(session: &Session) -> String {
    let flash = session.get::<Flash>(KEY).await.ok().flatten();
    flash.and_then(|flash| serde_json::to_string(&flash).ok()).unwrap_or_default()
}

/// Stores again what [`peek`] returned.
pub(crate) async fn put_back(session: &Session, peeked: &str) {
    if let Ok(flash) = serde_json::from_str::<Flash>(peeked) {
        // A lost sentence is no reason to fail.
        let _ = session.insert(KEY, flash).await;
    }
}

pub(crate) async fn take(session: &Session) -> Result<Option<Flash>> {
    session.remove(KEY).await.map_err(fault)
}

/// The same for a screen about something that was not done: what was done before is for another screen.
pub(crate) async fn take_warning(session: &Session) -> Result<Option<Flash>> {
    let waiting = session.get::<Flash>(KEY).await.map_err(fault)?;
    if waiting.is_some_and(|flash| flash.kind == "warning") { take(session).await } else { Ok(None) }
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    Flash { kind, text, action }
    FlashAction { label, path, needs, fields }
}
