//! The roles as choices of the forms of users.

use crate::{model::actor::Role, web::form_errors::SelectOption};

/// The roles that can be given.
#[must_use]
pub(crate) fn role_options() -> Vec<SelectOption> {
    let label = |role| if role == Role::Administrator { "Administrator" } else { "Editor" };
    Role::GIVEN.into_iter().map(|role| SelectOption::new(role.as_str(), label(role))).collect()
}
