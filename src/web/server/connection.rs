//! The life of one connection. It begins on the fast path: what is kept in memory is written as it lies there. The first
//! request that asks for anything else takes the connection over to hyper, for good, with every byte that was read.

use std::{
    future::poll_fn,
    io::{self, IoSlice},
    net::SocketAddr,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::{body::Body, http::Response};
use tokio::{
    io::AsyncWriteExt,
    net::TcpStream,
    runtime::Handle,
    task::yield_now,
    time::{Instant, Sleep, sleep, timeout, timeout_at},
};
use tokio_util::task::AbortOnDropHandle;

use super::{
    connection_slots::ConnectionSlot,
    connection_state::{ConnectionState, WRITE_TIMEOUT},
    date,
    head::Head,
    hyper_path,
    prefixed_stream::{HEAD_TIME, IDLE_TIME, extend_deadline},
};
use crate::{
    web::cache::{
        cached_response::{CachedResponse, Prepared},
        cached_router::{CacheResult, CachedRouter},
        encoded_body::Wire,
        encoding::Encoding,
    },
    work,
};

/// How many answers one connection gets at a time while others of its thread wait.
pub const TURN: u32 = 32;
/// Longest head on the fast path; a browser's is a third of it.
const HEAD: usize = 4096;
/// How long the first request of a connection is waited for when it is time to stop: it is on its way.
const FIRST_TIME: Duration = Duration::from_secs(2);
/// How long a connection may take for which there is no place.
const RESERVED_TIME: Duration = Duration::from_secs(3);
/// How long a client may take to notice that a connection has ended.
const LINGER: Duration = Duration::from_secs(1);
/// How much of what it sends meanwhile is read and passed over.
const LINGER_BYTES: usize = 1024 * 1024;

/// What all connections share.
#[derive(Clone)]
pub struct Shared {
    /// Answers.
    pub router: CachedRouter,
    /// Where answers are made that are not kept, so that making one keeps no other connection waiting.
    pub work: Handle,
}

/// Where a connection stands after what was read has been answered as far as it goes.
enum Step {
    /// Everything is answered.
    More,
    /// The connection is over.
    Closed,
    /// It is to end when nothing more comes.
    Ending,
    /// It is time for the other connections; then for these requests.
    Enough(Vec<u8>),
    /// The client takes no more for now: what it has not taken, and the requests after it.
    Full(PendingWrite, Vec<u8>),
    /// Nothing is kept for the first of these requests.
    Missing(Vec<u8>),
    /// Only hyper understands these.
    NotFastPath(Vec<u8>),
}

/// Serves a connection to its end.
pub async fn run(stream: TcpStream, peer: SocketAddr, place: ConnectionSlot, shared: Shared) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY was refused");
    }
    if place.reserved {
        // These places are few: whatever happens in them happens quickly.
        let _ = timeout(RESERVED_TIME, hyper_path::run(Vec::new(), None, stream, peer, &place, shared)).await;
        return;
    }
    match fast_path(&stream, peer, &place.state, &shared).await {
        Some((read, made)) => hyper_path::run(read, made, stream, peer, &place, shared).await,
        None => close(stream, &place.state).await,
    }
}

/// Ends a connection so that the client hears what was sent last: closed at once, it could hear of a reset instead when
/// something of its own is still on the way.
pub async fn close(mut stream: TcpStream, state: &ConnectionState) {
    if state.is_sent_away() || stream.shutdown().await.is_err() {
        return;
    }
    state.idle(std::time::Instant::now());
    let mut passed_over = 0;
    let read_all = async {
        while passed_over < LINGER_BYTES && stream.readable().await.is_ok() {
            match pass_over(&stream) {
                Ok(0) => break,
                Ok(length) => passed_over += length,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(_) => break,
            }
        }
    };
    let _ = timeout(LINGER, read_all).await;
}

