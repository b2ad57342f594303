//! The life of one connection. It begins on the short way: what is kept in memory is written as it lies there. The first
//! request that asks for anything else takes the connection over to hyper, for good, with every byte that was read.

use std::{
    convert::Infallible,
    future::{self, Ready, poll_fn},
    io::{self, IoSlice},
    net::SocketAddr,
    pin::{Pin, pin},
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{Request, Response},
};
use http_body_util::{Either, Full};
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::TcpStream,
    runtime::Handle,
    time::{Instant, Sleep, sleep, timeout},
};
use tokio_util::{either::Either as EitherFuture, sync::CancellationToken, task::AbortOnDropHandle};

use super::{
    date,
    head::Head,
    replay::{Replay, STALL},
};
use crate::web::cache::{
    entry::Entry,
    front::{Front, Made},
    variant::Wire,
};

/// How long a client may take for the head of a request, and how long a kept connection may be silent.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// Longest head on the short way; a browser's is a third of it.
const HEAD: usize = 4096;

/// What all connections share.
#[derive(Clone)]
pub struct Shared {
    /// Answers.
    pub front: Front,
    /// Where answers are made that are not kept, so that making one keeps no other connection waiting.
    pub work: Handle,
    /// Ends everything.
    pub stop: CancellationToken,
}

/// Where a connection stands after what was read has been answered as far as it goes.
enum Step {
    /// Everything is answered.
    More,
    /// The connection is over.
    Over,
    /// The client takes no more for now: what it has not taken, and the requests after it.
    Full(Unsent, Vec<u8>),
    /// Nothing is kept for the first of these requests.
    Missing(Vec<u8>),
    /// Only hyper understands these.
    Unusual(Vec<u8>),
}

/// Serves a connection to its end.
pub async fn run(stream: TcpStream, peer: SocketAddr, shared: Shared) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY was refused");
    }
    if let Some((read, made)) = short_way(&stream, peer, &shared).await {
        long_way(Replay::new(read.into(), stream), peer, shared, made).await;
    }
}

/// Ends with the connection, or with what hyper has to answer, and the answer to the first of it if it was made already.
async fn short_way(stream: &TcpStream, peer: SocketAddr, shared: &Shared) -> Option<(Vec<u8>, Option<Response<Body>>)> {
    let mut silence = pin!(sleep(HEAD_TIME));
    let mut stopped = pin!(shared.stop.cancelled());
    loop {
        let since = Instant::now();
        // What has arrived is answered, also when it is time to stop.
        let answered = poll_fn(|context| match answer_new(stream, &shared.front, context) {
            Poll::Ready(step) => Poll::Ready(step),
            Poll::Pending if stopped.as_mut().poll(context).is_ready() => Poll::Ready(Step::Over),
            Poll::Pending => too_silent(silence.as_mut(), since, context).map(|()| Step::Over),
        });
        let mut step = answered.await;
        loop {
            step = match step {
                Step::More => break,
                Step::Over => return None,
                Step::Full(unsent, read) => {
                    unsent.send(stream).await.ok()?;
                    answer(stream, &shared.front, &read, None)
                }
                Step::Unusual(read) => return Some((read, None)),
                Step::Missing(read) => match make(&read, peer, shared).await {
                    Some(Made::Kept(entry)) => answer(stream, &shared.front, &read, Some(&entry)),
                    Some(Made::Passing(response)) => return Some((read, Some(response))),
                    None => return Some((read, None)),
                },
            };
        }
    }
}

/// Ready when nothing has come for longer than a connection may be silent.
fn too_silent(mut silence: Pin<&mut Sleep>, since: Instant, context: &mut Context<'_>) -> Poll<()> {
    // The timer runs on from an earlier request: cheaper than setting it anew for each.
    while silence.as_mut().poll(context).is_ready() {
        let until = since + HEAD_TIME;
        if until <= Instant::now() {
            return Poll::Ready(());
        }
        silence.as_mut().reset(until);
    }
    Poll::Pending
}

/// Reads once and answers. The bytes stand here and not in the connection, so that a silent one costs no memory for them.
fn answer_new(stream: &TcpStream, front: &Front, context: &mut Context<'_>) -> Poll<Step> {
    if ready!(stream.poll_read_ready(context)).is_err() {
        return Poll::Ready(Step::Over);
    }
    // `poll_read` would know a short read for the last one and save the next call. Measured at full load it answers a
    // tenth fewer requests, because a core that is done sooner wakes more often; benches/README.md has the figures.
    let mut bytes = [0; HEAD];
    Poll::Ready(match stream.try_read(&mut bytes) {
        Ok(0) => Step::Over,
        Ok(length) => answer(stream, front, &bytes[..length], None),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Step::More,
        Err(_) => Step::Over,
    })
}

