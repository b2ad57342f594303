//! The heads of the audit log that this process has shown.

use std::sync::atomic::{AtomicI64, Ordering};

use crate::model::audit_log::AuditHead;

#[derive(Debug, Default)]
pub struct ShownHeads {
    /// The highest number of a head that this process has shown to anyone.
    highest: AtomicI64,
}

impl ShownHeads {
    /// Remembers that this head was shown to someone, who may have noted it.
    pub fn tell(&self, head: &AuditHead) {
        self.highest.fetch_max(head.id, Ordering::Relaxed);
    }

    /// Whether, as far as this process knows, no entry can have had the number of this head; `newest` is the newest
    /// entry.
    #[must_use]
    pub(crate) fn is_ahead(&self, head: &AuditHead, newest: i64) -> bool {
        head.id > newest.max(self.highest.load(Ordering::Relaxed))
    }
}
