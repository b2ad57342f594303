//! Faults of typed input as forms show them: a summary on top and a sentence beside each field.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde::Serialize;

use crate::{error::Invalid, text::isolate};

/// What the macros of `templates/macros/form.html` take as `errors`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Problems {
    /// In the order of the form.
    pub list: Vec<Problem>,
    /// The first sentence for each field.
    pub fields: BTreeMap<String, String>,
}

/// One fault.
#[derive(Debug, Clone, Serialize)]
pub struct Problem {
    /// Name of the field.
    pub field: String,
    /// What to do.
    pub message: String,
}

impl Problems {
    /// The status of a form with these faults: 200 without any.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        if self.list.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
    }

    /// The same where this field is not on the screen: its faults are told without a link to it.
    #[must_use]
    pub fn without(mut self, field: &str) -> Self {
        for problem in self.list.iter_mut().filter(|problem| problem.field == field) {
            problem.field.clear();
        }
        self
    }
}

impl From<Invalid> for Problems {
    fn from(invalid: Invalid) -> Self {
        let mut problems = Self::default();
        for (field, message) in invalid.fields {
            let message = isolate::quotations(&message);
            problems.fields.entry(field.clone()).or_insert_with(|| message.clone());
            problems.list.push(Problem { field, message });
        }
        problems
    }
}

/// A choice in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
}

impl Choice {
    /// A choice by its two texts.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into() }
    }
}
