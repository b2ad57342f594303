//! A proxy in front of several nodes, in a thread of its own: each request goes to the next node that says it is ready, and to
//! another when that one does not take it. A form that was sent is not sent again.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode},
    response::{IntoResponse, Response},
};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::{
    net::{TcpListener, TcpStream},
    time::timeout,
};
use tokio_util::sync::CancellationToken;

/// How long a node may take to say so.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often each node is asked whether it is ready.
const CHECK: Duration = Duration::from_millis(100);

/// The addresses of the nodes, which may change, and of those that are not ready.
#[derive(Default)]
struct Balance {
    all: Mutex<Vec<String>>,
    unready: Mutex<Vec<String>>,
    next: AtomicUsize,
}

type Nodes = Arc<Balance>;

pub struct Proxy {
    pub address: String,
    nodes: Nodes,
    stop: CancellationToken,
    listener: Mutex<Option<std::net::TcpListener>>,
}

impl Proxy {
    /// Takes a port; nothing is answered before [`Self::serve`].
    pub fn bind() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        Self {
            address: listener.local_addr().unwrap().to_string(),
            nodes: Nodes::default(),
            stop: CancellationToken::new(),
            listener: Mutex::new(Some(listener)),
        }
    }

    /// Names the nodes from now on.
    pub fn lead_to(&self, nodes: Vec<String>) {
        *self.nodes.all.lock().unwrap() = nodes;
    }

    pub fn serve(&self) {
        let (nodes, stop, host) = (self.nodes.clone(), self.stop.clone(), self.address.clone());
        let listener = self.listener.lock().unwrap().take().unwrap();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                tokio::spawn(watch(nodes.clone(), host));
                let router = Router::new().fallback(forward).with_state(nodes);
                let serving = axum::serve(TcpListener::from_std(listener).unwrap(), router);
                tokio::select! {
                    served = serving => served.unwrap(),
                    () = stop.cancelled() => {}
                }
            });
        });
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

async fn forward(State(nodes): State<Nodes>, mut request: Request) -> Response {
    request.headers_mut().insert("x-forwarded-for", HeaderValue::from_static("127.0.0.1"));
    request.headers_mut().remove("connection");
    if request.method() != Method::GET {
        return send(&nodes, request).await.unwrap_or_else(|| StatusCode::BAD_GATEWAY.into_response());
    }
    // What only reads is sent again, as proxies do.
    let (parts, _) = request.into_parts();
    for _ in 0..2 {
        let request = Request::from_parts(parts.clone(), Body::empty());
        if let Some(response) = send(&nodes, request).await {
            return response;
        }
    }
    StatusCode::BAD_GATEWAY.into_response()
}

/// Asks all nodes again and again whether they are ready.
async fn watch(nodes: Nodes, host: String) {
    loop {
        let all = nodes.all.lock().unwrap().clone();
        let mut unready = Vec::new();
        for node in all {
            let asked = timeout(PATIENCE, is_ready(&node, &host)).await;
            if asked.ok().flatten() != Some(true) {
                unready.push(node);
            }
        }
        *nodes.unready.lock().unwrap() = unready;
        tokio::time::sleep(CHECK).await;
    }
}

async fn is_ready(node: &str, host: &str) -> Option<bool> {
    let stream = TcpStream::connect(node).await.ok()?;
    let (mut sender, connection) = http1::handshake::<_, Body>(TokioIo::new(stream)).await.ok()?;
    tokio::spawn(connection);
    let request = Request::get("/readyz").header("host", host).body(Body::empty()).unwrap();
    Some(sender.send_request(request).await.ok()?.status() == StatusCode::OK)
}

/// The answer of the next node, if it gives one.
async fn send(nodes: &Balance, request: Request) -> Option<Response> {
    let stream = connect(nodes).await?;
    let (mut sender, connection) = http1::handshake::<_, Body>(TokioIo::new(stream)).await.ok()?;
    tokio::spawn(connection);
    Some(sender.send_request(request).await.ok()?.map(Body::new))
}

/// A connection to the next node that takes one; those that are not ready come last.
async fn connect(nodes: &Balance) -> Option<TcpStream> {
    let mut all = nodes.all.lock().unwrap().clone();
    if all.is_empty() {
        return None;
    }
    let first = nodes.next.fetch_add(1, Ordering::Relaxed) % all.len();
    all.rotate_left(first);
    let unready = nodes.unready.lock().unwrap().clone();
    all.sort_by_key(|node| unready.contains(node));
    for node in &all {
        if let Ok(stream) = TcpStream::connect(node).await {
            return Some(stream);
        }
    }
    None
}
