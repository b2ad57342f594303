//! Who does something. Says nothing about what they may do; that is `policy`.

use serde::{Deserialize, Serialize};

/// The role of an actor, from which their rights follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Anyone who is not signed in.
    Visitor,
    Editor,
    /// Everything an editor does, and users, settings, audit log and deletion of messages.
    Administrator,
    /// The program itself: background work and the command line.
    System,
}

impl Role {
    /// The roles that a user can be given.
    pub(crate) const GIVEN: [Self; 2] = [Self::Editor, Self::Administrator];

    /// The name used in forms, on the command line and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Visitor => "visitor",
            Self::Editor => "editor",
            Self::Administrator => "administrator",
            Self::System => "system",
        }
    }

    /// Its name with its article, as in “she is an editor”.
    #[must_use]
    pub(crate) const fn with_article(self) -> &'static str {
        match self {
            Self::Visitor => "a visitor",
            Self::Editor => "an editor",
            Self::Administrator => "an administrator",
            Self::System => "the system",
        }
    }

    /// A role that can be given to a user, by its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::GIVEN.into_iter().find(|role| role.as_str() == text)
    }
}

/// Who makes a change, as the audit log will name them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The user's id; none for visitors and the system.
    pub id: Option<i64>,
    pub name: String,
    pub role: Role,
}

impl Actor {
    /// Someone who is not signed in.
    #[must_use]
    pub fn visitor() -> Self {
        Self { id: None, name: "A visitor".to_owned(), role: Role::Visitor }
    }

    /// The program, for example `system("command line")`.
    #[must_use]
    pub fn system(part: &str) -> Self {
        Self { id: None, name: format!("Plinth ({part})"), role: Role::System }
    }
}
