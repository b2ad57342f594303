//! A connection for hyper whose first bytes were read already. It minds the time that hyper does not: how long a client is
//! silent, how long it takes for a head, and how slowly it takes an answer. And it keeps back what hyper says by itself to
//! what is no HTTP.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::http::StatusCode;
use bytes::{Buf, Bytes};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Instant, Sleep, sleep_until},
};

use super::seat::{Doing, Seat};

/// How long a client may take for the head of a request.
pub const HEAD_TIME: Duration = Duration::from_secs(10);
/// How long a kept connection may be silent: longer than usual proxies keep theirs, so that it is they who end it and none
/// sends a request to an end that is closing.
pub const IDLE_TIME: Duration = Duration::from_secs(75);
/// How long a client may take nothing of an answer before it is given up.
pub const STALL: Duration = Duration::from_secs(30);
/// Fewest bytes of an answer that it may take in a second, after that time.
const RATE: u64 = 1000;
/// A header that all our answers have.
const EVERYWHERE: &[u8] = b"content-security-policy";
/// Longest head of an answer that hyper makes by itself.
const OWN_HEAD: usize = 256;

/// See the file's head.
pub struct Replay {
    /// What hyper said to what is no HTTP, and was kept back.
    pub refused: Option<StatusCode>,
    /// Whether the client took too long.
    pub timed_out: bool,
    read: Bytes,
    stream: TcpStream,
    seat: Arc<Seat>,
    silent: Option<Pin<Box<Sleep>>>,
    stalled: Option<Pin<Box<Sleep>>>,
}

/// Until when a client may take its time that has just taken so many bytes.
#[must_use]
pub fn more_patience(until: Instant, taken: usize) -> Instant {
    let earned = Duration::from_millis((taken as u64).saturating_mul(1000) / RATE);
    (until + earned).min(Instant::now() + STALL)
}

impl Replay {
    /// Gives `read` first, then what comes from `stream`.
    #[must_use]
    pub fn new(read: Bytes, stream: TcpStream, seat: Arc<Seat>) -> Self {
        if !read.is_empty() {
            seat.reading();
        }
        Self { refused: None, timed_out: false, read, stream, seat, silent: None, stalled: None }
    }

    /// The connection, when hyper is done with it.
    #[must_use]
    pub fn into_stream(self) -> TcpStream {
        self.stream
    }

    /// Something has come. What begins a head starts its time; the rest of it does not prolong that.
    fn heard(&mut self) {
        if self.seat.doing().0 == Doing::Idle {
            self.stalled = None;
            self.seat.reading();
        }
    }

    /// Nothing has come yet; fails when that has lasted too long.
    fn poll_silence(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let (doing, since) = self.seat.doing();
        let until = match doing {
            Doing::Idle => since + IDLE_TIME,
            Doing::Reading => since + HEAD_TIME,
            // A body is waited for, for which the router has a time limit.
            Doing::Answering | Doing::Waiting => return Poll::Pending,
        };
        let until = Instant::from_std(until);
        let silent = self.silent.get_or_insert_with(|| Box::pin(sleep_until(until)));
        if silent.deadline() != until {
            silent.as_mut().reset(until);
        }
        ready!(silent.as_mut().poll(context));
        self.timed_out = true;
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    /// Passes on how much was written; being too slow is a failure.
    fn watched(&mut self, context: &mut Context<'_>, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        let Poll::Ready(taken) = written else {
            self.seat.waiting();
            let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep_until(Instant::now() + STALL)));
            ready!(stalled.as_mut().poll(context));
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        };
        if let (Some(stalled), Ok(taken)) = (&mut self.stalled, &taken) {
            let until = more_patience(stalled.deadline(), *taken);
            stalled.as_mut().reset(until);
        }
        Poll::Ready(taken)
    }

    /// Whether these bytes are hyper's own answer to something that is no request: nothing of ours is being answered.
    fn is_own(&mut self, bytes: &[u8]) -> bool {
        let own = bytes.len() <= OWN_HEAD
            && matches!(self.seat.doing().0, Doing::Idle | Doing::Reading)
            && bytes.starts_with(b"HTTP/1.1 4")
            && bytes.ends_with(b"\r\n\r\n")
            // Every answer of ours has one.
            && !bytes.windows(EVERYWHERE.len()).any(|part| part == EVERYWHERE);
        if own {
            self.refused = bytes.get(9..12).and_then(|code| StatusCode::from_bytes(code).ok());
        }
        own
    }
}

impl AsyncRead for Replay {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if !self.read.is_empty() {
            let length = self.read.len().min(into.remaining());
            into.put_slice(&self.read[..length]);
            self.read.advance(length);
            return Poll::Ready(Ok(()));
        }
        let before = into.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, into);
        match read {
            Poll::Ready(read) => {
                if into.filled().len() > before {
                    self.heard();
                }
                Poll::Ready(read)
            }
            Poll::Pending => self.poll_silence(context),
        }
    }
}

impl AsyncWrite for Replay {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.is_own(bytes) {
            return Poll::Ready(Ok(bytes.len()));
        }
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.watched(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if let [one] = pieces
            && self.is_own(one)
        {
            return Poll::Ready(Ok(one.len()));
        }
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, pieces);
        self.watched(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
