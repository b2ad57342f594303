//! The fast path and hyper answer alike: thousands of generated requests, each sent once so that the fast path may answer,
//! and once so that hyper does.

use std::{fmt::Write, net::SocketAddr, sync::Arc};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::{JoinSet, yield_now},
};

use crate::{
    generated::{Generator, Sent},
    wire::{Server, within},
};

/// Requests that are sent at least.
const REQUESTS: usize = 5_400;
/// Batches that are sent at a time.
const TASKS: usize = 8;
/// Takes a connection over to hyper, for good.
const TO_HYPER: &str = "GET /robots.txt HTTP/1.1\r\nHost: 127.0.0.1:3000\r\nRange: bytes=0-0\r\n\r\n";
/// Pages that are cached, one of them with a query that counts.
const PAGES: [&str; 5] = ["/about", "/", "/standards/part-1", "/faq", "/sitemap.xml"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_fast_path_and_hyper_give_the_same_answers() {
    let server = Server::start().await;
    let tags = warm_up(&server).await;
    let mut generator = Generator::new(20_000, tags);
    let mut tasks = JoinSet::new();
    let (mut sent, mut differences) = (0, Vec::new());
    let before = server.counts();
    while sent < REQUESTS || !tasks.is_empty() {
        if sent < REQUESTS && tasks.len() < TASKS {
            let batch = generator.batch();
            sent += batch.len();
            tasks.spawn(compare(server.address, batch));
        } else if let Some(difference) = tasks.join_next().await {
            differences.extend(difference.unwrap());
        }
    }
    let shown = differences.iter().take(5).fold(String::new(), |all, one| all + one + "\n");
    assert!(differences.is_empty(), "{} of {sent} differ:\n{shown}", differences.len());
    let hits = server.counts().hits - before.hits;
    assert!(hits > REQUESTS as u64 / 4, "the fast path answered only {hits} of {sent}");
}

/// Has every page made in every encoding and recompressed, so that nothing changes any more. Gives tags for conditions.
async fn warm_up(server: &Server) -> Vec<String> {
    let pages = &server.app.app.pages;
    let mut tags = Vec::new();
    for path in PAGES {
        server.connect().await.get(path, "").await;
        let first = pages.get(path).unwrap();
        let recompressed = async {
            while Arc::ptr_eq(&first, &pages.get(path).unwrap()) {
                server.connect().await.get(path, "").await;
                yield_now().await;
            }
        };
        within(recompressed).await;
        for encoding in ["br", "gzip", "identity"] {
            let answer = server.connect().await.get(path, &format!("Accept-Encoding: {encoding}\r\n")).await;
            tags.push(answer.field("etag").unwrap().to_owned());
        }
    }
    tags
}

/// Sends a batch both ways; tells what differs.
async fn compare(address: SocketAddr, batch: Vec<Sent>) -> Option<String> {
    let fast = within(exchange(address, "", &batch)).await;
    let hyper = within(exchange(address, TO_HYPER, &batch)).await;
    let is_head: Vec<bool> = batch.iter().map(|sent| sent.is_head).collect();
    let fast = answers(&fast, &is_head);
    let hyper = answers(&hyper, &[&[false], &is_head[..]].concat());
    let (first, hyper) = hyper.split_first().unwrap();
    assert!(first.contains("206 Partial Content"), "{first}");
    let at = (0..fast.len().max(hyper.len())).find(|at| fast.get(*at) != hyper.get(*at))?;
    let request = batch.get(at).map_or(String::new(), |sent| String::from_utf8_lossy(&sent.bytes).into_owned());
    let none = "nothing".to_owned();
    let (fast, hyper) = (fast.get(at).unwrap_or(&none), hyper.get(at).unwrap_or(&none));
    let only = |one: &str, other: &str| {
        let lines = one.lines().filter(|line| !other.lines().any(|known| known == *line));
        format!("{}\n{}", one.lines().next().unwrap_or_default(), lines.take(20).collect::<Vec<_>>().join("\n"))
    };
    let (fast, hyper) = (only(fast, hyper), only(hyper, fast));
    Some(format!("--- request {at} of {}:\n{request}--- fast path:\n{fast}\n--- hyper:\n{hyper}", batch.len()))
}

/// All that comes back on one connection.
async fn exchange(address: SocketAddr, before: &str, batch: &[Sent]) -> Vec<u8> {
    let stream = TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let (mut read, mut write) = stream.into_split();
    let bytes = [before.as_bytes(), &batch.iter().flat_map(|sent| sent.bytes.clone()).collect::<Vec<_>>()].concat();
    let cut = batch[0].cut;
    let sending = async move {
        for piece in bytes.chunks(cut) {
            // The server may have ended the connection already.
            if write.write_all(piece).await.is_err() {
                break;
            }
            yield_now().await;
        }
        let _ = write.shutdown().await;
        write
    };
    let reading = async move {
        let mut bytes = Vec::new();
        let _ = read.read_to_end(&mut bytes).await;
        bytes
    };
    tokio::join!(sending, reading).1
}

/// The answers in these bytes, each as its status, its fields in order of the alphabet, and its body.
fn answers(bytes: &[u8], is_head: &[bool]) -> Vec<String> {
    let mut all = Vec::new();
    let mut left = bytes;
    while !left.is_empty() {
        let Some(end) = left.windows(4).position(|four| four == b"\r\n\r\n") else {
            all.push(format!("half a head: {}", without_reference(&String::from_utf8_lossy(left))));
            break;
        };
        let head = String::from_utf8_lossy(&left[..end]).into_owned();
        left = &left[end + 4..];
        let mut lines: Vec<_> = head.lines().collect();
        lines[1..].sort_unstable();
        let length = lines.iter().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
        let has_none = [" 100 ", " 204 ", " 304 "].iter().any(|status| lines[0].contains(status));
        let is_bare = has_none || is_head.get(all.len()) == Some(&true);
        let length = if is_bare { 0 } else { length.unwrap_or(left.len()).min(left.len()) };
        let mut answer = String::new();
        for line in lines {
            let line = if line.starts_with("date: ") { "date" } else { line };
            let _ = writeln!(answer, "{line}");
        }
        let body = String::from_utf8(left[..length].to_vec());
        let body = body.unwrap_or_else(|bytes| format!("{length} bytes {:x?}", hash(bytes.as_bytes())));
        let _ = write!(answer, "\n{}", without_reference(&body));
        all.push(answer);
        left = &left[length..];
    }
    all
}

/// An error page, or the text of a refusal, without the reference of its request.
fn without_reference(page: &str) -> String {
    for (begin, end) in [("<p class=\"reference\">", "</p>"), ("Reference of the request: ", "\n")] {
        if let Some((before, rest)) = page.split_once(begin) {
            return before.to_owned() + rest.split_once(end).map_or("", |(_, after)| after);
        }
    }
    page.to_owned()
}

fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
}
