//! The progress and the last result of the audit log check that an administrator started: one at a time, forgotten at a
//! restart. What runs it is `admin/audit_log/check.rs`.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicI64, Ordering},
};

use crate::{
    clock::Timestamp,
    model::{audit_log::AuditHead, audit_log_report::Report},
};

/// The state of the check.
#[derive(Debug, Clone, Default)]
pub(crate) enum AuditCheck {
    #[default]
    None,
    /// One is running and has checked this many entries.
    Running(i64),
    /// What the last one found, and when.
    Done(Report, Timestamp),
    /// The last one could not be finished.
    Failed,
}

#[derive(Debug, Default)]
pub struct AuditChecks {
    state: Mutex<AuditCheck>,
    /// The highest number of a head that this process has shown to anyone.
    told: AtomicI64,
}

impl AuditChecks {
    /// Remembers that this head was shown to someone, who may have noted it.
    pub fn tell(&self, head: &AuditHead) {
        self.told.fetch_max(head.id, Ordering::Relaxed);
    }

    /// Whether, as far as this process knows, no entry can have had the number of this head; `newest` is the newest
    /// entry.
    #[must_use]
    pub(crate) fn is_ahead(&self, head: &AuditHead, newest: i64) -> bool {
        head.id > newest.max(self.told.load(Ordering::Relaxed))
    }

    /// How far the check is, or what it found.
    #[must_use]
    pub(crate) fn state(&self) -> AuditCheck {
        self.lock().clone()
    }

    /// Marks a check as running; `false` when one is already.
    #[must_use]
    pub(crate) fn begin(&self) -> bool {
        let mut state = self.lock();
        let is_first = !matches!(*state, AuditCheck::Running(_));
        if is_first {
            *state = AuditCheck::Running(0);
        }
        is_first
    }

    /// Stores how far the check is, or how it ended.
    pub(crate) fn set(&self, state: AuditCheck) {
        *self.lock() = state;
    }

    fn lock(&self) -> MutexGuard<'_, AuditCheck> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
