//! HTTP as its standard has it, where clients and tools rely on it: encodings, conditions, methods, refusals.

use std::collections::BTreeMap;

use axum::{body::Body, http::Method};
use tokio::io::AsyncWriteExt;

use crate::{
    harness::{Reply, TestApp, TestUser},
    wire::{Client, Server},
};

async fn ask(user: &TestUser, method: Method, path: &str, fields: &[(&str, &str)]) -> Reply {
    let mut request = user.request(method, path);
    for (name, value) in fields {
        request = request.header(*name, *value);
    }
    user.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn weights_count_in_any_spelling() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    for path in ["/about", "/contact", "/search?q=nothing", "/faq?q=a"] {
        // The first answer to a path is one for everyone, so it is in no encoding.
        visitor.get(path).await.is(200);
        for (accepted, encoding) in [
            ("br;Q=0", ""),
            ("br;Q=0, gzip;Q=0.5", "gzip"),
            ("gzip ; q=0.5 , br;q=0.1", "gzip"),
            ("identity;q=0, zstd", "zstd"),
            ("identity, br;q=0.5", ""),
        ] {
            // Made, or past the store; then, where there is one, from it.
            for _ in 0..2 {
                let reply = ask(&visitor, Method::GET, path, &[("accept-encoding", accepted)]).await.is(200);
                assert_eq!(reply.header("content-encoding"), encoding, "{path} {accepted}");
                assert!(reply.header("vary").contains("accept-encoding"), "{path}");
            }
        }
    }
}

#[tokio::test]
async fn who_takes_nothing_we_have_hears_the_same_each_time() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    for accepted in ["identity;q=0", "*;q=0", "gzip;q=0, identity;Q=0.000"] {
        for _ in 0..3 {
            for path in ["/about", "/contact", "/search?q=nothing"] {
                ask(&visitor, Method::GET, path, &[("accept-encoding", accepted)]).await.is(406);
            }
            ask(&visitor, Method::GET, "/no-such-page", &[("accept-encoding", accepted)]).await.is(404);
        }
    }
    visitor.get("/about").await.is(200);
}

#[tokio::test]
async fn conditions_are_judged_before_anything_is_done() {
    let app = TestApp::new().await;
    let (visitor, editor) = (app.visitor(), app.editor().await);
    let tag = visitor.get("/about").await.header("etag").to_owned();
    let weak = format!("W/{tag}");
    let (tag, weak) = (tag.as_str(), weak.as_str());
    for (fields, status) in [
        (&[("if-match", "\"other\"")][..], 412),
        (&[("if-match", tag)], 200),
        (&[("if-match", weak)], 412),
        (&[("if-match", "*")], 200),
        (&[("if-match", "\"other\""), ("if-none-match", tag)], 412),
        (&[("if-match", tag), ("if-none-match", weak)], 304),
        (&[("if-match", "\"other\""), ("range", "bytes=0-4")], 412),
        (&[("if-match", tag), ("range", "bytes=0-4")], 206),
        (&[("if-none-match", tag), ("range", "bytes=0-4")], 304),
        (&[("if-range", "\"other\""), ("range", "bytes=0-4")], 200),
        (&[("if-modified-since", "Fri, 01 Jan 2100 00:00:00 GMT")], 200),
        (&[("if-unmodified-since", "Thu, 01 Jan 1970 00:00:00 GMT")], 200),
    ] {
        ask(&visitor, Method::GET, "/about", fields).await.is(status);
    }
    for _ in 0..3 {
        ask(&visitor, Method::GET, "/contact", &[("if-match", "\"other\"")]).await.is(412);
        ask(&visitor, Method::GET, "/contact", &[("if-match", "*")]).await.is(200);
        ask(&visitor, Method::GET, "/no-such-page", &[("if-match", "\"other\"")]).await.is(404);
    }
    let id = app.page_id("/about").await;
    for (name, value) in [("if-match", "\"other\""), ("if-none-match", "*")] {
        let request = editor
            .request(Method::POST, &format!("/admin/pages/{id}"))
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .header(name, value)
            .body(Body::from("base=1&title=Changed&slug=about&do=save"))
            .unwrap();
        editor.send(request).await.is(412);
    }
    editor.get(&format!("/admin/pages/{id}")).await.is(200).does_not_say("Changed");
}

