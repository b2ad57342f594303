//! A proxy in front of several nodes, in a thread of its own: each request goes to the next node, and to another when that one
//! does not take it. A form that was sent is not sent again.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
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
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

/// The addresses of the nodes, which may change.
type Nodes = Arc<(Mutex<Vec<String>>, AtomicUsize)>;

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
        *self.nodes.0.lock().unwrap() = nodes;
    }

    pub fn serve(&self) {
        let (nodes, stop) = (self.nodes.clone(), self.stop.clone());
        let listener = self.listener.lock().unwrap().take().unwrap();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
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

/// The answer of the next node, if it gives one.
async fn send(nodes: &(Mutex<Vec<String>>, AtomicUsize), request: Request) -> Option<Response> {
    let stream = connect(nodes).await?;
    let (mut sender, connection) = http1::handshake::<_, Body>(TokioIo::new(stream)).await.ok()?;
    tokio::spawn(connection);
    Some(sender.send_request(request).await.ok()?.map(Body::new))
}

/// A connection to the next node that takes one.
async fn connect((nodes, next): &(Mutex<Vec<String>>, AtomicUsize)) -> Option<TcpStream> {
    let nodes = nodes.lock().unwrap().clone();
    let first = next.fetch_add(1, Ordering::Relaxed);
    for number in 0..nodes.len() {
        if let Ok(stream) = TcpStream::connect(&nodes[(first + number) % nodes.len()]).await {
            return Some(stream);
        }
    }
    None
}
