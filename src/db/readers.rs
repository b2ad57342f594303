//! How many connections read, whatever the engine, and how long one is waited for.

use std::{thread::available_parallelism, time::Duration};

/// How long a reader waits for a connection.
pub(super) const ACQUIRE: Duration = Duration::from_secs(10);

/// Two for each core: while what one of them read is waited for, another works.
pub(super) fn readers() -> u32 {
    available_parallelism().ok().and_then(|cores| u32::try_from(cores.get()).ok()).unwrap_or(2).clamp(2, 8) * 2
}
