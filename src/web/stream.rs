//! A response body that a task writes piece by piece, so that a large file is never in memory as a whole.

use axum::body::Body;
use bytes::Bytes;
use tokio::sync::mpsc::{self, Sender};
use tokio_stream::wrappers::ReceiverStream;

use crate::error::Result;

/// Pieces that wait for a slow reader before the writer has to wait.
const WAITING: usize = 2;

/// Where the task puts the pieces. An error ends the connection, so that no client takes half a file for the whole.
pub(crate) type Pieces = Sender<Result<Bytes>>;

/// A body, and where its pieces go; it ends when the sender is dropped.
pub fn channel() -> (Pieces, Body) {
    let (sender, receiver) = mpsc::channel(WAITING);
    (sender, Body::from_stream(ReceiverStream::new(receiver)))
}
