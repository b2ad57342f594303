//! How a form ends that changes something: it is saved, or it is shown again. With what it is shown again: the errors in
//! what was typed, the fields that someone else changed meanwhile, and the status that says so.

use axum::http::StatusCode;
use serde::Serialize;

use super::admin_context::When;
use crate::{error::ValidationErrors, web::form_errors::FormErrors};

/// The result of the change that a form asks for.
pub(crate) enum FormOutcome<T, F> {
    Saved(T),
    /// Nothing was changed, and the form is shown again.
    Again(F),
}

/// What a form is shown with in addition to its values. Add it to a view with `#[serde(flatten)]`.
#[derive(Debug, Default, Serialize)]
pub(crate) struct FormState {
    pub(crate) errors: FormErrors,
    pub(crate) clashes: Vec<FieldConflict>,
}

impl FormState {
    /// 409 when values clash that the user has not seen side by side, 422 when something typed or chosen is wrong or
    /// missing, otherwise 200.
    #[must_use]
    pub(crate) fn status(&self) -> StatusCode {
        if self.clashes.iter().any(|clash| clash.is_new) { StatusCode::CONFLICT } else { self.errors.status() }
    }
}

impl From<ValidationErrors> for FormState {
    fn from(errors: ValidationErrors) -> Self {
        Self { errors: errors.into(), clashes: Vec::new() }
    }
}

/// A field that two users changed to different values.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct FieldConflict {
    pub(crate) name: &'static str,
    pub(crate) label: &'static str,
    pub(crate) theirs: String,
    pub(crate) mine: String,
    /// `theirs`, `mine`, or empty as long as nothing was chosen.
    pub(crate) keep: &'static str,
    /// Who changed it, as far as the audit log says.
    pub(crate) by: String,
    /// Whether it was the user of the form, elsewhere.
    pub(crate) own: bool,
    pub(crate) when: Option<When>,
    /// Whether the form showed it when it was sent.
    #[serde(skip)]
    pub(crate) was_shown: bool,
    /// Whether the user has not seen these two values side by side.
    #[serde(skip)]
    pub(crate) is_new: bool,
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    FormState { errors, clashes }
    FieldConflict { name, label, theirs, mine, keep, by, own, when, was_shown, is_new }
}
