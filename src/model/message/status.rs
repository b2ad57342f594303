//! The status of a message.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
#[serde(rename_all = "lowercase")]
pub enum MessageStatus {
    Unread,
    /// Someone has read it, and it waits for an answer.
    Open,
    /// Someone marked its answer as sent.
    Answered,
    /// It counts as spam, by its score or by a user's decision.
    Spam,
    Archived,
}

impl MessageStatus {
    pub(crate) const ALL: [Self; 5] = [Self::Unread, Self::Open, Self::Answered, Self::Spam, Self::Archived];

    /// The name in forms, addresses and the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unread => "unread",
            Self::Open => "open",
            Self::Answered => "answered",
            Self::Spam => "spam",
            Self::Archived => "archived",
        }
    }

    #[must_use]
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }
}
