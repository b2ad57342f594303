//! Many connections at once: no network takes every slot, and health checks are always answered.

use std::{net::SocketAddr, time::Duration};

use plinth::{
    model::{actor::Actor, document::content::Content},
    web::server::{limits::Limits, timeouts::Timeouts},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpSocket,
    time::Instant,
};

use crate::{
    harness::{publish_version, save_content},
    wire::{Client, Server, within},
};

/// Limits that also count connections from this machine.
fn limits(all: usize, each: usize, patience: Duration) -> Limits {
    Limits { all, each, reserved: 2, patience, exempt: Vec::new(), timeouts: Timeouts::default() }
}

const LONG: Duration = Duration::from_hours(1);

/// A client whose request has arrived in part.
async fn busy(server: &Server) -> Client {
    let mut client = server.connect().await;
    client
        .send(
            "POST /contact HTTP/1.1\r\nHost: 127.0.0.1:3000\r\nExpect: 100-continue\r\nSec-Fetch-Site: same-origin\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\n",
        )
        .await;
    // The server asks for the body once a handler waits for it.
    assert_eq!(client.answer(true).await.status, 100);
    client
}

/// How many of these connections stay open. Which of them end depends on when each of their threads ran, and one that is
/// told to end while a request arrives may answer that first: a second answer comes from those that stay.
async fn open(clients: Vec<Client>) -> usize {
    let mut open = 0;
    for mut client in clients {
        open += usize::from(answers(&mut client).await && answers(&mut client).await);
    }
    open
}

