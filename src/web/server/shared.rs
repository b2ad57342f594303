//! What the connections of one serving thread share.

use std::sync::Arc;

use tokio::runtime::Handle;
use tokio_rustls::TlsAcceptor;

use super::timeouts::Timeouts;
use crate::web::cache::{cached_router::CachedRouter, counters::ThreadCounters};

#[derive(Clone)]
pub struct Shared {
    pub router: CachedRouter,
    /// Where answers that are not cached are made, so that no other connection waits for that.
    pub work: Handle,
    pub timeouts: Timeouts,
    /// What connections begin with; none when they are plain.
    pub tls: Option<TlsAcceptor>,
    /// What the fast path does on this thread.
    pub counters: Arc<ThreadCounters>,
}
