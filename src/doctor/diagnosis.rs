//! What one check found: how bad it is, what it is, and what to do. Knows no check.

use std::fmt::Display;

use serde::Serialize;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Grade {
    Ok,
    /// It works, and should be better.
    Advice,
    Wrong,
}

impl Grade {
    #[must_use]
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Advice => "advice",
            Self::Wrong => "wrong",
        }
    }
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Diagnosis {
    /// What was looked at.
    pub(crate) check: &'static str,
    pub(crate) grade: Grade,
    /// What was found, in sentences.
    pub(crate) says: String,
    /// What to do, in sentences; empty when nothing is.
    #[serde(rename = "do")]
    pub(crate) remedy: String,
}

impl Diagnosis {
    #[must_use]
    pub(crate) fn ok(check: &'static str, says: impl Into<String>) -> Self {
        Self { check, grade: Grade::Ok, says: says.into(), remedy: String::new() }
    }

    #[must_use]
    pub(crate) fn advice(check: &'static str, says: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { check, grade: Grade::Advice, says: says.into(), remedy: remedy.into() }
    }

    #[must_use]
    pub(crate) fn wrong(check: &'static str, says: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { check, grade: Grade::Wrong, says: says.into(), remedy: remedy.into() }
    }

    /// When it cannot be found out.
    #[must_use]
    pub(crate) fn unknown(check: &'static str, fault: impl Display) -> Self {
        Self::wrong(check, format!("It cannot be found out: {fault}."), "Put that right first, then look again.")
    }
}
