//! Finished pages in memory: never stale, never poisoned, bounded, and right for every kind of request.

use std::{collections::BTreeSet, sync::Arc};

use axum::{
    body::Body,
    http::{Method, header},
};
use plinth::model::document::content::Content;

use crate::harness::{Reply, TestApp, TestUser, publish_version, save_content};

async fn publish_text(app: &TestApp, id: i64, text: &str) {
    publish(app, id, |content| Content { body: text.to_owned(), ..content }).await;
}

/// Publishes what `change` makes of the newest version of a page.
async fn publish(app: &TestApp, id: i64, change: impl FnOnce(Content) -> Content) {
    let write = app.app.write(plinth::model::actor::Actor::system("test")).await.unwrap();
    let version = save_content(&write, id, change).await;
    publish_version(&write, id, version).await.unwrap();
    write.commit().await.unwrap();
}

async fn ask(user: &TestUser, path: &str, headers: &[(&str, &str)]) -> Reply {
    let mut request = user.request(Method::GET, path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    user.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_page_is_stale_after_an_acknowledged_change() {
    let app = Arc::new(TestApp::new().await);
    let id = app.page_id("/about").await;
    let stop = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let readers: Vec<_> = (0..2)
        .map(|_| {
            let (app, stop) = (app.clone(), stop.clone());
            tokio::spawn(async move {
                let visitor = app.visitor();
                while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                    visitor.get("/about").await.is(200);
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    let visitor = app.visitor();
    for edit in 0..1000 {
        let words = format!("this is edit number {edit}.");
        publish_text(&app, id, &words).await;
        visitor.get("/about").await.is(200).says(&words);
    }
    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    for reader in readers {
        reader.await.unwrap();
    }
}

/// What pages show of one another is kept as well: a change of one is seen on all.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_page_lists_what_was_before_an_acknowledged_change() {
    let app = Arc::new(TestApp::new().await);
    let editor = app.admin().await;
    let pages = ["/standards/part-2", "/standards/part-3", "/standards/part-6", "/standards/part-9"];
    let stop = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let reader = tokio::spawn({
        let (app, stop) = (app.clone(), stop.clone());
        async move {
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                for path in pages {
                    app.visitor().get(path).await.is(200);
                }
            }
        }
    });
    let visitor = app.visitor();
    // A walk that looks random and is the same every time.
    let mut chance = 20_000_u32;
    for turn in 0..120 {
        chance = chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let changed = pages[(chance >> 16) as usize % 4];
        let seen = pages[(chance >> 20) as usize % 4];
        let id = app.page_id(changed).await;
        let label = format!("Label {turn}");
        match (chance >> 24) % 3 {
            0 => {
                publish(&app, id, |content| Content { menu_label: label.clone(), ..content }).await;
                visitor.get(seen).await.is(200).says(&label);
            }
            1 => {
                editor.post(&format!("/admin/pages/{id}/position"), &[("index", "0")]).await.is(303);
                let text = visitor.get(seen).await.is(200).text;
                let section = text.split("In this section</summary>").nth(1).unwrap();
                let first = section.split("<li><a href=\"").nth(2).unwrap();
                assert!(first.starts_with(changed), "{changed} is first, but not on {seen}");
            }
            _ => {
                let name = format!("Portal {turn}");
                let opened = crate::forms::hidden(&editor.get("/admin/settings").await, "/admin/settings");
                let opened = opened.iter().map(|(name, value)| (name.as_str(), value.as_str()));
                let typed = [("site_name", name.as_str()), ("time_zone", "UTC"), ("retention_months", "24")];
                let fields: Vec<_> = opened.chain(typed).collect();
                editor.post("/admin/settings", &fields).await.is(303);
                visitor.get(seen).await.is(200).says(&name);
            }
        }
    }
    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    reader.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_first_visitors_cause_one_rendering() {
    let app = Arc::new(TestApp::new().await);
    let visits: Vec<_> = (0..1000)
        .map(|_| {
            let app = app.clone();
            tokio::spawn(async move { app.visitor().get("/standards").await.is(200) })
        })
        .collect();
    for visit in visits {
        visit.await.unwrap();
    }
    assert_eq!(app.app.pages.misses(), 1);
}

#[tokio::test]
async fn the_memory_is_bounded() {
    let app = TestApp::with(&["--page-cache", "1"]).await;
    let visitor = app.visitor();
    let pages = plinth::model::page::public::list_all(app.app.read(), "", 1000).await.unwrap();
    for page in &pages {
        visitor.get(&page.path).await.is(200);
    }
    assert!(app.app.pages.bytes() <= 1024 * 1024, "{}", app.app.pages.bytes());
    visitor.get("/robots.txt").await.is(200);
    visitor.get("/about").await.is(200);
    let before = app.app.pages.bytes();
    for n in 0..1_000 {
        visitor.get(&format!("/robots.txt?n={n}")).await.is(200);
        visitor.get(&format!("/about?n={n}")).await.is(200);
    }
    for n in 0..200 {
        visitor.get(&format!("/missing-{n}")).await.is(404);
    }
    assert_eq!(app.app.pages.bytes(), before, "query strings and missing pages make no entries");
}

#[tokio::test]
async fn no_header_and_no_query_reaches_a_kept_body() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    let plain = app.visitor().get("/about").await.text;
    let evil = "evil.example";
    for (name, value) in [
        ("x-forwarded-host", evil),
        ("x-forwarded-for", evil),
        ("x-original-url", "/admin"),
        ("x-http-method-override", "DELETE"),
        ("forwarded", "host=evil.example"),
        ("accept-language", evil),
        ("cookie", "plinth=evil.example"),
        ("user-agent", evil),
        ("referer", "https://evil.example/"),
        ("range", "bytes=0-9"),
    ] {
        publish_text(&app, app.page_id("/training").await, &format!("before {name}")).await;
        ask(&visitor, "/about", &[(name, value)]).await;
        assert_eq!(app.visitor().get("/about").await.is(200).text, plain, "{name}");
    }
    publish_text(&app, app.page_id("/training").await, "once more").await;
    ask(&visitor, "/about?q=evil.example&sent=evil.example", &[]).await.is(200);
    assert_eq!(visitor.get("/about").await.text, plain);
}

#[tokio::test]
async fn an_editor_at_work_never_shows_through() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let id = app.page_id("/about").await;
    let fields = [("base", "1"), ("title", "About"), ("slug", "about"), ("body", "Nobody knows yet."), ("do", "save")];
    editor.post(&format!("/admin/pages/{id}"), &fields).await.is(303);
    editor.get(&format!("/admin/pages/{id}/preview")).await.is(200).says("Nobody knows yet.");
    editor.get("/about").await.is(200).does_not_say("Nobody knows yet.");
    visitor.get("/about").await.is(200).does_not_say("Nobody knows yet.");
    assert_eq!(visitor.get("/contact").await.header("cache-control"), "no-store");
}

#[tokio::test]
async fn each_encoding_has_a_tag_of_its_own() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    let mut tags = BTreeSet::new();
    for encoding in ["identity", "gzip", "br", "zstd"] {
        let reply = ask(&visitor, "/about", &[("accept-encoding", encoding)]).await.is(200);
        assert_eq!(reply.header("vary"), "accept-encoding");
        assert_eq!(reply.header("content-encoding"), if encoding == "identity" { "" } else { encoding });
        let tag = reply.header("etag").to_owned();
        assert!(tag.starts_with('"'), "strong: {tag}");
        let again = ask(&visitor, "/about", &[("accept-encoding", encoding), ("if-none-match", &tag)]).await.is(304);
        assert!(again.text.is_empty());
        assert_eq!(again.header("etag"), tag);
        tags.insert(tag);
    }
    assert_eq!(tags.len(), 4);
    for (given, status) in [("\"other\"", 200), ("*", 304), ("W/\"x\", \"y\"", 200)] {
        ask(&visitor, "/about", &[("if-none-match", given)]).await.is(status);
    }
    let old = visitor.get("/about").await.header("etag").to_owned();
    publish_text(&app, app.page_id("/about").await, "Another text.").await;
    let new = ask(&visitor, "/about", &[("if-none-match", &old)]).await.is(200);
    assert_ne!(new.header("etag"), old);
}

#[tokio::test]
async fn head_and_range_are_right() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    // The request that causes the page to be made too.
    ask(&visitor, "/standards", &[("range", "bytes=0-14")]).await.is(206);
    for _ in 0..2 {
        let whole = visitor.get("/about").await.is(200);
        let head = visitor.send(visitor.request(Method::HEAD, "/about").body(Body::empty()).unwrap()).await.is(200);
        assert!(head.text.is_empty());
        assert_eq!(head.header("content-length"), whole.text.len().to_string());
        assert_eq!(head.header("etag"), whole.header("etag"));
        let part = ask(&visitor, "/about", &[("range", "bytes=0-14")]).await.is(206);
        assert_eq!(part.text, whole.text[..15]);
        assert_eq!(part.header("content-range"), format!("bytes 0-14/{}", whole.text.len()));
        ask(&visitor, "/about", &[("range", "bytes=9999999-")]).await.is(416);
        ask(&visitor, "/about", &[("range", "bytes=0-14"), ("if-range", "\"old\"")]).await.is(200);
        ask(&visitor, "/about", &[("range", "bytes=0-14"), ("if-range", whole.header("etag"))]).await.is(206);
        // A part is one of the body as it is.
        let refused = [("range", "bytes=0-14"), ("accept-encoding", "gzip, identity;q=0")];
        assert_eq!(ask(&visitor, "/about", &refused).await.is(200).header("content-encoding"), "gzip");
    }
}

#[tokio::test]
async fn what_another_process_changed_is_noticed() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    visitor.get("/about").await.is(200);
    // A second process: its own pools over the same file.
    let other = TestApp::over(app.data.clone(), &[]).await;
    publish_text(&other, other.page_id("/about").await, "Written elsewhere.").await;
    let stop = tokio_util::sync::CancellationToken::new();
    let watch = tokio::spawn(plinth::app::watching::watch(app.app.clone(), stop.clone()));
    let noticed = async {
        while !visitor.get("/about").await.text.contains("Written elsewhere.") {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), noticed).await.expect("the change is noticed");
    stop.cancel();
    watch.await.unwrap();
}

