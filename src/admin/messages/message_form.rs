//! The one form of a message, as it is sent. Knows no button.

use serde::Deserialize;

use crate::text::clean;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct MessageForm {
    /// The version of the message that was on the screen.
    expected_version: String,
    #[serde(rename = "do")]
    pub(super) action: String,
    pub(super) answer: String,
    /// The saved answer that the form was rendered with.
    pub(super) was_answer: String,
    pub(super) note: String,
    pub(super) assignee: Option<String>,
    /// The assignee that the form was rendered with.
    was_assignee: Option<String>,
    /// The newest entry of the audit log when the form was rendered.
    pub(super) since: String,
    /// Id of an answer template.
    pub(super) template: String,
}

impl MessageForm {
    /// Whether the answer is this user's: changed in the form, or said to have been sent.
    pub(super) fn has_own_answer(&self) -> bool {
        ["sent", "send"].contains(&self.action.as_str()) || self.changed_answer().is_some()
    }

    /// The answer, if it was changed in the form.
    pub(super) fn changed_answer(&self) -> Option<String> {
        let answer = clean::lines(&self.answer);
        (answer != clean::lines(&self.was_answer)).then_some(answer)
    }

    /// The assignee, if another one was chosen in the form.
    pub(super) fn changed_assignee(&self) -> Option<String> {
        let was = self.was_assignee.as_ref()?;
        self.assignee.clone().filter(|assignee| assignee != was)
    }

    /// A number that cannot be read matches no version.
    pub(super) fn expected_version(&self) -> i64 {
        self.expected_version.parse().unwrap_or(-1)
    }
}