/// Answers one request after the other, the first of them from `made` if it is given.
fn answer(stream: &TcpStream, front: &Front, bytes: &[u8], mut made: Option<&Arc<Entry>>) -> Step {
    let mut read = bytes;
    while !read.is_empty() {
        let Some(head) = Head::read(read) else { return Step::Unusual(read.to_vec()) };
        if !front.answers(head.host) {
            return Step::Unusual(read.to_vec());
        }
        let Some(entry) = made.take().cloned().or_else(|| front.look(head.path)) else {
            return Step::Missing(read.to_vec());
        };
        if !entry.ignores(head.query) {
            return Step::Unusual(read.to_vec());
        }
        if !entry.has(head.encodings) {
            return Step::Missing(read.to_vec());
        }
        let wire = entry.wire(head.encodings, head.tags, head.bodiless);
        read = &read[head.length..];
        let mut unsent = Unsent { wire, date: date::last_field(), sent: 0 };
        match unsent.push(stream) {
            Ok(true) => {}
            Ok(false) => return Step::Full(unsent, read.to_vec()),
            Err(_) => return Step::Over,
        }
    }
    Step::More
}

/// The answer to the first of these requests, made elsewhere, with the encoding it asks for. None: that is for hyper.
async fn make(read: &[u8], peer: SocketAddr, shared: &Shared) -> Option<Made> {
    let head = Head::read(read)?;
    let uri = head.path.parse().ok()?;
    let front = shared.front.clone();
    if !front.may_keep(&uri) {
        return None;
    }
    let (asks, encodings) = (head.query.is_some(), head.encodings.map(str::to_owned));
    let made = shared.work.spawn(async move {
        let made = front.make(uri, Some(peer)).await;
        if let Made::Kept(entry) = &made {
            entry.prepare(encodings.as_deref());
        }
        made
    });
    AbortOnDropHandle::new(made).await.ok().filter(|made| made.answers(asks))
}

/// An answer on its way.
struct Unsent {
    wire: Wire,
    date: [u8; date::LENGTH],
    sent: usize,
}

impl Unsent {
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

    /// Writes the rest, as slowly as the client takes it, unless it takes nothing for too long.
    async fn send(mut self, stream: &TcpStream) -> io::Result<()> {
        loop {
            timeout(STALL, stream.writable()).await??;
            if self.push(stream)? {
                return Ok(());
            }
        }
    }
}

/// Everything that is not kept, and everything unusual.
async fn long_way(io: Replay, peer: SocketAddr, shared: Shared, made: Option<Response<Body>>) {
    let stop = shared.stop.clone();
    let service = Service { front: shared.front, work: shared.work, peer, made: Mutex::new(made) };
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME).max_headers(64).max_buf_size(64 * 1024);
    let mut connection = pin!(http.serve_connection(TokioIo::new(io), service));
    let ended = tokio::select! {
        // A request that is here already gets its answer, also when it is time to stop.
        biased;
        ended = connection.as_mut() => ended,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// The service of one connection with hyper.
struct Service {
    front: Front,
    work: Handle,
    peer: SocketAddr,
    /// The answer to the first request, which was made before hyper came in.
    made: Mutex<Option<Response<Body>>>,
}

/// From memory as it is, or made by the router.
type Answer = Result<Response<Either<Full<bytes::Bytes>, Body>>, Infallible>;

impl hyper::service::Service<Request<Incoming>> for Service {
    type Response = Response<Either<Full<bytes::Bytes>, Body>>;
    type Error = Infallible;
    type Future = EitherFuture<Ready<Answer>, Pin<Box<dyn Future<Output = Answer> + Send>>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        if let Some(made) = self.made.lock().unwrap_or_else(PoisonError::into_inner).take() {
            return EitherFuture::Left(future::ready(Ok(made.map(Either::Right))));
        }
        if let Some(response) = self.front.kept(&request) {
            return EitherFuture::Left(future::ready(Ok(response.map(Either::Left))));
        }
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(self.peer));
        // Who goes away takes the work along.
        let made = AbortOnDropHandle::new(self.work.spawn(self.front.clone().made(request)));
        EitherFuture::Right(Box::pin(async move {
            let response = made.await.unwrap_or_else(|_| Ok(Front::failed()))?;
            Ok(response.map(Either::Right))
        }))
    }
}
