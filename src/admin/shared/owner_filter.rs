//! Whose documents a list shows, as its address says it.

use serde::Serialize;

use super::admin_context::AdminContext;
use crate::model::document::owner::OwnedBy;

/// Names in the address, and labels; the first is that of the whole list.
const CHOICES: [(&str, &str); 3] = [("", "All"), ("me", "Mine"), ("nobody", "Without an owner")];

/// For the tabs and selects of lists.
#[derive(Debug, Serialize)]
pub(crate) struct OwnerChoice {
    pub(crate) name: &'static str,
    label: &'static str,
    current: bool,
}

/// What an address asks for: its name in the address, empty for all, and who is meant.
#[must_use]
pub(crate) fn parse(admin: &AdminContext, name: &str) -> (&'static str, OwnedBy) {
    match name {
        "me" => ("me", OwnedBy::me(&admin.user.actor())),
        "nobody" => ("nobody", OwnedBy::Nobody),
        _ => ("", OwnedBy::AnyOrNone),
    }
}

/// What can be chosen; `current` is a name that [`parse`] gave.
#[must_use]
pub(crate) fn choices(current: &str) -> Vec<OwnerChoice> {
    CHOICES.into_iter().map(|(name, label)| OwnerChoice { name, label, current: name == current }).collect()
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    OwnerChoice { name, label, current }
}
