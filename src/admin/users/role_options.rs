//! The roles as choices of the forms of users.

use crate::{model::actor::Role, web::form_errors::SelectOption};

/// The roles that can be given.
#[must_use]
pub(crate) fn role_options() -> Vec<SelectOption> {
    Role::GIVEN.into_iter().map(|role| SelectOption::new(role.as_str(), label(role))).collect()
}

const fn label(role: Role) -> &'static str {
    match role {
        Role::Administrator => "Administrator",
        Role::Editor => "Editor",
        Role::Visitor | Role::System => "",
    }
}
