//! Accepts connections and speaks HTTP/1.1, with the limits that a slow or hostile client meets. Knows no route.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    io,
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    time::Duration,
};

use axum::{body::Body, extract::ConnectInfo, http::Response};
use bytes::Bytes;
use http_body_util::{Either, Full};
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use tokio::{net::TcpListener, sync::Semaphore};
use tokio_util::{either::Either as EitherFuture, sync::CancellationToken};

use super::cache::front::Front;

/// How long a client may take for the head of a request, and how long a kept connection may be silent.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// Connections at one time; more wait in the listener's queue.
const CONNECTIONS: usize = 4096;
/// How long requests under way have after the signal to stop: more than the time limit of any request.
const GRACE: Duration = Duration::from_secs(35);

/// Serves until `stop`, then lets the requests under way finish.
pub async fn serve(listener: TcpListener, front: Front, stop: CancellationToken) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME).max_headers(64).max_buf_size(64 * 1024);
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let graceful = GracefulShutdown::new();
    loop {
        let free = places.clone().acquire_owned();
        let accept = async { (free.await, listener.accept().await) };
        let (place, accepted) = tokio::select! {
            both = accept => both,
            () = stop.cancelled() => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                pause_after(&error).await;
                continue;
            }
        };
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY was refused");
        }
        let service = WithPeer { front: front.clone(), peer };
        let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended early");
            }
            drop(place);
        });
    }
    drop(listener);
    if tokio::time::timeout(GRACE, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests were still under way after {} seconds and were cut off", GRACE.as_secs());
    }
}

/// The service of one connection.
#[derive(Clone)]
struct WithPeer {
    front: Front,
    peer: SocketAddr,
}

/// From memory as it is, or made by the router.
type Answer = Response<Either<Full<Bytes>, Body>>;

impl hyper::service::Service<hyper::Request<Incoming>> for WithPeer {
    type Response = Answer;
    type Error = Infallible;
    type Future = EitherFuture<
        Ready<Result<Answer, Infallible>>,
        Pin<Box<dyn Future<Output = Result<Answer, Infallible>> + Send>>,
    >;

    fn call(&self, request: hyper::Request<Incoming>) -> Self::Future {
        if let Some(response) = self.front.kept(&request) {
            return EitherFuture::Left(ready(Ok(response.map(Either::Left))));
        }
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(self.peer));
        let made = self.front.clone().made(request);
        EitherFuture::Right(Box::pin(async move { Ok(made.await?.map(Either::Right)) }))
    }
}

/// Out of file descriptors: waiting lets some connections end; anything else passes by itself.
async fn pause_after(error: &io::Error) {
    if !matches!(error.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset) {
        tracing::warn!(%error, "a connection could not be accepted");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
