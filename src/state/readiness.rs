//! The result of the last readiness check, shared by all who ask at the same time. What runs it is `site/readiness.rs`.

use tokio::{sync::watch, time::Instant};

#[derive(Default)]
pub struct Readiness(pub watch::Sender<ReadinessState>);

/// The check under way, and the last result.
#[derive(Clone, Default)]
pub struct ReadinessState {
    /// Since when a check has been under way.
    pub begun: Option<Instant>,
    /// When the last check ended, and what was wrong.
    pub(crate) ended: Option<(Instant, Option<&'static str>)>,
}
