//! Headers, hosts, origins, limits.

use axum::{
    body::Body,
    http::{Method, header},
};

use crate::harness::{Reply, TestApp};

fn bears_the_headers(reply: &Reply) {
    let policy = reply.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'"), "{} {policy}", reply.status);
    assert!(!policy.contains("unsafe"), "{policy}");
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(reply.header(name), value, "{name} at {}", reply.status);
    }
}

#[tokio::test]
async fn every_answer_bears_the_security_headers() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    for (path, status) in [
        ("/", 200),
        ("/nowhere", 404),
        ("/admin", 303),
        ("/static/x/none.css", 404),
        ("/healthz", 200),
        ("/readyz", 200),
    ] {
        bears_the_headers(&visitor.get(path).await.is(status));
    }
    bears_the_headers(&visitor.send(visitor.request(Method::DELETE, "/").body(Body::empty()).unwrap()).await.is(405));
    let admin = app.admin().await;
    bears_the_headers(&admin.get("/admin").await.is(200));
    bears_the_headers(&admin.get("/admin/pages?under=abc").await.is(400));
}

#[tokio::test]
async fn visitors_get_no_cookie_and_no_foreign_address() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    for path in ["/", "/standards", "/faq", "/faq?q=audit", "/contact", "/nowhere"] {
        let reply = visitor.get(path).await;
        assert_eq!(reply.header("set-cookie"), "", "{path}");
        for part in reply.text.split("src=\"").skip(1) {
            assert!(part.starts_with('/') && !part.starts_with("//"), "{path} loads {part:.80}");
        }
        assert!(!reply.text.contains("rel=\"stylesheet\" href=\"http"), "{path}");
    }
}

#[tokio::test]
async fn only_the_public_host_is_answered() {
    let app = TestApp::with(&["--public-url", "https://portal.example"]).await;
    let mut visitor = app.visitor();
    for (host, status) in [
        ("portal.example", 200),
        ("PORTAL.example", 200),
        ("evil.example", 421),
        ("portal.example:81", 421),
        ("localhost", 421),
    ] {
        host.clone_into(&mut visitor.host);
        let reply = visitor.get("/").await.is(status);
        assert_eq!(reply.header("strict-transport-security"), "max-age=31536000; includeSubDomains");
        assert!(!reply.text.contains("evil.example"));
        bears_the_headers(&reply);
    }
    "portal.example".clone_into(&mut visitor.host);
    visitor.get("/about").await.says("rel=\"canonical\" href=\"https://portal.example/about\"");
    let without = axum::http::Request::builder().uri("/").body(Body::empty()).unwrap();
    visitor.send(without).await.is(400);
    let twice = visitor.request(Method::GET, "/").header(header::HOST, "portal.example").body(Body::empty()).unwrap();
    visitor.send(twice).await.is(400);
    let absolute = visitor.request(Method::GET, "http://evil.example/").body(Body::empty()).unwrap();
    visitor.send(absolute).await.is(421);
}

#[tokio::test]
async fn a_request_from_another_site_changes_nothing() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let id = app.page_id("/about").await;
    let path = format!("/admin/pages/{id}/delete");
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
    ] {
        let request = editor.request(Method::POST, &path).header(name, value);
        editor.send(request.body(Body::empty()).unwrap()).await.is(403);
    }
    app.visitor().get("/about").await.is(200);
    editor.post(&path, &[]).await.is(303);
    app.visitor().get("/about").await.is(410);
}

#[tokio::test]
async fn the_same_name_over_plain_http_is_another_site() {
    let app = TestApp::with(&["--public-url", "https://portal.example"]).await;
    let mut visitor = app.visitor();
    "portal.example".clone_into(&mut visitor.host);
    for (origin, status) in [("http://portal.example", 403), ("https://portal.example", 422)] {
        let request = visitor.request(Method::POST, "/contact").header("origin", origin);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        visitor.send(request.body(Body::empty()).unwrap()).await.is(status);
    }
}

#[tokio::test]
async fn odd_requests_get_a_plain_answer() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    for path in
        ["/%ff", "/%00", "/a%2e%2e/b", "/..%2f..%2fetc/passwd", "/<script>", "/standards//part-1", "//evil.example"]
    {
        let path = path.replace('<', "%3C").replace('>', "%3E");
        let reply = visitor.get(&path).await;
        assert!(matches!(reply.status.as_u16(), 400 | 404 | 421), "{path}: {}", reply.status);
        assert!(!reply.text.contains("<script>"), "{path}");
    }
    visitor.get(&format!("/{}", "x".repeat(5000))).await.is(404);
    let reply = visitor.send(visitor.request(Method::PUT, "/about").body(Body::empty()).unwrap()).await.is(405);
    assert!(reply.header("allow").contains("GET"));
    let head = visitor.send(visitor.request(Method::HEAD, "/about").body(Body::empty()).unwrap()).await.is(200);
    assert!(head.text.is_empty());
    visitor.get("/about/").await.is(308);
    visitor.get("/faq?q=%ff%00&q=two").await.is(200);
}

#[tokio::test]
async fn a_body_has_its_limit() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let id = app.page_id("/about").await;
    let large = "x".repeat(300_000);
    editor.post(&format!("/admin/pages/{id}/move"), &[("parent", &large)]).await.is(413).says("too much at once");
    let book = "word ".repeat(70_000);
    let fields = [("base", "1"), ("title", "About"), ("slug", "about"), ("body", book.as_str())];
    editor.post(&format!("/admin/pages/{id}"), &fields).await.is(303);
    for (length, status) in [(1_500_000, 422), (3_000_000, 413)] {
        let library = "x".repeat(length);
        let fields = [("base", "2"), ("title", "About"), ("slug", "about"), ("body", library.as_str())];
        editor.post(&format!("/admin/pages/{id}"), &fields).await.is(status);
    }
}

#[tokio::test]
async fn a_form_must_be_a_form() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let id = app.page_id("/about").await;
    let path = format!("/admin/pages/{id}/position");
    let json =
        editor.request(Method::POST, &path).header("content-type", "application/json").body(Body::from("{}")).unwrap();
    editor.send(json).await.is(415);
    editor.post(&path, &[("index", "1"), ("index", "2")]).await.is(400);
}

#[tokio::test]
async fn assets_may_be_kept_for_ever_and_are_what_they_say() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    let page = visitor.get("/").await.text;
    let address = page.split("href=\"").find(|part| part.starts_with("/static/")).unwrap().split('"').next().unwrap();
    let asset = visitor.get(address).await.is(200);
    assert!(asset.header("cache-control").contains("immutable"));
    assert!(asset.header("content-type").contains("text/css") || asset.header("content-type").contains("image/svg"));
    for bad in ["/static/0/..%2f..%2fCargo.toml", "/static/0/../Cargo.toml", "/static/0/%2e%2e/Cargo.toml"] {
        let reply = visitor.get(bad).await;
        assert_eq!(reply.status, 404, "{bad}");
    }
}
