//! Real connections to a portal that listens: what a client sends and hears, byte by byte.

use std::{net::SocketAddr, time::Duration};

use plinth::web::{
    cache::counters::Counts,
    server::{limits::Limits, timeouts::Timeouts},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;

use crate::{harness::TestApp, listener::Listening};

/// The portal, listening.
pub struct Server {
    pub app: TestApp,
    pub address: SocketAddr,
    pub stop: CancellationToken,
    pub served: Option<JoinHandle<std::io::Result<()>>>,
    _listening: Listening,
}

impl Server {
    pub async fn start() -> Self {
        Self::with(Limits::usual(&[], Timeouts::default())).await
    }

    pub async fn with(limits: Limits) -> Self {
        let app = TestApp::new().await;
        let (listening, served) = Listening::start(app.router.clone(), limits);
        let (address, stop) = (listening.address, listening.stop.clone());
        Self { app, address, stop, served: Some(served), _listening: listening }
    }

    pub async fn connect(&self) -> Client {
        Client { stream: TcpStream::connect(self.address).await.unwrap(), read: Vec::new() }
    }

    /// What the fast path has done.
    pub fn counts(&self) -> Counts {
        self.app.app.pages.counters.total()
    }

    /// How many responses were made to be cached.
    pub fn misses(&self) -> u64 {
        self.app.app.pages.misses()
    }
}

/// The other end of one connection.
pub struct Client {
    pub stream: TcpStream,
    pub read: Vec<u8>,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn field(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).filter_map(|line| line.split_once(": ")).find(|(n, _)| *n == name).map(|(_, v)| v)
    }
}

impl Client {
    pub async fn send(&mut self, text: &str) {
        self.stream.write_all(text.as_bytes()).await.unwrap();
    }

    pub async fn more(&mut self) {
        let mut bytes = [0; 4096];
        let length = within(self.stream.read(&mut bytes)).await.unwrap();
        assert!(length > 0, "the connection ended after: {}", String::from_utf8_lossy(&self.read));
        self.read.extend_from_slice(&bytes[..length]);
    }

    /// The next answer; `is_head` if it is one to a HEAD.
    pub async fn answer(&mut self, is_head: bool) -> Answer {
        let end = loop {
            match self.read.windows(4).position(|four| four == b"\r\n\r\n") {
                Some(at) => break at + 4,
                None => self.more().await,
            }
        };
        let head = String::from_utf8(self.read.drain(..end).collect()).unwrap();
        let mut answer = Answer { status: head[9..12].parse().unwrap(), head, body: Vec::new() };
        let length = answer.field("content-length").map_or(0, |length| length.parse().unwrap());
        if !is_head && answer.status != 304 {
            while self.read.len() < length {
                self.more().await;
            }
            answer.body = self.read.drain(..length).collect();
        }
        answer
    }

    pub async fn get(&mut self, target: &str, fields: &str) -> Answer {
        self.send(&format!("GET {target} HTTP/1.1\r\nHost: 127.0.0.1:3000\r\n{fields}\r\n")).await;
        self.answer(false).await
    }

    pub async fn is_over(&mut self) -> bool {
        within(self.stream.read(&mut [0; 1])).await.is_ok_and(|length| length == 0)
    }
}

pub async fn within<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), future).await.expect("an answer in time")
}