/// Reads once and forgets it. The bytes stand here for the same reason as in [`answer_new`].
fn pass_over(stream: &TcpStream) -> io::Result<usize> {
    stream.try_read(&mut [0; HEAD])
}

/// Ends with the connection, or with what hyper has to answer, and the answer to the first of it if it was made already.
async fn fast_path(
    stream: &TcpStream,
    peer: SocketAddr,
    state: &Arc<ConnectionState>,
    shared: &Shared,
) -> Option<(Vec<u8>, Option<Response<Body>>)> {
    let mut idle_timer = pin!(sleep(HEAD_TIME));
    let mut end = pin!(state.end.notified());
    let mut told = false;
    let mut patience = HEAD_TIME;
    let mut since = Instant::now();
    let mut turn = TURN;
    loop {
        // What has arrived is answered, also when it is time to stop.
        let answered = poll_fn(|context| match answer_new(stream, state, &shared.router, &mut turn, context) {
            Poll::Ready(step) => Poll::Ready(step),
            Poll::Pending if !told && end.as_mut().poll(context).is_ready() => Poll::Ready(Step::Ending),
            Poll::Pending => poll_idle_timeout(idle_timer.as_mut(), since + patience, context).map(|()| Step::Closed),
        });
        let mut step = answered.await;
        loop {
            step = match step {
                Step::More => break,
                Step::Closed => return None,
                Step::Ending => {
                    if state.is_sent_away() || patience != HEAD_TIME {
                        return None;
                    }
                    told = true;
                    patience = FIRST_TIME;
                    idle_timer.as_mut().reset(Instant::now() + FIRST_TIME);
                    break;
                }
                Step::Enough(read) => {
                    yield_now().await;
                    turn = TURN;
                    answer(stream, &shared.router, &read, None, &mut turn)
                }
                Step::Full(pending, read) => {
                    state.answering();
                    state.sending(pending.sent);
                    pending.send(stream, state).await.ok()?;
                    turn = TURN;
                    answer(stream, &shared.router, &read, None, &mut turn)
                }
                Step::NotFastPath(read) => return Some((read, None)),
                Step::Missing(read) => {
                    state.answering();
                    turn = TURN;
                    match make(&read, peer, shared).await {
                        Some(CacheResult::Cached(entry)) => {
                            answer(stream, &shared.router, &read, Some(&entry), &mut turn)
                        }
                        Some(CacheResult::Uncacheable(response)) => return Some((read, Some(response))),
                        None => return Some((read, None)),
                    }
                }
            };
        }
        since = Instant::now();
        if !told {
            patience = IDLE_TIME;
            state.idle(since.into_std());
        }
    }
}

/// Ready when nothing has come until then.
fn poll_idle_timeout(mut idle_timer: Pin<&mut Sleep>, until: Instant, context: &mut Context<'_>) -> Poll<()> {
    // The timer runs on from an earlier request: cheaper than setting it anew for each.
    while idle_timer.as_mut().poll(context).is_ready() {
        if until <= Instant::now() {
            return Poll::Ready(());
        }
        idle_timer.as_mut().reset(until);
    }
    Poll::Pending
}

/// Reads once and answers. The bytes stand here and not in the connection, so that a silent one costs no memory for them.
fn answer_new(
    stream: &TcpStream,
    state: &ConnectionState,
    router: &CachedRouter,
    turn: &mut u32,
    context: &mut Context<'_>,
) -> Poll<Step> {
    if ready!(stream.poll_read_ready(context)).is_err() {
        return Poll::Ready(Step::Closed);
    }
    // `poll_read` would know a short read for the last one and save the next call. Measured at full load it answers a
    // tenth fewer requests, because a core that is done sooner wakes more often; benches/README.md has the figures.
    let mut bytes = [0; HEAD];
    Poll::Ready(match stream.try_read(&mut bytes) {
        Ok(0) => Step::Closed,
        // hyper says in its answer that it is the last one.
        Ok(length) if state.is_stopping() => Step::NotFastPath(bytes[..length].to_vec()),
        Ok(length) => answer(stream, router, &bytes[..length], None, turn),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
            *turn = TURN;
            Step::More
        }
        Err(_) => Step::Closed,
    })
}