/// Whether another request on a connection is answered.
async fn answers(client: &mut Client) -> bool {
    const REQUEST: &[u8] = b"GET /about HTTP/1.1\r\nHost: 127.0.0.1:3000\r\nIf-None-Match: *\r\n\r\n";
    if client.stream.write_all(REQUEST).await.is_err() {
        return false;
    }
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        let mut part = [0; 512];
        match within(client.stream.read(&mut part)).await {
            Ok(length) if length > 0 => answer.extend_from_slice(&part[..length]),
            _ => return false,
        }
    }
    true
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn idle_connections_make_room() {
    let server = Server::with(limits(20, 20, LONG)).await;
    let mut kept = Vec::new();
    for _ in 0..60 {
        let mut client = server.connect().await;
        assert_eq!(client.get("/about", "").await.status, 200);
        kept.push(client);
    }
    assert_eq!(open(kept).await, 20);
    assert_eq!(server.connect().await.get("/healthz", "").await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_hyper_keeps_make_room_as_well() {
    let server = Server::with(limits(8, 8, LONG)).await;
    let mut kept = Vec::new();
    for _ in 0..16 {
        let mut client = server.connect().await;
        assert_eq!(client.get("/about", "Range: bytes=0-3\r\n").await.status, 206);
        kept.push(client);
    }
    assert_eq!(kept[15].get("/about", "").await.status, 200);
    assert_eq!(open(kept).await, 8);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_network_does_not_push_out_the_others() {
    let server = Server::with(limits(100, 10, LONG)).await;
    let mut clients = Vec::new();
    for _ in 0..40 {
        let mut client = server.connect().await;
        assert_eq!(client.get("/about", "").await.status, 200);
        clients.push(client);
    }
    // That there are a hundred slots does not help it.
    assert_eq!(clients[39].get("/about", "").await.status, 200);
    assert_eq!(open(clients).await, 10);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_senders_lose_their_slots_to_others() {
    let server = Server::with(limits(4, 4, Duration::ZERO)).await;
    let mut slow = Vec::new();
    for _ in 0..2 {
        slow.push(busy(&server).await);
        let mut client = server.connect().await;
        client.send("GET /about HTTP/1.1\r\nHost: 127.").await;
        slow.push(client);
    }
    // Twice as many as there are slots, because one that began to wait just now may not count yet.
    let mut quick = Vec::new();
    for _ in 0..8 {
        let mut newcomer = server.connect().await;
        assert_eq!(newcomer.get("/about", "").await.status, 200);
        quick.push(newcomer);
    }
    for client in &mut slow {
        assert!(client.is_over().await);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn health_is_told_when_every_slot_is_taken() {
    let server = Server::with(limits(2, 10, LONG)).await;
    let _first = busy(&server).await;
    let _second = busy(&server).await;
    let mut client = server.connect().await;
    let answer = client.get("/healthz", "").await;
    assert_eq!((answer.status, answer.field("connection")), (200, Some("close")));
    let busy = server.connect().await.get("/contact", "").await;
    assert_eq!(busy.status, 503);
    assert!(busy.field("retry-after").is_some() && busy.field("content-security-policy").is_some());
}

/// A connection from one of this machine's addresses that says nothing yet.
async fn connect_from(server: &Server, address: [u8; 4]) -> Client {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::from((address, 0))).unwrap();
    Client { stream: within(socket.connect(server.address)).await.unwrap(), read: Vec::new() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crowd_from_a_few_addresses_leaves_slots_to_others() {
    let server = Server::with(limits(400, 100, LONG)).await;
    let mut crowd = Vec::new();
    for last in (1..=20).cycle().take(600) {
        crowd.push(connect_from(&server, [127, 0, 1, last]).await);
    }
    // A connection that is answered was accepted after those before it at its socket; one for each of the sockets.
    for last in 1..=20 {
        let mut newcomer = connect_from(&server, [127, 0, 2, last]).await;
        for path in ["/healthz", "/contact", "/about"] {
            assert_eq!(newcomer.get(path, "").await.status, 200, "{path} for newcomer {last}");
        }
        crowd.push(newcomer);
    }
    // Nor does it push those out who have few.
    for newcomer in &mut crowd[600..] {
        assert!(answers(newcomer).await);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn health_is_told_while_silent_connections_have_every_slot() {
    let server = Server::with(limits(20, 10, LONG)).await;
    let mut crowd = Vec::new();
    for last in 1..=60 {
        crowd.push(connect_from(&server, [127, 0, 1, last]).await);
    }
    for last in 1..=10 {
        let answer = connect_from(&server, [127, 0, 2, last]).await.get("/healthz", "").await;
        assert_eq!(answer.status, 200, "{last}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_head_that_never_ends_is_given_up_with_a_word() {
    let timeouts = Timeouts { head: Duration::from_millis(100), idle: LONG };
    let server = Server::with(Limits::usual(&[], timeouts)).await;
    let mut kept = server.connect().await;
    assert_eq!(kept.get("/about", "").await.status, 200);
    let mut client = server.connect().await;
    client.send("GET /about HTTP/1.1\r\nHost: 127.0.0.1:3000\r\n").await;
    // More of it does not prolong its time.
    client.send("X").await;
    let answer = client.answer(false).await;
    assert_eq!(answer.status, 408);
    assert!(answer.field("content-security-policy").is_some(), "{}", answer.head);
    assert!(client.is_over().await);
    assert_eq!(kept.get("/about", "").await.status, 200, "between requests there is more time");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_silent_connection_ends_after_its_time_either_way() {
    let timeouts = Timeouts { head: LONG, idle: Duration::from_millis(100) };
    let server = Server::with(Limits::usual(&[], timeouts)).await;
    for fields in ["", "Range: bytes=0-3\r\n"] {
        let mut client = server.connect().await;
        assert!(matches!(client.get("/about", fields).await.status, 200 | 206));
        assert!(client.is_over().await, "{fields}");
    }
}

/// A client with a small receive buffer.
async fn narrow(server: &Server) -> Client {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(32 * 1024).unwrap();
    Client { stream: socket.connect(server.address).await.unwrap(), read: Vec::new() }
}

/// Makes `/about` larger than what the buffers between server and client hold.
async fn make_large(server: &Server) {
    let id = server.app.page_id("/about").await;
    let write = server.app.app.write(Actor::system("test")).await.unwrap();
    let change = |content| Content { body: "* a\n".repeat(90_000), summary: String::new(), ..content };
    let version = save_content(&write, id, change).await;
    publish_version(&write, id, version).await.unwrap();
    write.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_reader_gets_its_whole_answer_when_slots_run_short() {
    let server = Server::with(limits(2, 2, Duration::ZERO)).await;
    make_large(&server).await;
    let whole = server.connect().await.get("/about", "").await.body.len();
    assert!(whole > 800_000, "{whole}");
    for fields in ["", "Range: bytes=0-\r\n", "Connection: close\r\n"] {
        let mut slow = narrow(&server).await;
        slow.send(&format!("GET /about HTTP/1.1\r\nHost: 127.0.0.1:3000\r\n{fields}\r\n")).await;
        slow.more().await;
        while slow.read.len() < whole / 2 {
            assert_eq!(server.connect().await.get("/contact", "").await.status, 200);
            for _ in 0..10 {
                slow.more().await;
            }
        }
        let answer = slow.answer(false).await;
        assert_eq!(answer.body.len(), whole, "{fields}");
    }
}

/// A client whose request is under way, and takes longer than any test.
async fn at_work(server: &Server) -> Client {
    let checks = &server.app.app.readiness.state;
    checks.send_modify(|state| state.begun = Some(Instant::now() + LONG));
    let mut client = server.connect().await;
    client.send("GET /readyz HTTP/1.1\r\nHost: 127.0.0.1:3000\r\n\r\n").await;
    within(async {
        while checks.receiver_count() == 0 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    client
}

/// Returns when the only slot is free: until then newcomers are told to come back, or nothing when the machine is too busy.
async fn until_free(server: &Server) {
    loop {
        let mut newcomer = server.connect().await;
        newcomer.send("GET /contact HTTP/1.1\r\nHost: 127.0.0.1:3000\r\n\r\n").await;
        let mut start = [0; 12];
        match newcomer.stream.read_exact(&mut start).await {
            Ok(_) if start == *b"HTTP/1.1 200" => return,
            _ => {}
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_has_gone_leaves_its_slot() {
    for (patience, reset) in [(LONG, true), (Duration::from_millis(200), false)] {
        let server = Server::with(Limits { reserved: 100, ..limits(1, 10, patience) }).await;
        let mut gone = at_work(&server).await;
        if reset {
            gone.stream.set_zero_linger().unwrap();
            drop(gone);
        } else {
            gone.stream.shutdown().await.unwrap();
        }
        within(until_free(&server)).await;
    }
}

/// More connections than the system lets the program have files: the idle ones end.
#[cfg(target_os = "linux")]
#[test]
fn idle_connections_make_room_when_there_are_no_more_files() {
    use std::io::{Read, Write};

    use rustix::process::{Pid, Resource, Rlimit, prlimit};

    use crate::program::Program;

    let data = tempfile::TempDir::new().unwrap();
    let program = Program::start(data.path());
    program.get("/about", 200);
    let id = i32::try_from(program.id()).ok().and_then(Pid::from_raw);
    let open = std::fs::read_dir(format!("/proc/{}/fd", program.id())).unwrap().count() as u64;
    let most = Some(open + 8);
    prlimit(id, Resource::Nofile, Rlimit { current: most, maximum: most }).unwrap();
    let mut kept = Vec::new();
    for number in 0..16 {
        let mut client = std::net::TcpStream::connect(program.address()).unwrap();
        client.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        write!(client, "GET /about HTTP/1.1\r\nHost: {}\r\n\r\n", program.address()).unwrap();
        let mut answer = [0; 12];
        client.read_exact(&mut answer).unwrap_or_else(|error| panic!("number {number}: {error}"));
        assert_eq!(&answer, b"HTTP/1.1 200");
        kept.push(client);
    }
    program.logs("a connection could not be accepted");
}
