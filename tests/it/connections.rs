//! Real connections: pipelined requests, pieces, slow clients, stopping, ports. `differential.rs` tests that the fast
//! path and hyper answer alike.

use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream as Plain,
    sync::{Arc, Barrier},
};

use plinth::{
    model::searchable,
    search::indexer,
    web::server::{
        connection, connection_slots::ConnectionSlots, fast_path::REQUESTS_PER_TURN, limits::Limits,
        listeners::Listeners, shared::Shared, timeouts::Timeouts,
    },
};
use tokio::{io::AsyncWriteExt, net::TcpListener, runtime::Handle, task::yield_now};
use tokio_util::sync::CancellationToken;

use crate::{
    harness::TestApp,
    wire::{Server, within},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_behind_one_another_are_answered_in_turn() {
    let server = Server::start().await;
    let mut client = server.connect().await;
    let get = |target: &str, fields: &str| format!("GET {target} HTTP/1.1\r\nHost: 127.0.0.1:3000\r\n{fields}\r\n");
    // Kept after the first, missing, not to be kept, a range, and kept again.
    let all = [
        get("/about", ""),
        get("/about", ""),
        get("/no-such-page", ""),
        get("/contact", ""),
        get("/about", "Range: bytes=0-4\r\n"),
        get("/about", ""),
    ];
    client.send(&all.concat()).await;
    let mut seen = Vec::new();
    for _ in 0..6 {
        seen.push(client.answer(false).await);
    }
    let statuses: Vec<_> = seen.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses, [200, 200, 404, 200, 206, 200]);
    assert_eq!(seen[0].body, seen[1].body);
    assert_eq!(seen[4].body, seen[0].body[..5]);
    assert_eq!(seen[5].body, seen[0].body);
    assert!(String::from_utf8_lossy(&seen[3].body).contains("<form"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_head_in_pieces_is_read_to_its_end() {
    let server = Server::start().await;
    for cut in [1, 5, 20, 40] {
        let mut client = server.connect().await;
        let text = "GET /about HTTP/1.1\r\nHost: 127.0.0.1:3000\r\n\r\n";
        client.send(&text[..cut]).await;
        // Another client's answer says that the first piece has been read.
        assert_eq!(server.connect().await.get("/about", "").await.status, 200);
        client.send(&text[cut..]).await;
        assert_eq!(client.answer(false).await.status, 200, "{cut}");
        assert_eq!(client.get("/about", "").await.status, 200);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_is_refused() {
    let server = Server::start().await;
    server.connect().await.get("/about", "").await;
    for (text, status) in [
        ("GET /about HTTP/1.1\r\n\r\n", 400),
        ("GET /about HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421),
        ("GET /about HTTP/1.1\r\nHost: 127.0.0.1:3000\r\nHost: evil.example\r\n\r\n", 400),
        ("GET /about HTTP/1.1\r\nHost: 127.0.0.1:3000\r\nno colon\r\n\r\n", 400),
        ("\0\x01\x02\r\n\r\n", 400),
    ] {
        let mut client = server.connect().await;
        client.send(text).await;
        assert_eq!(client.answer(false).await.status, status, "{text:?}");
    }
    let mut client = server.connect().await;
    let long = format!("GET /about HTTP/1.1\r\nHost: 127.0.0.1:3000\r\nX: {}\r\n\r\n", "x".repeat(100_000));
    client.send(&long).await;
    assert_eq!(client.answer(false).await.status, 431);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_fast_path_answers_what_proxies_ask_by_default() {
    let server = Server::start().await;
    server.connect().await.get("/about", "").await;
    for (version, field, said, goes_on) in [
        ("HTTP/1.0", "", None, false),
        ("HTTP/1.0", "Connection: close\r\n", None, false),
        ("HTTP/1.0", "Connection: Keep-Alive\r\n", Some("keep-alive"), true),
        ("HTTP/1.1", "Connection: close\r\n", Some("close"), false),
        ("HTTP/1.1", "Connection: keep-alive\r\n", None, true),
    ] {
        let before = server.counts().hits;
        let mut client = server.connect().await;
        client.send(&format!("GET /about {version}\r\nHost: 127.0.0.1:3000\r\n{field}\r\n")).await;
        let answer = client.answer(false).await;
        assert!(answer.head.starts_with(&format!("{version} 200 OK\r\n")), "{}", answer.head);
        assert_eq!((answer.field("connection"), server.counts().hits), (said, before + 1), "{version} {field}");
        assert!(answer.body.ends_with(b"</html>\n") || answer.body.ends_with(b"</html>"));
        if goes_on {
            assert_eq!(client.get("/about", "").await.status, 200);
        } else {
            assert!(client.is_over().await, "{version} {field}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_half_closed_connection_gets_its_answer() {
    let server = Server::start().await;
    server.connect().await.get("/about", "").await;
    let mut client = server.connect().await;
    client.send("GET /about HTTP/1.1\r\nHost: 127.0.0.1:3000\r\n\r\n").await;
    client.stream.shutdown().await.unwrap();
    assert_eq!(client.answer(false).await.status, 200);
    assert!(client.is_over().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_clients_keep_nobody_waiting() {
    let server = Server::start().await;
    // Requests that fill what is read at once exactly, so that none is cut and all stay on the fast path.
    let start = "GET /standards/part-1 HTTP/1.1\r\nHost: 127.0.0.1:3000\r\nX: ";
    let request = format!("{start}{}\r\n\r\n", "x".repeat(128 - 4 - start.len()));
    let mut slow = Vec::new();
    for _ in 0..20 {
        let mut client = server.connect().await;
        // More answers than all buffers in between hold, and nobody reads them.
        client.send(&request.repeat(400)).await;
        slow.push(client);
    }
    let mut quick = server.connect().await;
    let page = quick.get("/standards/part-1", "").await;
    assert!(page.body.len() * 400 > 12_000_000, "{}", page.body.len());
    for _ in 0..100 {
        assert_eq!(quick.get("/standards/part-1", "").await.body, page.body);
    }
    assert_eq!(server.misses(), 1, "one rendering for all");
    assert!(server.counts().hits < 20 * 400, "nothing is answered that nobody takes");
    let mut patient = slow.pop().unwrap();
    for _ in 0..400 {
        assert_eq!(patient.answer(false).await.body, page.body);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_query_is_minded_from_the_first_request_on() {
    let server = Server::start().await;
    let app = server.app.app.clone();
    tokio::spawn(async move { indexer::run(&app.search, &app.db, CancellationToken::new()).await });
    let newest = searchable::newest(server.app.app.read()).await.unwrap();
    server.app.app.search.wait_for(newest.id).await;
    for (target, says) in [
        // One whose answers are never kept, so that nothing but the first answer tells.
        ("/search/suggest?q=glossary", "\"path\":\"/resources/glossary\""),
        ("/faq?q=accredited", "value=\"accredited\""),
        ("/search?q=quagga", "quagga"),
        ("/no-such-page?q=1", "no page at this address"),
    ] {
        let answer = server.connect().await.get(target, "").await;
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        assert!(text.contains(says), "{target} says {} {text}", answer.status);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stopping_waits_for_a_request_under_way() {
    let mut server = Server::start().await;
    let mut client = server.connect().await;
    client
        .send(
            "POST /contact HTTP/1.1\r\nHost: 127.0.0.1:3000\r\nSec-Fetch-Site: same-origin\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\nname=",
        )
        .await;
    // Another client's answer says that the first piece has been read.
    server.connect().await.get("/about", "").await;
    server.stop.cancel();
    client.send("Vera").await;
    let answer = client.answer(false).await;
    assert_eq!(answer.status, 422);
    assert!(client.is_over().await);
    within(server.served.take().unwrap()).await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_first_visitors_on_connections_of_their_own_cause_one_rendering() {
    let server = Arc::new(Server::start().await);
    let visits: Vec<_> = (0..200)
        .map(|_| {
            let server = server.clone();
            tokio::spawn(async move {
                let mut client = server.connect().await;
                for _ in 0..5 {
                    assert_eq!(client.get("/standards", "").await.status, 200);
                }
            })
        })
        .collect();
    for visit in visits {
        visit.await.unwrap();
    }
    assert_eq!(server.misses(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stopping_ends_silent_connections_and_frees_the_port() {
    let mut server = Server::start().await;
    let mut short = server.connect().await;
    short.get("/about", "").await;
    let mut long = server.connect().await;
    long.get("/contact", "").await;
    assert!(Listeners::bind(server.address).is_err(), "nobody else may listen there");
    server.stop.cancel();
    assert!(short.is_over().await && long.is_over().await);
    within(server.served.take().unwrap()).await.unwrap().unwrap();
    assert!(Listeners::bind(server.address).is_ok());
}

#[tokio::test]
async fn of_programs_that_start_together_one_gets_the_port() {
    let free = Listeners::bind("127.0.0.1:0".parse().unwrap()).unwrap().address();
    for _ in 0..50 {
        let start = Arc::new(Barrier::new(4));
        let starts: Vec<_> = (0..4)
            .map(|_| {
                let start = start.clone();
                tokio::task::spawn_blocking(move || {
                    start.wait();
                    Listeners::bind(free)
                })
            })
            .collect();
        let mut taken = Vec::new();
        for start in starts {
            taken.extend(start.await.unwrap());
        }
        assert_eq!(taken.len(), 1);
    }
}

#[tokio::test]
async fn who_sends_many_requests_at_once_lets_others_of_the_thread_in() {
    const SENT: usize = 60;
    let app = TestApp::new().await;
    app.visitor().get("/robots.txt").await.is(200);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut client = Plain::connect(listener.local_addr().unwrap()).unwrap();
    let request = "GET /robots.txt HTTP/1.1\r\nHost: 127.0.0.1:3000\r\n\r\n";
    client.write_all(request.repeat(SENT).as_bytes()).unwrap();
    client.set_nonblocking(true).unwrap();
    let (stream, peer) = listener.accept().await.unwrap();
    let slot = ConnectionSlots::new(Limits::usual(&[], Timeouts::default())).take(peer.ip()).unwrap();
    let shared = Shared {
        router: app.router.clone(),
        work: Handle::current(),
        timeouts: Timeouts::default(),
        tls: None,
        counters: Arc::default(),
    };
    stream.readable().await.unwrap();
    // On this thread, as everyone's: what follows runs when the connection lets it.
    let served = tokio::spawn(connection::run(stream, peer, slot, shared));
    let mut text = Vec::new();
    let mut most = 0;
    let mut answered = 0;
    while answered < SENT {
        yield_now().await;
        let ended = client.read_to_end(&mut text);
        assert_eq!(ended.unwrap_err().kind(), ErrorKind::WouldBlock);
        let now = String::from_utf8_lossy(&text).matches("HTTP/1.1 200").count();
        most = most.max(now - answered);
        answered = now;
    }
    assert!(most <= REQUESTS_PER_TURN as usize, "{most} answers at a time");
    drop(client);
    within(served).await.unwrap();
}

#[tokio::test]
async fn a_public_address_on_this_machine_leaves_the_other_loopback_names() {
    for public in ["http://[::1]", "http://[::1]:4000", "http://localhost", "http://127.0.0.1:4000"] {
        let app = TestApp::with(&["--public-url", public]).await;
        for host in ["[::1]:3000", "127.0.0.1:3000", "localhost"] {
            let mut visitor = app.visitor();
            host.clone_into(&mut visitor.host);
            visitor.get("/about").await.is(200);
        }
        let mut visitor = app.visitor();
        "evil.example".clone_into(&mut visitor.host);
        visitor.get("/about").await.is(421);
    }
}
