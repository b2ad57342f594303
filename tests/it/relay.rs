//! A relay in front of PostgreSQL that can lose the server: its connections are closed, or, as when a machine loses its power,
//! nothing is said any more and nothing is closed.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU16, Ordering},
    },
    thread,
};

/// How the server is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    /// Its connections are closed, and new ones too.
    Closed,
    /// Nothing is answered on old and new connections.
    Silent,
    /// The same, but the server lives on: neither side hears the other, and nothing is closed.
    Split,
}

pub struct Relay {
    url: url::Url,
    port: u16,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    server: AtomicU16,
    lost: Mutex<Option<Loss>>,
    /// The server is lost when this is said to it for the given time.
    trigger: Mutex<Option<(String, usize, Loss)>>,
    connections: Mutex<Vec<Arc<Pair>>>,
    ended: AtomicBool,
}

struct Pair {
    client: TcpStream,
    server: TcpStream,
    is_silent: AtomicBool,
}

impl Relay {
    /// A relay to the server of a database.
    pub fn to(url: &str) -> Self {
        let url = url::Url::parse(url).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(State { server: AtomicU16::new(url.port().unwrap()), ..State::default() });
        let taker = state.clone();
        thread::spawn(move || taker.take(&listener));
        Self { url, port, state }
    }

    /// The address of the database through the relay.
    pub fn url(&self) -> String {
        let mut url = self.url.clone();
        url.set_port(Some(self.port)).unwrap();
        url.into()
    }

    pub fn lose(&self, how: Loss) {
        self.state.lose(how);
    }

    /// Loses the server when this text is said to it for the `time`th time.
    pub fn lose_at(&self, text: &str, time: usize, how: Loss) {
        *self.state.trigger.lock().unwrap() = Some((text.to_owned(), time, how));
    }

    pub fn is_lost(&self) -> bool {
        self.state.lost.lock().unwrap().is_some()
    }

    /// The server takes new connections again.
    pub fn come_back(&self) {
        *self.state.trigger.lock().unwrap() = None;
        *self.state.lost.lock().unwrap() = None;
    }

    /// Leads to another server from now on.
    pub fn lead_to(&self, url: &str) {
        self.state.server.store(url::Url::parse(url).unwrap().port().unwrap(), Ordering::Relaxed);
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.state.ended.store(true, Ordering::Relaxed);
        self.state.lose(Loss::Closed);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

impl State {
    fn take(self: Arc<Self>, listener: &TcpListener) {
        let mut unanswered = Vec::new();
        for client in listener.incoming().map_while(Result::ok) {
            if self.ended.load(Ordering::Relaxed) {
                return;
            }
            match *self.lost.lock().unwrap() {
                Some(Loss::Closed) => continue,
                Some(Loss::Silent | Loss::Split) => {
                    unanswered.push(client);
                    continue;
                }
                None => {}
            }
            let Ok(server) = TcpStream::connect(("127.0.0.1", self.server.load(Ordering::Relaxed))) else { continue };
            client.set_nodelay(true).unwrap();
            server.set_nodelay(true).unwrap();
            let pair = Arc::new(Pair { client, server, is_silent: AtomicBool::default() });
            self.connections.lock().unwrap().push(pair.clone());
            let (state, there) = (self.clone(), pair.clone());
            thread::spawn(move || state.pass_on(&there, &there.client, &there.server, true));
            let state = self.clone();
            thread::spawn(move || state.pass_on(&pair, &pair.server, &pair.client, false));
        }
    }

    fn pass_on(&self, pair: &Pair, mut from: &TcpStream, mut to: &TcpStream, to_server: bool) {
        let mut bytes = [0; 16 * 1024];
        loop {
            let length = from.read(&mut bytes).unwrap_or(0);
            if pair.is_silent.load(Ordering::Relaxed) {
                // The client may go on talking.
                if length == 0 {
                    return;
                }
                continue;
            }
            if length == 0 {
                let _ = to.shutdown(Shutdown::Both);
                return;
            }
            if to_server {
                self.hear(&bytes[..length]);
            }
            if !pair.is_silent.load(Ordering::Relaxed) {
                let _ = to.write_all(&bytes[..length]);
            }
        }
    }

    fn hear(&self, said: &[u8]) {
        let mut trigger = self.trigger.lock().unwrap();
        let Some((text, times, how)) = trigger.as_mut() else { return };
        let said = String::from_utf8_lossy(said);
        *times = times.saturating_sub(said.matches(text.as_str()).count());
        if *times == 0 {
            let how = *how;
            *trigger = None;
            self.lose(how);
        }
    }

    fn lose(&self, how: Loss) {
        let mut lost = self.lost.lock().unwrap();
        for pair in self.connections.lock().unwrap().drain(..) {
            pair.is_silent.store(how != Loss::Closed, Ordering::Relaxed);
            if how != Loss::Split {
                // A server that is gone undoes what was not committed.
                let _ = pair.server.shutdown(Shutdown::Both);
            }
            match how {
                Loss::Closed => drop(pair.client.shutdown(Shutdown::Both)),
                // Kept open for as long as the test runs.
                Loss::Silent | Loss::Split => std::mem::forget(pair),
            }
        }
        *lost = Some(how);
    }
}
