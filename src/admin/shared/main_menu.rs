//! The main menu of the admin area. Knows no user.

use axum_extra::routing::TypedPath;

use super::document_kinds::KINDS;
use crate::{
    admin::paths::{
        AuditLogPath, CalendarPath, DashboardPath, MediaListPath, MenuPath, MessagesPath, RedirectsPath, SettingsPath,
        SynonymsPath, TrashPath, TypesPath, UsersPath,
    },
    model::policy::Action,
};

/// Label, path, and the permission it takes to see it.
pub(crate) type MainMenuRow = (&'static str, &'static str, Action);

/// Before and after the lists of documents.
const DASHBOARD: MainMenuRow = ("Dashboard", DashboardPath::PATH, Action::UseAdmin);
const OTHERS: [MainMenuRow; 11] = [
    ("Media", MediaListPath::PATH, Action::Edit),
    ("Calendar", CalendarPath::PATH, Action::Edit),
    ("Messages", MessagesPath::PATH, Action::HandleMessages),
    ("Redirects", RedirectsPath::PATH, Action::Edit),
    ("Synonyms", SynonymsPath::PATH, Action::Publish),
    ("Trash", TrashPath::PATH, Action::Edit),
    ("Users", UsersPath::PATH, Action::ManageUsers),
    ("Audit log", AuditLogPath::PATH, Action::ReadAuditLog),
    ("Menu", MenuPath::PATH, Action::ChangeSettings),
    ("Types", TypesPath::PATH, Action::ChangeTypes),
    ("Settings", SettingsPath::PATH, Action::ChangeSettings),
];

/// Lists whose filters can be saved, other than those of documents.
const FILTERED: [&str; 5] =
    [MessagesPath::PATH, MediaListPath::PATH, RedirectsPath::PATH, UsersPath::PATH, AuditLogPath::PATH];

pub(crate) fn main_menu() -> impl Iterator<Item = MainMenuRow> {
    let documents = KINDS.iter().map(|kind| (kind.list_label, kind.paths.list, Action::Edit));
    std::iter::once(DASHBOARD).chain(documents).chain(OTHERS)
}

/// The list at this path, if its filters can be saved.
pub(crate) fn filtered_list(path: &str) -> Option<&'static str> {
    let documents = KINDS.iter().map(|kind| kind.paths.list);
    documents.chain(FILTERED).find(|list| *list == path)
}
