//! The listener that production uses, for tests, and the connection of a browser to it.

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, LazyLock, Mutex, OnceLock},
};

use axum::{
    body::{Body, Bytes},
    http::{Request, response::Parts},
};
use http_body_util::BodyExt;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use plinth::web::{
    cache::cached_router::CachedRouter,
    server::{limits::Limits, listeners::Listeners, serve, timeouts::Timeouts},
};
use tokio::{
    net::TcpStream,
    runtime::{Handle, Runtime},
    task::JoinHandle,
};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

/// Serves for all tests. It outlives them, so that no test waits for the threads of its server.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("a runtime"));

/// A router that listens on a port of its own until it is dropped.
pub struct Listening {
    pub address: SocketAddr,
    pub stop: CancellationToken,
}

impl Listening {
    pub fn start(router: CachedRouter, limits: Limits) -> (Self, JoinHandle<io::Result<()>>) {
        Self::start_on(RUNTIME.handle(), router, limits)
    }

    /// The same with TLS.
    pub fn start_with(router: CachedRouter, limits: Limits, tls: TlsAcceptor) -> Self {
        let _runtime = RUNTIME.enter();
        let listeners = Listeners::bind("127.0.0.1:0".parse().unwrap()).expect("a free port").with_tls(Some(tls));
        let (address, stop) = (listeners.address(), CancellationToken::new());
        RUNTIME.spawn(serve::serve(listeners, router, limits, stop.clone()));
        Self { address, stop }
    }

    fn start_on(runtime: &Handle, router: CachedRouter, limits: Limits) -> (Self, JoinHandle<io::Result<()>>) {
        let _runtime = runtime.enter();
        let listeners = bind();
        let (address, stop) = (listeners.address(), CancellationToken::new());
        let served = runtime.spawn(serve::serve(listeners, router, limits, stop.clone()));
        (Self { address, stop }, served)
    }
}

/// Takes a free port. All its listeners share one, which something else may take between the first and the last of them.
fn bind() -> Listeners {
    let any = "127.0.0.1:0".parse().unwrap();
    let mut tries = (0..5).map(|_| Listeners::bind(any));
    tries.find_map(Result::ok).expect("a free port")
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// A router that listens from the first request on.
pub struct LazyListener {
    router: CachedRouter,
    /// Where requests are handled.
    runtime: Handle,
    listening: OnceLock<Listening>,
}

impl LazyListener {
    pub fn new(router: CachedRouter) -> Arc<Self> {
        Arc::new(Self { router, runtime: RUNTIME.handle().clone(), listening: OnceLock::new() })
    }

    /// The same, but requests are handled by the runtime of the test. It has to wait for the threads of its server.
    pub fn on_this_runtime(router: CachedRouter) -> Arc<Self> {
        Arc::new(Self { router, runtime: Handle::current(), listening: OnceLock::new() })
    }

    pub fn address(&self) -> SocketAddr {
        let limits = || Limits::usual(&[], Timeouts::default());
        let start = || Listening::start_on(&self.runtime, self.router.clone(), limits()).0;
        self.listening.get_or_init(start).address
    }
}

/// Sends requests, and keeps its connection as browsers do.
#[derive(Default)]
pub struct Connection(Mutex<Option<(SocketAddr, SendRequest<Body>)>>);

impl Connection {
    pub async fn send(&self, listener: &LazyListener, request: Request<Body>) -> (Parts, Bytes) {
        let address = listener.address();
        let kept = self.0.lock().unwrap().take().filter(|(of, _)| *of == address);
        let mut sender = match kept {
            Some((_, sender)) => sender,
            None => connect(address).await,
        };
        if sender.ready().await.is_err() {
            sender = connect(address).await;
        }
        let (parts, body) = sender.send_request(request).await.expect("an answer").into_parts();
        let body = body.collect().await.expect("a whole answer").to_bytes();
        *self.0.lock().unwrap() = Some((address, sender));
        (parts, body)
    }
}

async fn connect(address: SocketAddr) -> SendRequest<Body> {
    let stream = TcpStream::connect(address).await.expect("a connection");
    let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.expect("a connection");
    tokio::spawn(async {
        let _ = connection.await;
    });
    sender
}