/// Answers one request after the other, the first of them from `made` if it is given, and no more than `turn`.
fn answer(
    stream: &TcpStream,
    router: &CachedRouter,
    bytes: &[u8],
    mut made: Option<&Arc<CachedResponse>>,
    turn: &mut u32,
) -> Step {
    let mut read = bytes;
    while !read.is_empty() {
        let Some(left) = turn.checked_sub(1) else { return Step::Enough(read.to_vec()) };
        *turn = left;
        let Some(head) = Head::read(read) else { return Step::NotFastPath(read.to_vec()) };
        if !router.answers(head.host) {
            return Step::NotFastPath(read.to_vec());
        }
        let Some(entry) = made.take().cloned().or_else(|| router.get(head.path)) else {
            return Step::Missing(read.to_vec());
        };
        if !entry.ignores(head.query) {
            return Step::NotFastPath(read.to_vec());
        }
        let wire = match entry.wire(head.accept_encoding, head.if_none_match, head.is_head) {
            Prepared::Yes(wire) => wire,
            Prepared::ToBeMade => return Step::Missing(read.to_vec()),
            Prepared::Never => return Step::NotFastPath(read.to_vec()),
        };
        read = &read[head.length..];
        let mut pending = PendingWrite { wire, date: date::last_field(), sent: 0 };
        match pending.push(stream) {
            Ok(true) => {}
            Ok(false) => return Step::Full(pending, read.to_vec()),
            Err(_) => return Step::Closed,
        }
    }
    Step::More
}

/// The answer to the first of these requests, made elsewhere, with the encoding it asks for. None: that is for hyper.
async fn make(read: &[u8], peer: SocketAddr, shared: &Shared) -> Option<CacheResult> {
    let head = Head::read(read)?;
    let uri = head.path.parse().ok()?;
    let router = shared.router.clone();
    if !router.may_keep(&uri) {
        return None;
    }
    let asks = head.query.is_some() || head.accept_encoding.is_some_and(|accepted| !Encoding::takes_identity(accepted));
    let accept_encoding = head.accept_encoding.map(str::to_owned);
    let made = shared.work.spawn(async move {
        let made = router.make(uri, Some(peer)).await;
        if let CacheResult::Cached(entry) = &made {
            work::blocking_if_large(entry.size(), || entry.prepare(accept_encoding.as_deref()));
        }
        made
    });
    AbortOnDropHandle::new(made).await.ok().filter(|made| made.answers(asks))
}

/// An answer on its way.
struct PendingWrite {
    wire: Wire,
    date: [u8; date::LENGTH],
    sent: usize,
}

impl PendingWrite {
    /// Writes as much as the client takes; whether that is all.
    fn push(&mut self, stream: &TcpStream) -> io::Result<bool> {
        let Wire { head, body } = &self.wire;
        let total = head.len() + self.date.len() + body.len();
        while self.sent < total {
            let mut pieces = [IoSlice::new(head), IoSlice::new(&self.date), IoSlice::new(body)];
            let mut left = &mut pieces[..];
            IoSlice::advance_slices(&mut left, self.sent);
            match stream.try_write_vectored(left) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(sent) => self.sent += sent,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(false),
                Err(error) => return Err(error),
            }
        }
        Ok(true)
    }

    /// Writes the rest as the client takes it, unless it takes next to nothing.
    async fn send(mut self, stream: &TcpStream, state: &ConnectionState) -> io::Result<()> {
        let mut until = Instant::now() + WRITE_TIMEOUT;
        loop {
            timeout_at(until, stream.writable()).await??;
            let before = self.sent;
            if self.push(stream)? {
                return Ok(());
            }
            state.sending(self.sent - before);
            until = extend_deadline(until, self.sent - before);
        }
    }
}
