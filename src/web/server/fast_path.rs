//! The fast path: what is cached is written straight from memory. The first request that needs anything else takes the
//! connection over to hyper, for good, with every byte that was read.

use std::{
    future::poll_fn,
    io,
    net::SocketAddr,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::{body::Body, http::Response};
use tokio::{
    net::TcpStream,
    sync::futures::Notified,
    task::yield_now,
    time::{Instant, Sleep, sleep},
};

use super::{connection_state::ConnectionState, head::RequestHead, pending_write::PendingWrite, shared::Shared};
use crate::web::cache::{
    bodies::Prepared, cache_result::CacheResult, cached_response::CachedResponse, counters::Counts,
};

/// How many answers one connection gets before the others of its thread.
pub const REQUESTS_PER_TURN: u32 = 32;
/// Longest head on the fast path; a browser's is a third of that.
const HEAD: usize = 4096;
/// How long a stop waits for the first request of a connection, which is on its way.
pub(super) const FIRST_TIME: Duration = Duration::from_secs(2);

#[derive(Default)]
pub(crate) struct Handover {
    /// What has arrived and is not answered.
    pub(crate) read: Vec<u8>,
    /// The answer to the first request of it, if it was made already.
    pub(crate) made: Option<Response<Body>>,
}

/// What to do after the requests that were read have been answered as far as possible.
enum Step {
    More,
    Closed,
    /// Give way to the other connections of the thread; then answer these requests.
    Yield(Vec<u8>),
    /// Wait until the client takes the rest of an answer; then answer these requests.
    Full(PendingWrite, Vec<u8>),
    /// Make the answer to the first of these requests.
    Missing(Vec<u8>),
    NotFastPath(Vec<u8>),
}

enum Outcome {
    Idle,
    Closed,
    Hyper(Handover),
}

pub(super) struct FastPath<'c> {
    pub(super) stream: &'c TcpStream,
    pub(super) peer: SocketAddr,
    pub(super) state: &'c ConnectionState,
    pub(super) shared: &'c Shared,
    /// How many more answers it gets before the others.
    requests_left: u32,
    pub(super) was_told_to_end: bool,
}

/// Serves a connection until it ends (none), or until hyper has to take over.
pub(crate) async fn run(
    stream: &TcpStream,
    peer: SocketAddr,
    state: &Arc<ConnectionState>,
    shared: &Shared,
) -> Option<Handover> {
    let mut path = FastPath { stream, peer, state, shared, requests_left: REQUESTS_PER_TURN, was_told_to_end: false };
    let mut idle_timer = pin!(sleep(shared.timeouts.head));
    let mut end = pin!(state.end.notified());
    let mut timeout = shared.timeouts.head;
    let mut is_first = true;
    let mut is_ending = false;
    let mut since = Instant::now();
    loop {
        // What has arrived is answered, even when it is time to stop.
        let step = poll_fn(|context| match path.poll_answer_new(context) {
            Poll::Ready(step) => Poll::Ready(Some(step)),
            Poll::Pending if !is_ending && path.poll_end(end.as_mut(), context) => Poll::Ready(None),
            Poll::Pending => {
                poll_idle_timeout(idle_timer.as_mut(), since + timeout, context).map(|()| Some(Step::Closed))
            }
        });
        match step.await {
            None if state.is_evicted() || !is_first => return None,
            None => {
                is_ending = true;
                timeout = FIRST_TIME;
                idle_timer.as_mut().reset(Instant::now() + FIRST_TIME);
            }
            Some(step) => match path.finish(step, end.as_mut()).await {
                // Another connection has its slot now: only what had arrived is answered.
                Outcome::Idle if state.is_evicted() => return None,
                Outcome::Idle => is_first = false,
                Outcome::Closed => return None,
                Outcome::Hyper(handover) => return Some(handover),
            },
        }
        since = Instant::now();
        if !is_ending {
            if timeout > shared.timeouts.idle {
                // The timer would run out too late.
                idle_timer.as_mut().reset(since + shared.timeouts.idle);
            }
            timeout = shared.timeouts.idle;
            state.idle(since.into_std());
        }
    }
}

/// Ready when nothing has come until then.
fn poll_idle_timeout(mut idle_timer: Pin<&mut Sleep>, until: Instant, context: &mut Context<'_>) -> Poll<()> {
    // The timer still runs from an earlier request, which is cheaper than setting it for each.
    while idle_timer.as_mut().poll(context).is_ready() {
        if until <= Instant::now() {
            return Poll::Ready(());
        }
        idle_timer.as_mut().reset(until);
    }
    Poll::Pending
}

