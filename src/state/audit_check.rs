//! The check of the audit log that somebody started in the admin area: one at a time, in the background, with its progress
//! and its last result. Forgotten at a restart.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicI64, Ordering},
};

use tokio::task::JoinHandle;

use super::app_state::App;
use crate::{
    model::{audit_log::AuditHead, audit_log_check, audit_log_report::Report},
    text::time::Timestamp,
};

/// What there is to tell of the check.
#[derive(Debug, Clone, Default)]
pub enum AuditCheck {
    /// None was started yet.
    #[default]
    None,
    /// One is running and has checked so many entries.
    Running(i64),
    /// What the last one found, and when.
    Done(Report, Timestamp),
    /// The last one could not be finished.
    Failed,
}

/// The place of the one check.
#[derive(Debug, Default)]
pub struct AuditChecks {
    state: Arc<Mutex<AuditCheck>>,
    /// The highest number of a head that this process has told anybody.
    told: AtomicI64,
}

impl AuditChecks {
    /// Remembers that somebody may have noted this head.
    pub fn tell(&self, head: &AuditHead) {
        self.told.fetch_max(head.id, Ordering::Relaxed);
    }

    /// Whether no entry can have had the number of this head, as far as this process knows; `newest` is the newest there is.
    #[must_use]
    pub fn is_ahead(&self, head: &AuditHead, newest: i64) -> bool {
        head.id > newest.max(self.told.load(Ordering::Relaxed))
    }

    /// How it stands.
    #[must_use]
    pub fn state(&self) -> AuditCheck {
        read(&self.state)
    }

    /// Starts one; none when one is running.
    #[must_use]
    pub fn start(&self, app: &App, earlier: Option<AuditHead>) -> Option<JoinHandle<()>> {
        let place = self.state.clone();
        {
            let mut state = place.lock().unwrap_or_else(PoisonError::into_inner);
            if matches!(*state, AuditCheck::Running(_)) {
                return None;
            }
            *state = AuditCheck::Running(0);
        }
        let app = app.clone();
        Some(tokio::spawn(async move {
            let result = audit_log_check::check(app.read(), earlier, |entries| {
                put(&place, AuditCheck::Running(entries));
            })
            .await;
            put(
                &place,
                match result {
                    Ok(report) => {
                        if !report.is_good() {
                            tracing::error!(found = report.sentences().join(" "), "the audit log does not fit");
                        }
                        AuditCheck::Done(report, app.now())
                    }
                    Err(error) => {
                        tracing::error!(%error, "the audit log could not be checked");
                        AuditCheck::Failed
                    }
                },
            );
        }))
    }
}

fn read(place: &Mutex<AuditCheck>) -> AuditCheck {
    place.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

fn put(place: &Mutex<AuditCheck>, state: AuditCheck) {
    *place.lock().unwrap_or_else(PoisonError::into_inner) = state;
}
