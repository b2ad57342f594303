//! Errors in form input as forms show them: a summary on top and a sentence beside each field.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde::Serialize;

use crate::{
    error::{FieldError, ValidationErrors},
    text::isolate,
};

/// What the macros of `templates/macros/form.html` take as `errors`.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct FormErrors {
    pub(crate) list: Vec<FieldError>,
    pub(crate) fields: BTreeMap<String, String>,
    /// Paths of the screens that have fields which this one has not.
    pub(crate) elsewhere: BTreeMap<String, String>,
}

impl FormErrors {
    /// The status of a form with these errors: 200 without any.
    #[must_use]
    pub(crate) const fn status(&self) -> StatusCode {
        if self.list.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
    }

    /// The same for a screen without this field: its errors are shown without a link.
    #[must_use]
    pub(crate) fn without(mut self, field: &str) -> Self {
        for error in self.list.iter_mut().filter(|error| error.field == field) {
            error.field.clear();
        }
        self
    }

    /// The same for a screen without this field: its errors lead to the screen that has it.
    #[must_use]
    pub(crate) fn at_screen(mut self, field: &str, path: String) -> Self {
        self.elsewhere.insert(field.to_owned(), path);
        self
    }
}

impl From<ValidationErrors> for FormErrors {
    fn from(invalid: ValidationErrors) -> Self {
        let mut errors = Self::default();
        for FieldError { field, message, place } in invalid.list {
            let message = isolate::quotations(&message);
            errors.fields.entry(field.clone()).or_insert_with(|| message.clone());
            errors.list.push(FieldError { field, message, place });
        }
        errors
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct SelectOption {
    pub(crate) value: String,
    pub(crate) label: String,
}

impl SelectOption {
    /// A choice by its two texts.
    pub(crate) fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into() }
    }
}
