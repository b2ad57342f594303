//! Who may do what: the one place that decides. The router refuses every route that names no action from here.

use serde::{Deserialize, Serialize};

use super::actor::Role;

/// Whether a role may do an action: [`allows`]. Tests have stricter ones, to see what is offered and refused.
pub type Policy = fn(Role, Action) -> bool;

/// Everything that the program can be asked to do from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Read what is public, fetch assets, ask for health.
    Read,
    SendMessage,
    /// Sign in and out, and use one-time links.
    SignIn,
    /// Use the admin area: dashboard, own name and password.
    UseAdmin,
    /// Add and remove what the own sign-in asks for in addition to the password.
    ChangeOwnFactors,
    /// Read, write, arrange, delete and restore documents, choose their owners, comment on them, and mark as reviewed those that
    /// visitors do not see.
    Edit,
    /// Change what visitors see of documents. Marking a live one as reviewed does: its page gives the next date.
    Publish,
    /// Read messages, answer them, write notes, assign, sort.
    HandleMessages,
    /// Take personal data out of the admin area.
    ExportMessages,
    /// Take the whole site out of the admin area, as a backup.
    DownloadBackups,
    /// Destroy personal data.
    DisposeOfMessages,
    ChangeSettings,
    /// Make types of documents, and change them.
    ChangeTypes,
    /// Have other programs told what happens.
    ManageWebhooks,
    /// Find, export and erase everything about one e-mail address.
    HandlePersonalData,
    /// Invite users, give roles, take them away.
    ManageUsers,
    ReadAuditLog,
}

#[must_use]
pub const fn allows(role: Role, action: Action) -> bool {
    use Action as A;
    match action {
        A::Read | A::SendMessage | A::SignIn => true,
        A::UseAdmin | A::ChangeOwnFactors | A::Edit | A::Publish | A::HandleMessages => !matches!(role, Role::Visitor),
        A::ExportMessages
        | A::DownloadBackups
        | A::DisposeOfMessages
        | A::ChangeSettings
        | A::ChangeTypes
        | A::HandlePersonalData
        | A::ManageWebhooks
        | A::ManageUsers
        | A::ReadAuditLog => {
            matches!(role, Role::Administrator | Role::System)
        }
    }
}