#[tokio::test]
async fn an_address_says_what_it_takes() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    for method in [Method::PUT, Method::DELETE, Method::PATCH] {
        for (path, allow) in [("/about", "GET, HEAD"), ("/", "GET, HEAD"), ("/contact", "GET, HEAD, POST")] {
            assert_eq!(ask(&visitor, method.clone(), path, &[]).await.is(405).header("allow"), allow, "{path}");
        }
        ask(&visitor, method.clone(), "/no-such-page", &[]).await.is(404);
        assert_eq!(ask(&visitor, method.clone(), "/about/", &[]).await.is(308).location(), "/about");
        assert!(!ask(&visitor, method, "/robots.txt", &[]).await.is(405).header("allow").contains("POST"));
    }
    assert_eq!(visitor.post("/about", &[("a", "b")]).await.is(405).header("allow"), "GET, HEAD");
    assert_eq!(ask(&visitor, Method::OPTIONS, "/contact", &[]).await.is(204).header("allow"), "GET, HEAD, POST");
}

#[tokio::test]
async fn every_route_says_what_it_takes() {
    let app = TestApp::new().await;
    let (visitor, admin) = (app.visitor(), app.admin().await);
    let mut routes: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for route in &app.routes {
        routes.entry(route.path).or_default().push(route.method.as_str());
    }
    // What is at these depends on their last part.
    for open in ["/", "/{*path}", "/sitemap-{name}", "/static/{hash}/{*name}", "/admin/{*path}"] {
        assert!(routes.remove(open).is_some(), "{open} is none of {routes:?}");
    }
    for (path, methods) in routes {
        let path: Vec<_> = path.split('/').map(|part| if part.starts_with('{') { "1" } else { part }).collect();
        let path = path.join("/");
        let takes = |reply: &Reply| methods.iter().all(|method| reply.header("allow").contains(method));
        for who in [&visitor, &admin] {
            let reply = ask(who, Method::OPTIONS, &path, &[]).await;
            assert!(reply.status == 204 && takes(&reply) && reply.text.is_empty(), "{path}: {reply:?}");
        }
        let reply = ask(&admin, Method::DELETE, &path, &[("sec-fetch-site", "same-origin")]).await;
        assert!(reply.status == 405 && takes(&reply), "{path}: {reply:?}");
    }
    assert_eq!(ask(&visitor, Method::OPTIONS, "/about", &[]).await.is(204).header("allow"), "GET, HEAD");
    assert_eq!(ask(&visitor, Method::OPTIONS, "/sitemap-1.xml", &[]).await.is(204).header("allow"), "GET, HEAD");
}

#[tokio::test]
async fn where_nothing_is_no_method_is_allowed() {
    let app = TestApp::new().await;
    let (visitor, editor) = (app.visitor(), app.editor().await);
    let methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"];
    for method in methods.map(|name| Method::from_bytes(name.as_bytes()).unwrap()) {
        for path in [
            "/no-such-page",
            "/about/no-such-page",
            "/sitemap-none",
            "/sitemap-99.xml",
            "/static/0/none.css",
            "/search/none",
        ] {
            let reply = ask(&visitor, method.clone(), path, &[]).await.is(404);
            assert!(reply.headers.get("allow").is_none(), "{method} {path}: {}", reply.header("allow"));
        }
        let reply = ask(&visitor, method.clone(), "/about/", &[]).await;
        assert!(reply.status == 308 && reply.headers.get("allow").is_none(), "{method}: {:?}", reply.headers);
        for path in ["/admin/none", "/admin/pages/1/none"] {
            let reply = ask(&editor, method.clone(), path, &[("sec-fetch-site", "same-origin")]).await;
            assert!(reply.status == 404 && reply.headers.get("allow").is_none(), "{method} {path}: {reply:?}");
        }
    }
    // What is there says what it takes.
    for (path, allow) in [("/sitemap.xml", "GET,HEAD"), ("/healthz", "GET,HEAD"), ("/search", "GET,HEAD")] {
        assert_eq!(ask(&visitor, Method::DELETE, path, &[]).await.is(405).header("allow"), allow, "{path}");
    }
}

