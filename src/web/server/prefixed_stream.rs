//! A connection for hyper whose first bytes were read already. It limits what hyper does not: how long a client is
//! silent, how long it takes for a head, and how slowly it takes an answer. It also holds back hyper's bare answer to
//! what is not HTTP.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use axum::http::StatusCode;
use bytes::{Buf, Bytes};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep, sleep_until},
};

use super::{
    connection_state::{ConnectionState, Phase},
    timeouts::{Timeouts, WRITE_TIMEOUT, extend_deadline},
    transport::Transport,
};

/// A header that all our answers have.
const EVERYWHERE: &[u8] = b"content-security-policy";
/// Longest head of an answer that hyper makes by itself.
const OWN_HEAD: usize = 256;

pub(crate) struct PrefixedStream {
    /// The status of hyper's own answer, which was held back.
    pub(crate) refused: Option<StatusCode>,
    pub(crate) timed_out: bool,
    read: Bytes,
    stream: Transport,
    state: Arc<ConnectionState>,
    timeouts: Timeouts,
    idle_timer: Option<Pin<Box<Sleep>>>,
    write_timer: Option<Pin<Box<Sleep>>>,
    /// Bytes written since hyper last had nothing left to write.
    written: usize,
    /// Whether the client did not take all of them at once.
    is_full: bool,
    /// Whether something arrived after the answer was made and before it was sent.
    has_heard: bool,
}

impl PrefixedStream {
    /// Gives `read` first, then what arrives on `stream`.
    #[must_use]
    pub(crate) fn new(read: Bytes, stream: Transport, state: Arc<ConnectionState>, timeouts: Timeouts) -> Self {
        if !read.is_empty() {
            state.set_reading();
        }
        Self {
            refused: None,
            timed_out: false,
            read,
            stream,
            state,
            timeouts,
            idle_timer: None,
            write_timer: None,
            written: 0,
            is_full: false,
            has_heard: false,
        }
    }

    /// The connection, when hyper is done with it.
    #[must_use]
    pub(crate) fn into_stream(self) -> Transport {
        self.stream
    }

    /// Something has arrived. The beginning of a head starts its time limit; the rest does not prolong it.
    fn heard(&mut self) {
        if self.state.is_complete() {
            self.has_heard = true;
        } else if self.state.phase().0 == Phase::Idle {
            self.state.set_reading();
        }
    }

    /// Nothing has arrived yet; fails when that has lasted too long.
    fn poll_silence(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let (doing, since) = self.state.phase();
        let until = match doing {
            Phase::Idle => since + self.timeouts.idle,
            Phase::Reading => since + self.timeouts.head,
            // Waiting for a body has a time limit in the router.
            Phase::Answering | Phase::Waiting => return Poll::Pending,
        };
        let until = Instant::from_std(until);
        let idle_timer = self.idle_timer.get_or_insert_with(|| Box::pin(sleep_until(until)));
        if idle_timer.deadline() != until {
            idle_timer.as_mut().reset(until);
        }
        ready!(idle_timer.as_mut().poll(context));
        self.timed_out = true;
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    /// Passes on how much was written; fails when the client is too slow.
    fn watch_write(&mut self, context: &mut Context<'_>, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        let Poll::Ready(taken) = written else {
            if !self.is_full {
                self.is_full = true;
                self.state.set_sending(self.written);
            }
            let write_timer =
                self.write_timer.get_or_insert_with(|| Box::pin(sleep_until(Instant::now() + WRITE_TIMEOUT)));
            ready!(write_timer.as_mut().poll(context));
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        };
        if let Ok(taken) = taken {
            self.written += taken;
            if self.is_full {
                self.state.set_sending(taken);
            }
            if let Some(write_timer) = &mut self.write_timer {
                let until = extend_deadline(write_timer.deadline(), taken);
                write_timer.as_mut().reset(until);
            }
        }
        Poll::Ready(taken)
    }

    /// Everything has been written.
    fn note_flush(&mut self) {
        self.written = 0;
        let has_heard = std::mem::take(&mut self.has_heard);
        if self.state.is_complete() {
            self.write_timer = None;
            self.state.idle(std::time::Instant::now());
            if has_heard {
                self.state.set_reading();
            }
        } else if self.is_full {
            self.state.set_answering();
        }
        self.is_full = false;
    }

    /// Whether the client is still there while its answer is made. hyper does not check, because a client that closes
    /// its sending half still gets the answer. A reset is an error, which ends the work. A client that has gone looks
    /// at first like one that closed that half, so such a connection can lose its slot.
    fn poll_presence(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        if self.state.phase().0 != Phase::Answering || !self.read.is_empty() {
            return Ok(());
        }
        let mut byte = [0];
        match self.stream.tcp().poll_peek(context, &mut ReadBuf::new(&mut byte)) {
            Poll::Ready(Ok(0)) => self.state.set_waiting(),
            Poll::Ready(Err(error)) => return Err(error),
            Poll::Ready(Ok(_)) | Poll::Pending => {}
        }
        Ok(())
    }

    /// Whether these bytes are hyper's own answer to something that is not a request: no answer of ours is under way.
    fn is_own(&mut self, bytes: &[u8]) -> bool {
        let own = bytes.len() <= OWN_HEAD
            && matches!(self.state.phase().0, Phase::Idle | Phase::Reading)
            // It has the version of the last request.
            && (bytes.starts_with(b"HTTP/1.1 4") || bytes.starts_with(b"HTTP/1.0 4"))
            && bytes.ends_with(b"\r\n\r\n")
            // Every answer of ours has one.
            && !bytes.windows(EVERYWHERE.len()).any(|part| part == EVERYWHERE);
        if own {
            self.refused = bytes.get(9..12).and_then(|code| StatusCode::from_bytes(code).ok());
        }
        own
    }
}

impl AsyncRead for PrefixedStream {
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

impl AsyncWrite for PrefixedStream {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.is_own(bytes) {
            return Poll::Ready(Ok(bytes.len()));
        }
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.watch_write(context, written)
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
        self.watch_write(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        // With TLS some may still have to be encrypted or sent, and the client may be too slow for that too.
        let flushed = Pin::new(&mut self.stream).poll_flush(context).map_ok(|()| 0);
        ready!(self.watch_write(context, flushed))?;
        // hyper has written everything when it flushes.
        self.note_flush();
        Poll::Ready(self.poll_presence(context))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
