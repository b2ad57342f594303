//! What became of a press of a button at a message, and where it leads.

use crate::admin::shared::flash::FlashAction;

/// Where a button leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NextScreen {
    Here,
    List,
    /// The next message of the list, as this one is done with.
    Next,
    At(String),
}

pub(super) struct ActionResult {
    pub(super) sentence: String,
    /// Whether anything was changed that has an entry in the audit log.
    pub(super) changed: bool,
    pub(super) to: NextScreen,
    pub(super) undo: Option<FlashAction>,
    /// The answer as it is now in the form, if the button has changed it there.
    pub(super) answer: Option<String>,
}

impl ActionResult {
    pub(super) fn here(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), changed: true, to: NextScreen::Here, undo: None, answer: None }
    }

    pub(super) fn without_change(sentence: impl Into<String>) -> Self {
        Self { changed: false, ..Self::here(sentence) }
    }
}