#[tokio::test]
async fn what_is_not_kept_is_compressed_all_the_same() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    visitor.get("/contact").await.is(200);
    let reply = ask(&visitor, "/contact", &[("accept-encoding", "br")]).await.is(200);
    assert_eq!(reply.header("content-encoding"), "br");
    assert_eq!(reply.header("cache-control"), "no-store");
}

#[tokio::test]
async fn assets_go_through_the_same_service() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    let address = plinth::web::assets::path("site.css");
    let brotli = ask(&visitor, &address, &[(header::ACCEPT_ENCODING.as_str(), "br")]).await.is(200);
    assert_eq!(brotli.header("content-encoding"), "br");
    assert!(brotli.header("cache-control").contains("immutable"));
    let kept = app.app.pages.bytes();
    for other in ["/static/0123456789abcdef/site.css".to_owned(), address.replace("site.css", "s%69te.css")] {
        let reply = visitor.get(&other).await.is(200);
        assert_eq!(reply.header("cache-control"), "no-store", "{other}");
    }
    assert_eq!(app.app.pages.bytes(), kept, "invented addresses take no room");
    publish_text(&app, app.page_id("/about").await, "A change that no asset minds.").await;
    let misses = app.app.pages.misses();
    visitor.get(&address).await.is(200);
    assert_eq!(app.app.pages.misses(), misses);
}

#[tokio::test]
async fn assets_were_compressed_when_the_program_was_built() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    for name in ["site.css", "admin.css", "admin/copies.js"] {
        let plain = std::fs::read(format!("{}/static/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        let asked = visitor.request(Method::HEAD, &plinth::web::assets::path(name));
        let sent = visitor.send(asked.header("accept-encoding", "zstd").body(Body::empty()).unwrap()).await.is(200);
        // Compressing on use would be quicker and worse.
        assert_eq!(
            sent.header("content-length"),
            zstd::bulk::compress(&plain, 19).unwrap().len().to_string(),
            "{name}"
        );
    }
}
