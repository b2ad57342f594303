//! The result of the last readiness check, shared by all requests at the same time. What runs it is `site/readiness.rs`.

use std::sync::OnceLock;

use tokio::{sync::watch, time::Instant};
use tokio_util::sync::CancellationToken;

#[derive(Default)]
pub struct Readiness {
    pub state: watch::Sender<ReadinessState>,
    /// Cancelled when the program is about to stop.
    pub(crate) leaving: OnceLock<CancellationToken>,
}

impl Readiness {
    /// Whether this node is about to stop, so that it should get no more requests.
    #[must_use]
    pub(crate) fn is_leaving(&self) -> bool {
        self.leaving.get().is_some_and(CancellationToken::is_cancelled)
    }
}

/// The check under way, and the last result.
#[derive(Clone, Default)]
pub struct ReadinessState {
    /// Since when a check has been under way.
    pub begun: Option<Instant>,
    /// When the last check ended, and what was wrong.
    pub(crate) ended: Option<(Instant, Option<&'static str>)>,
}
