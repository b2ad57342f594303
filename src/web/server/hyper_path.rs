//! The hyper path: hyper, for everything that is not cached, and for everything unusual.

use std::{
    convert::Infallible,
    future::{self, Ready, poll_fn},
    net::SocketAddr,
    pin::{Pin, pin},
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
};

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{HeaderValue, Request, Response, StatusCode, header},
    response::IntoResponse,
};
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use http_body_util::{Either, Full};
use hyper::{
    body::Incoming,
    server::conn::http1::{self, Parts},
};
use hyper_util::rt::TokioIo;
use tokio::{io::AsyncWriteExt, runtime::Handle};
use tokio_util::{either::Either as EitherFuture, task::AbortOnDropHandle};

use super::{
    closing::close,
    connection_slots::ConnectionSlot,
    connection_state::{ConnectionState, Phase},
    date,
    fast_path::Handover,
    prefixed_stream::PrefixedStream,
    refusal,
    shared::Shared,
    transport::Transport,
};
use crate::web::cache::cached_router::CachedRouter;

type Http = http1::Connection<TokioIo<PrefixedStream>, Service>;

pub(crate) async fn run(
    Handover { read, made }: Handover,
    stream: Transport,
    peer: SocketAddr,
    slot: &ConnectionSlot,
    shared: Shared,
) {
    let state = &slot.state;
    let router = shared.router.clone();
    let service = Service {
        router: shared.router,
        work: shared.work,
        peer,
        state: state.clone(),
        reserved: slot.reserved,
        made: Mutex::new(made),
    };
    let mut http = http1::Builder::new();
    // A client that has sent a whole request may close its sending half and still gets the answer. The date is ours,
    // because hyper's panics when the clock is before 1970.
    http.half_close(true).auto_date_header(false).max_headers(64).max_buf_size(64 * 1024);
    let io = TokioIo::new(PrefixedStream::new(read.into(), stream, state.clone(), shared.timeouts));
    let mut http = http.serve_connection(io, service);
    let Some(ended) = serve(&mut http, state).await else { return };
    let Parts { io, read_buf, .. } = http.into_parts();
    let io = io.into_inner();
    let status = ended.as_ref().err().and_then(|error| refusal::status_of(error, &io, &read_buf));
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
    let mut stream = io.into_stream();
    if let Some(status) = status
        && stream.write_all(&refusal::to_bytes(&router.refuse(status))).await.is_err()
    {
        return;
    }
    close(stream, state).await;
}

/// Runs hyper until the connection is told to end (none), or hyper is done with it.
async fn serve(http: &mut Http, state: &ConnectionState) -> Option<hyper::Result<()>> {
    let mut end = pin!(state.end.notified());
    let mut was_told_to_end = false;
    poll_fn(|context| {
        // A request that has arrived is answered, even when it is time to stop.
        let polled = http.poll_without_shutdown(context).map(Some);
        if polled.is_ready() || was_told_to_end || end.as_mut().poll(context).is_pending() {
            return polled;
        }
        was_told_to_end = true;
        // A request that arrived meanwhile is answered.
        if state.is_evicted() && state.phase().0 != Phase::Answering {
            return Poll::Ready(None);
        }
        Pin::new(&mut *http).graceful_shutdown();
        http.poll_without_shutdown(context).map(Some)
    })
    .await
}

struct Service {
    router: CachedRouter,
    work: Handle,
    peer: SocketAddr,
    state: Arc<ConnectionState>,
    /// Whether only health checks are answered.
    reserved: bool,
    /// The answer to the first request, if it was made before hyper took over.
    made: Mutex<Option<Response<Body>>>,
}

/// From memory as it is, or made by the router.
type Bodies = Either<Full<Bytes>, Body>;
type Answer = Result<Response<ResponseBody>, Infallible>;

impl hyper::service::Service<Request<Incoming>> for Service {
    type Response = Response<ResponseBody>;
    type Error = Infallible;
    type Future = EitherFuture<Ready<Answer>, Pin<Box<dyn Future<Output = Answer> + Send>>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        self.state.set_answering();
        let state = self.state.clone();
        if let Some(made) = self.made.lock().unwrap_or_else(PoisonError::into_inner).take() {
            return EitherFuture::Left(future::ready(Ok(finish(made.map(Either::Right), state, false))));
        }
        if let Some(response) = self.router.get_cached(&request) {
            return EitherFuture::Left(future::ready(Ok(finish(response.map(Either::Left), state, self.reserved))));
        }
        if self.reserved && !self.router.is_health(request.uri().path()) {
            let busy = self.router.refuse(StatusCode::SERVICE_UNAVAILABLE).into_response();
            return EitherFuture::Left(future::ready(Ok(finish(busy.map(Either::Right), state, true))));
        }
        let mut request = request.map(|body| Body::new(RequestBody { body, state: state.clone() }));
        request.extensions_mut().insert(ConnectInfo(self.peer));
        // The work ends when the client has gone.
        let made = AbortOnDropHandle::new(self.work.spawn(self.router.clone().respond(request)));
        let (router, last) = (self.router.clone(), self.reserved);
        EitherFuture::Right(Box::pin(async move {
            let made = made.await.unwrap_or_else(|_| router.refuse(StatusCode::INTERNAL_SERVER_ERROR).into_response());
            Ok(finish(made.map(Either::Right), state, last))
        }))
    }
}

/// Gives an answer to hyper; it says so when it is the `last`, or when it is time to stop.
fn finish(response: Response<Bodies>, state: Arc<ConnectionState>, last: bool) -> Response<ResponseBody> {
    state.set_answering();
    let last = last || state.is_stopping();
    let mut response = response.map(|body| ResponseBody { body, state });
    if let Some(date) = date::value() {
        response.headers_mut().insert(header::DATE, date);
    }
    if last {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// The body of a request. While waiting for it, the connection can lose its slot.
struct RequestBody {
    body: Incoming,
    state: Arc<ConnectionState>,
}

impl http_body::Body for RequestBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        match &polled {
            Poll::Pending => self.state.set_waiting(),
            Poll::Ready(Some(Ok(_))) => {}
            Poll::Ready(_) => self.state.set_answering(),
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The body of an answer. When hyper drops it, it has all of it, and may still have to send it.
struct ResponseBody {
    body: Bodies,
    state: Arc<ConnectionState>,
}

impl http_body::Body for ResponseBody {
    type Data = Bytes;
    type Error = <Bodies as http_body::Body>::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for ResponseBody {
    fn drop(&mut self) {
        self.state.set_complete();
    }
}
