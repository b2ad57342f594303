//! A number that says whether something derived from the database is still current. A leaf: imports nothing.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use tokio::sync::Notify;

/// Shared by what changes the database and what keeps something derived from it.
#[derive(Debug, Clone, Default)]
pub struct SiteVersion(Arc<AtomicI64>);

impl SiteVersion {
    #[must_use]
    pub(crate) fn get(&self) -> i64 {
        self.0.load(Ordering::Acquire)
    }

    /// Raises it; a smaller number than the present one changes nothing.
    pub(crate) fn raise(&self, to: i64) {
        self.0.fetch_max(to, Ordering::AcqRel);
    }
}

/// Notifies after every commit, for tasks that derive something in the background. Several notifications at once are
/// one.
#[derive(Debug, Clone, Default)]
pub(crate) struct CommitNotify(Arc<Notify>);

impl CommitNotify {
    pub(crate) fn notify(&self) {
        self.0.notify_one();
    }

    /// Waits for the next notification, or takes one that was not received yet.
    pub(crate) async fn notified(&self) {
        self.0.notified().await;
    }
}
