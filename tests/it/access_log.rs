//! The access log: a line for each request that reaches the router, and what the fast path has counted.

use axum::{body::Body, http::Method};

use crate::{harness::TestApp, log::Log, security_log::Running};

#[tokio::test]
async fn each_request_that_reaches_the_router_has_a_line() {
    let app = TestApp::new().await.in_this_thread();
    let (editor, visitor) = (app.editor().await, app.visitor());
    let (log, _guard) = Log::begin();
    visitor.get("/about").await.is(200);
    visitor.get("/about").await.is(200);
    visitor.get("/search?q=zqueryz").await.is(200);
    editor.get("/admin/pages?q=zqueryz").await.is(200);
    let method = Method::from_bytes("X".repeat(1000).as_bytes()).unwrap();
    visitor.send(visitor.request(method, "/imprint").body(Body::empty()).unwrap()).await.is(405);
    let missing = visitor.get("/no-such-page").await.is(404);
    let text = log.text();
    let lines: Vec<_> = text.lines().filter(|line| line.contains("plinth::access")).collect();
    let of = |path: &str| lines.iter().filter(|line| line.contains(&format!("path=\"{path}\""))).collect::<Vec<_>>();
    assert_eq!(of("/about").len(), 1, "the second one came from memory: {text}");
    assert!(!text.contains("zqueryz"), "{text}");
    assert!(text.contains(&format!("\"{}\"", "X".repeat(20))) && !text.contains(&"X".repeat(21)), "{text}");
    for (path, status) in [("/about", 200), ("/search", 200), ("/admin/pages", 200), ("/no-such-page", 404)] {
        let line = of(path).last().unwrap().to_string();
        assert!(line.contains("method=\"GET\"") && line.contains(&format!("status={status}")), "{line}");
        assert!(line.contains(" ms=") && line.contains("request=\""), "{line}");
        let user = format!("user={}", editor.actor.id.unwrap());
        assert_eq!(line.contains(&user), path == "/admin/pages", "{line}");
    }
    let request = of("/no-such-page").last().unwrap().split("request=\"").nth(1).unwrap()[..9].to_owned();
    missing.says(&request);
}

#[test]
fn what_comes_from_memory_is_counted_and_told_at_the_end() {
    let running = Running::start(&[]);
    for _ in 0..5 {
        assert!(running.get("/robots.txt").starts_with("HTTP/1.1 200"));
    }
    let log = running.log_after_stop();
    let line = log.lines().find(|line| line.contains("answered from memory")).unwrap_or_else(|| panic!("{log}"));
    assert!(line.contains("plinth::access") && line.contains("requests=5 hits=4 bytes="), "{line}");
    assert_eq!(log.matches("path=\"/robots.txt\"").count(), 1, "{log}");
}

#[test]
fn what_is_refused_before_the_router_has_a_line_too_and_says_its_reference() {
    let running = Running::start(&[]);
    let many = format!("GET /about HTTP/1.1\r\nHost: x\r\n{}\r\n", "X-A: b\r\n".repeat(100));
    let refused = [("not HTTP\r\n\r\n", 400), (&many, 431)].map(|(request, status)| {
        let answer = running.send(request);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
        let (_, reference) = answer.split_once("Reference of the request: ").expect("a reference");
        format!("status={status} request=\"{}\"", reference.trim_end())
    });
    let log = running.log_after_stop();
    for line in refused {
        assert!(log.lines().any(|found| found.contains("plinth::access") && found.contains(&line)), "{line}: {log}");
    }
}
