//! What a form did, noted beside the response to it, so that the same form sent again is not answered with what is not so
//! any more.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::flash;
use crate::{
    error::Result,
    model::audit_log::{self, AuditSubject},
    state::app_state::App,
};

const CHANGED_SINCE: &str = "You sent this form before, and it was carried out then. What it was about has been changed \
                             since, so it was not carried out again.";

/// The flash of a response, and what the form changed.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct SubmissionEffect {
    pub(super) flash: String,
    /// The newest audit entry when the form had been handled.
    entry: i64,
    subjects: HashSet<AuditSubject>,
}

/// The newest audit entry before a form is handled.
pub(super) async fn newest_entry(app: &App) -> Result<i64> {
    Ok(audit_log::head(app.read()).await?.map_or(0, |head| head.id))
}

impl SubmissionEffect {
    /// Of a form of which it is not known what it changed.
    pub(super) fn only(flash: String) -> Self {
        Self { flash, ..Self::default() }
    }

    /// What this user did after the entry `before`.
    pub(super) async fn find(app: &App, user_id: i64, before: i64, flash: String) -> Result<Self> {
        let entry = newest_entry(app).await?;
        let subjects = audit_log::subjects(app.read(), before, entry, Some(user_id)).await?;
        Ok(Self { flash, entry, subjects: subjects.into_iter().collect() })
    }

    /// As text to keep with the response.
    pub(super) fn to_note(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    pub(super) fn from_note(note: &str) -> Self {
        serde_json::from_str(note).unwrap_or_default()
    }

    /// The flash for the same form sent again.
    pub(super) async fn flash_again(self, app: &App) -> String {
        if self.flash.is_empty() || !self.is_changed_since(app).await {
            return self.flash;
        }
        flash::warning_text(CHANGED_SINCE)
    }

    async fn is_changed_since(&self, app: &App) -> bool {
        if self.subjects.is_empty() {
            return false;
        }
        match audit_log::subjects(app.read(), self.entry, i64::MAX, None).await {
            Ok(later) => later.iter().any(|subject| self.subjects.contains(subject)),
            // The next screen says what is the matter with the database.
            Err(_) => false,
        }
    }
}
