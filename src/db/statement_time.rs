//! How long the statements of this process have taken, waiting for a connection included.

use crate::histogram::Histogram;

pub(crate) static READS: Histogram = Histogram::new();
pub(crate) static WRITES: Histogram = Histogram::new();
/// Until the storage has what was written.
pub(crate) static COMMITS: Histogram = Histogram::new();