impl FastPath<'_> {
    /// Whether the connection was told to end, because it is time to stop or another one gets its slot.
    pub(super) fn poll_end(&mut self, end: Pin<&mut Notified<'_>>, context: &mut Context<'_>) -> bool {
        self.was_told_to_end = self.was_told_to_end || end.poll(context).is_ready();
        self.was_told_to_end
    }

    /// Reads once and answers. The buffer is on the stack of this function, so that a silent connection holds none.
    fn poll_answer_new(&mut self, context: &mut Context<'_>) -> Poll<Step> {
        if ready!(self.stream.poll_read_ready(context)).is_err() {
            return Poll::Ready(Step::Closed);
        }
        // `poll_read` would recognise a short read as the last one and save the next call. Measured at full load it
        // answers a tenth fewer requests, because a core that is done sooner wakes more often; benches/README.md has
        // the figures.
        let mut bytes = [0; HEAD];
        Poll::Ready(match self.stream.try_read(&mut bytes) {
            Ok(0) => Step::Closed,
            // hyper says in its answer that it is the last one.
            Ok(length) if self.state.is_stopping() => Step::NotFastPath(bytes[..length].to_vec()),
            Ok(length) => self.answer(&bytes[..length], None),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                self.requests_left = REQUESTS_PER_TURN;
                Step::More
            }
            Err(_) => Step::Closed,
        })
    }

    /// Answers one request after the other, the first of them from `made` if it is given.
    fn answer(&mut self, bytes: &[u8], mut made: Option<&Arc<CachedResponse>>) -> Step {
        let router = &self.shared.router;
        let mut read = bytes;
        while !read.is_empty() {
            let Some(left) = self.requests_left.checked_sub(1) else { return Step::Yield(read.to_vec()) };
            self.requests_left = left;
            let Some(head) = RequestHead::read(read) else { return Step::NotFastPath(read.to_vec()) };
            if !router.answers(head.host) {
                return Step::NotFastPath(read.to_vec());
            }
            let hits = u64::from(made.is_none());
            let Some(entry) = made.take().cloned().or_else(|| router.get(head.path)) else {
                return Step::Missing(read.to_vec());
            };
            if !entry.ignores(head.query) {
                return Step::NotFastPath(read.to_vec());
            }
            let wire = match entry.wire(head.accept_encoding, head.if_none_match, head.is_head) {
                Prepared::Yes(wire) => head.persistence.apply(wire),
                Prepared::ToBeMade => return Step::Missing(read.to_vec()),
                Prepared::Never => return Step::NotFastPath(read.to_vec()),
            };
            self.shared.counters.add(Counts { requests: 1, hits, bytes: wire.len() });
            let is_last = head.persistence.ends();
            read = if is_last { &[] } else { &read[head.length..] };
            let mut pending = PendingWrite::new(wire, is_last);
            match pending.push(self.stream) {
                Ok(true) if is_last => return Step::Closed,
                Ok(true) => {}
                Ok(false) => return Step::Full(pending, read.to_vec()),
                Err(_) => return Step::Closed,
            }
        }
        Step::More
    }

    /// Takes steps until the connection waits for another request, or ends.
    async fn finish(&mut self, mut step: Step, mut end: Pin<&mut Notified<'_>>) -> Outcome {
        loop {
            step = match step {
                Step::More => return Outcome::Idle,
                Step::Closed => return Outcome::Closed,
                Step::NotFastPath(read) => return Outcome::Hyper(Handover { read, made: None }),
                Step::Yield(read) => {
                    yield_now().await;
                    self.requests_left = REQUESTS_PER_TURN;
                    self.answer(&read, None)
                }
                Step::Full(pending, read) => {
                    let is_last = pending.is_last;
                    if pending.send(self.stream, self.state).await.is_err() || is_last {
                        return Outcome::Closed;
                    }
                    self.requests_left = REQUESTS_PER_TURN;
                    self.answer(&read, None)
                }
                Step::Missing(read) => {
                    self.state.set_answering();
                    self.requests_left = REQUESTS_PER_TURN;
                    match self.make_unless_gone(&read, end.as_mut()).await {
                        None => return Outcome::Closed,
                        Some(Some(CacheResult::Cached(entry))) => self.answer(&read, Some(&entry)),
                        Some(Some(CacheResult::Uncacheable(response))) => {
                            return Outcome::Hyper(Handover { read, made: Some(response) });
                        }
                        Some(None) => return Outcome::Hyper(Handover { read, made: None }),
                    }
                }
            };
        }
    }
}
