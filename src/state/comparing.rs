//! Places for comparing versions, which takes a core for a moment and the memory of both texts. Visitors and editors have
//! their own, and nothing else waits for either.

use std::sync::Arc;

use crate::{
    error::{Error, Result},
    web::{client::Client, network_semaphore::NetworkSemaphore},
    work::Limit,
};

/// Comparisons of visitors at one time, and how many more may wait.
const VISITORS: (usize, usize) = (1, 24);
/// Comparisons that one network may have under way or waiting.
const NETWORK: usize = 4;
/// Comparisons of editors at one time, and how many more may wait.
const EDITORS: (usize, usize) = (2, 64);
/// When a network that asks for too many may ask again, in seconds.
const RETRY: u64 = 5;

pub struct Comparing {
    visitors: Limit,
    networks: Arc<NetworkSemaphore>,
    editors: Limit,
}

impl Default for Comparing {
    fn default() -> Self {
        Self {
            visitors: Limit::new(VISITORS.0, VISITORS.1),
            networks: NetworkSemaphore::new(usize::MAX, NETWORK),
            editors: Limit::new(EDITORS.0, EDITORS.1),
        }
    }
}

impl Comparing {
    /// Compares for a visitor, once there is a place.
    /// `TooMany` when their network has too many, `Busy` when all together have.
    pub(crate) async fn for_visitor<T>(&self, client: Client, compare: impl FnOnce() -> T) -> Result<T> {
        let _permit = self.networks.take(client).ok_or(Error::TooMany(RETRY))?;
        self.visitors.run_large(compare).await
    }

    /// Compares for a user of the admin area, once there is a place.
    /// `Busy` when too many wait.
    pub(crate) async fn for_editor<T>(&self, compare: impl FnOnce() -> T) -> Result<T> {
        self.editors.run_large(compare).await
    }
}