/// The names of the headers that every answer has.
const SECURITY: [&str; 6] = [
    "content-security-policy",
    "x-content-type-options",
    "referrer-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "permissions-policy",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_request_is_refused_like_everything_else() {
    let server = Server::start().await;
    let get = "GET /about HTTP/1.1\r\nHost: 127.0.0.1:3000\r\n";
    let fields = "X: y\r\n".repeat(100);
    for (text, status) in [
        ("\0\x01\x02\r\n\r\n".to_owned(), 400),
        ("GET /about\r\n\r\n".to_owned(), 400),
        ("GET /about HTTP/7.1\r\nHost: a\r\n\r\n".to_owned(), 400),
        (format!("{get}no colon\r\n\r\n"), 400),
        (format!("{get}Content-Length: 1\r\nContent-Length: 2\r\n\r\n"), 400),
        (format!("{get}X: {}\r\n\r\n", "x".repeat(100_000)), 431),
        (format!("{get}{fields}\r\n"), 431),
        (format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "x".repeat(65_600)), 431),
        (format!("{get}\r\nGET /contact HTTP/1.1\r\nno colon\r\n\r\n"), 200),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(), 505),
    ] {
        let mut client = server.connect().await;
        client.send(&text).await;
        let mut answer = client.answer(false).await;
        let shown = &text[..text.len().min(60)];
        if status == 200 {
            assert_eq!(answer.status, 200);
            answer = client.answer(false).await;
            assert_eq!(answer.status, 400);
        } else if status == 431 {
            assert!(matches!(answer.status, 431 | 414), "{shown:?}: {}", answer.head);
        } else {
            assert_eq!(answer.status, status, "{shown:?}: {}", answer.head);
        }
        for name in SECURITY {
            assert!(answer.field(name).is_some(), "{name} of {shown:?}: {}", answer.head);
        }
        assert!(answer.field("date").is_some() && answer.field("connection") == Some("close"), "{}", answer.head);
        assert!(client.is_over().await, "{shown:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_closes_the_sending_half_is_answered() {
    let server = Server::start().await;
    let post = "POST /contact HTTP/1.1\r\nHost: 127.0.0.1:3000\r\nSec-Fetch-Site: same-origin\r\n\
                Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\nname=Vera";
    let get = |path: &str, fields: &str| format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:3000\r\n{fields}\r\n");
    for (text, status) in [
        (get("/about", ""), 200),
        (get("/about", "Range: bytes=0-3\r\n"), 206),
        (get("/contact", ""), 200),
        (get("/contact", ""), 200),
        (get("/search?q=audit", ""), 200),
        (get("/no-such-page", ""), 404),
        (get("/healthz", ""), 200),
        (post.to_owned(), 422),
    ] {
        let mut client: Client = server.connect().await;
        client.send(&text).await;
        client.stream.shutdown().await.unwrap();
        assert_eq!(client.answer(false).await.status, status, "{text}");
        assert!(client.is_over().await, "{text}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_waits_to_be_asked_for_the_body_is_asked() {
    let server = Server::start().await;
    let mut client: Client = server.connect().await;
    let head = "POST /contact HTTP/1.1\r\nHost: 127.0.0.1:3000\r\nSec-Fetch-Site: same-origin\r\nExpect: 100-continue\r\n\
                Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\n";
    client.send(head).await;
    assert_eq!(client.answer(true).await.status, 100);
    client.send("name=Vera").await;
    assert_eq!(client.answer(false).await.status, 422);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn too_large_a_body_is_refused_in_words_and_not_by_a_reset() {
    let server = Server::start().await;
    let mut client = server.connect().await;
    let head = "POST /contact HTTP/1.1\r\nHost: 127.0.0.1:3000\r\nSec-Fetch-Site: same-origin\r\n\
                Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 600000\r\n\r\n";
    client.send(head).await;
    client.send(&"x".repeat(600_000)).await;
    let answer = client.answer(false).await;
    assert_eq!(answer.status, 413);
}
