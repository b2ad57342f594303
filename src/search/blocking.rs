//! Work of the search engine, which waits for the disk: on a thread where it may.

use super::indexes::Indexes;
use crate::error::{Error, Result};

/// A panic of the engine over a damaged file is an error like any other.
pub(super) async fn run_blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::internal("search", error))?
}

/// Lends out the indexes, and gives them back.
pub(super) async fn run_on(
    mut indexes: Indexes,
    work: impl FnOnce(&mut Indexes) -> Result<()> + Send + 'static,
) -> Result<Indexes> {
    run_blocking(move || work(&mut indexes).map(|()| indexes)).await
}
