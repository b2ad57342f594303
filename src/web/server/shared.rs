//! What the connections of one serving thread share.

use std::sync::Arc;

use tokio::runtime::Handle;

use super::timeouts::Timeouts;
use crate::web::cache::{cached_router::CachedRouter, counters::ThreadCounters};

/// See the file's head.
#[derive(Clone)]
pub struct Shared {
    /// Answers.
    pub router: CachedRouter,
    /// Where answers are made that are not cached, so that making one keeps no other connection waiting.
    pub work: Handle,
    /// How long clients may take.
    pub timeouts: Timeouts,
    /// What the fast path does on this thread.
    pub counters: Arc<ThreadCounters>,
}
