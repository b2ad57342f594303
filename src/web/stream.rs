//! A response body that a task writes piece by piece, so that a large file never stands in memory as a whole.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use axum::body::Body;
use bytes::Bytes;
use http_body::Frame;
use tokio::sync::mpsc::{self, Receiver, Sender};

use crate::error::{Error, Result};

/// Pieces that wait for a slow reader; the writer waits with the next.
const WAITING: usize = 2;

/// Where the task puts the pieces. An error breaks the connection off, so that nobody takes half a file for a whole one.
pub type Pieces = Sender<Result<Bytes>>;

struct Stream(Receiver<Result<Bytes>>);

/// A body, and where its pieces go; it ends when the sender is dropped.
pub fn channel() -> (Pieces, Body) {
    let (sender, receiver) = mpsc::channel(WAITING);
    (sender, Body::new(Stream(receiver)))
}

impl http_body::Body for Stream {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>>>> {
        self.0.poll_recv(context).map(|piece| piece.map(|bytes| bytes.map(Frame::data)))
    }
}
