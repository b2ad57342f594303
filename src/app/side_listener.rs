//! A plain listener beside the portal's own, for one request of each client: a few clients at a time, none for long. Knows no route and
//! no database.

use std::{convert::Infallible, net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    body::Body,
    http::{Response, StatusCode, request::Parts},
};
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use crate::db::opening::io_fault;

/// How long it pauses when a connection cannot be accepted.
const PAUSE: Duration = Duration::from_millis(200);

pub(super) struct SideListener {
    listener: TcpListener,
    /// How many clients are answered at a time; further ones wait.
    clients: usize,
    /// How long one may take, with everything.
    time: Duration,
}

impl SideListener {
    /// `purpose` and `variable` are for the sentence when the address cannot be had.
    /// Errors: that sentence, for the maintainer.
    pub(super) async fn bind(
        address: SocketAddr,
        (purpose, variable): (&str, &str),
        (clients, time): (usize, Duration),
    ) -> Result<Self, String> {
        let listener = TcpListener::bind(address).await.map_err(|error| {
            let fault = io_fault(&error);
            format!("Cannot listen on {address} for {purpose}: {fault}. Set {variable} to another address or port.")
        })?;
        Ok(Self { listener, clients, time })
    }

    /// Where it listens; none when the system does not say.
    pub(super) fn address(&self) -> Option<SocketAddr> {
        self.listener.local_addr().ok()
    }

    /// Gives each request the answer that `answer` makes of its head, until `stop`.
    pub(super) async fn serve<F, A>(self, stop: CancellationToken, answer: F)
    where
        F: Fn(Parts) -> A + Clone + Send + Sync + 'static,
        A: Future<Output = Response<Body>> + Send + 'static,
    {
        let clients = Arc::new(Semaphore::new(self.clients));
        loop {
            let next = async {
                let permit = clients.clone().acquire_owned().await;
                (permit, self.listener.accept().await)
            };
            let Some((permit, accepted)) = stop.run_until_cancelled(next).await else { return };
            match accepted {
                Ok((stream, _)) => {
                    let (time, answer) = (self.time, answer.clone());
                    tokio::spawn(async move {
                        let _ = timeout(time, answer_one(stream, answer)).await;
                        drop(permit);
                    });
                }
                Err(error) => {
                    tracing::debug!(%error, "a connection could not be accepted");
                    sleep(PAUSE).await;
                }
            }
        }
    }
}

/// One request for each connection, so that no client keeps a place.
async fn answer_one<F, A>(stream: TcpStream, answer: F)
where
    F: Fn(Parts) -> A,
    A: Future<Output = Response<Body>>,
{
    let service = service_fn(|request: Request<Incoming>| {
        let made = answer(request.into_parts().0);
        async move { Ok::<_, Infallible>(made.await) }
    });
    let served = http1::Builder::new()
        .keep_alive(false)
        .auto_date_header(false)
        .max_buf_size(16 * 1024)
        .serve_connection(TokioIo::new(stream), service);
    if let Err(error) = served.await {
        tracing::debug!(%error, "a client went early");
    }
}

/// An answer that says no more than its status.
pub(super) fn status_alone(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::from(format!("{status}\n")));
    *response.status_mut() = status;
    response
}
