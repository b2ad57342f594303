//! What may be expensive is bounded: what strangers send, and the page that a text makes.

use std::sync::Arc;

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use bytes::Bytes;
use plinth::{
    model::{actor::Actor, document::content::Content},
    text::markdown::{self, HeadingContext, contents},
    web::stream,
};

use tokio::{sync::mpsc::Sender, task::JoinHandle};

use crate::harness::{PASSWORD, Reply, TestApp, TestUser, publish_version, save_content};

fn form(user: &TestUser, path: &str, body: Body) -> Request<Body> {
    user.request(Method::POST, path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .body(body)
        .unwrap()
}

/// Texts that would cause disproportionate work or pages.
fn hostile() -> [String; 8] {
    [
        format!("{}a", "* ".repeat(195_000)),
        format!("{}a", "1. ".repeat(130_000)),
        format!("{}a", "> ".repeat(190_000)),
        ">".repeat(390_000),
        format!("{}\n\n[^a]: a note", "[^a]".repeat(97_000)),
        "# a\n".repeat(97_000),
        // Rows of two bytes in tables of many columns, and footnotes of one name.
        format!("|{}\n|{}\n{}\n", "a|".repeat(60), "-|".repeat(60), "b\n".repeat(120)).repeat(750),
        format!("{}\n\n{}", "[^a]".repeat(50_000), "[^a]: b\n\n".repeat(20_000)),
    ]
}

#[tokio::test]
async fn a_form_of_many_fields_is_refused_before_and_after_sign_in() {
    let app = TestApp::new().await;
    let fields = "a&".repeat(630_000);
    let (visitor, admin) = (app.visitor(), app.admin().await);
    for path in ["/admin/settings", "/admin/sign-in", "/contact"] {
        let reply = visitor.send(form(&visitor, path, Body::from(fields.clone()))).await;
        assert!(matches!(reply.status.as_u16(), 400 | 413), "{path}: {}", reply.status);
        assert!(reply.text.len() < 50_000, "{path}: {} bytes", reply.text.len());
    }
    for path in ["/admin/pages/new", "/admin/faq/new/preview"] {
        let reply = admin.send(form(&admin, path, Body::from(fields.clone()))).await.is(400);
        reply.says("more fields in this than in any form here");
    }
    // As many as a list with its boxes ticked has.
    let ticked = "id=0&".repeat(300);
    admin.send(form(&admin, "/admin/messages", Body::from(ticked))).await.does_not_say("more fields");
}

#[tokio::test]
async fn a_long_text_comes_back_to_a_user_who_was_signed_out() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    let text = "é".repeat(200_000);
    let fields = [("title", "A title"), ("body", text.as_str()), ("password", "secret words")];
    let reply = visitor.post("/admin/pages/new", &fields).await.is(401);
    reply.says(&text).says("A title").does_not_say("secret words");
    // As many bytes as the largest form has: a text and the other fields.
    let most = 400_000 + 256 * 1024 - "body".len();
    let send = async |length| {
        let body = format!("body={}", "a".repeat(length));
        visitor.send(form(&visitor, "/admin/pages/new", Body::from(body))).await
    };
    send(most).await.is(401);
    send(most + 1).await.is(413);
    let more = "\"".repeat(700_000);
    let reply = visitor.send(form(&visitor, "/admin/pages/new", Body::from(format!("body={more}")))).await.is(413);
    let reply = reply.says("too large to be shown here").says("Go back with your browser");
    assert!(reply.text.len() < 50_000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_network_cannot_hold_all_the_memory_for_forms() {
    let app = Arc::new(TestApp::new().await);
    let mut held = Vec::new();
    for _ in 0..4 {
        held.push(SlowForm::begin(&app, &app.visitor(), "192.0.2.1").await);
    }
    let visitor = app.visitor();
    let refused = visitor.post("/admin/settings", &[("site_name", "Mine")]).await.is(503);
    assert_ne!(refused.header("retry-after"), "");
    visitor.get("/about").await.is(200);
    for slow in held {
        slow.finish().await.is(401).says("Ours");
    }
    visitor.post("/admin/settings", &[("site_name", "Mine")]).await.is(401).says("Mine");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strangers_take_no_place_of_an_editor_whose_session_has_ended() {
    let app = Arc::new(TestApp::with(&["--trusted-proxies", "127.0.0.0/8"]).await);
    let mut held = Vec::new();
    for n in 0..16 {
        held.push(SlowForm::begin(&app, &app.visitor(), &format!("203.0.{}.{}", n % 4, n + 1)).await);
    }
    let typed = [("title", "My title"), ("body", "Written for an hour.")];
    let refused = app.visitor().post("/admin/pages/new", &typed).await.is(503).says("Nothing was saved");
    refused.says("Reload this page in ten seconds").says("go back with your browser");
    let editor = known_editor(&app).await;
    editor.post("/admin/pages/new", &typed).await.is(401).says("Written for an hour.");
    // A change of role or password, which ends sessions, takes the place from nobody; one user does not take all of them.
    let changed = "update users set credential_version = credential_version + 1 where id = $1";
    let tx = plinth::db::transaction::Transaction::begin(&app.app.db).await.unwrap();
    tx.execute(changed, (editor.actor.id.unwrap(),)).await.unwrap();
    tx.commit().await.unwrap();
    for _ in 0..4 {
        held.push(SlowForm::begin(&app, &editor, "192.0.2.1").await);
    }
    editor.post("/admin/pages/new", &typed).await.is(503);
    known_editor(&app).await.post("/admin/pages/new", &typed).await.is(401).says("Written for an hour.");
    for slow in held {
        slow.finish().await.is(401).says("Ours");
    }
}

/// An editor who has signed in and out on the device.
async fn known_editor(app: &TestApp) -> TestUser {
    let editor = app.editor().await;
    editor.post("/admin/sign-in", &[("email", &editor.email), ("password", PASSWORD)]).await.is(303);
    editor.post("/admin/sign-out", &[]).await.is(303);
    editor
}

#[tokio::test]
async fn a_place_is_given_for_a_genuine_and_recent_device_only() {
    let app = Arc::new(TestApp::with(&["--trusted-proxies", "127.0.0.0/8"]).await);
    let mut held = Vec::new();
    for n in 0..16 {
        held.push(SlowForm::begin(&app, &app.visitor(), &format!("203.0.{}.{}", n % 4, n + 1)).await);
    }
    let editor = known_editor(&app).await;
    let id = editor.actor.id.unwrap();
    let genuine = editor.cookies.lock().unwrap().iter().find(|(name, _)| name == "plinth-device").unwrap().1.clone();
    let (signed, place) = genuine.rsplit_once('.').unwrap();
    let (device, signature) = signed.rsplit_once('.').unwrap();
    let post = async |cookie: &str| {
        let visitor = app.visitor();
        visitor.cookies.lock().unwrap().push(("plinth-device".to_owned(), cookie.to_owned()));
        visitor.post("/admin/pages/new", &[("title", "Mine")]).await.status.as_u16()
    };
    let others = genuine.replacen(&format!("{id}."), &format!("{}.", id + 1), 1);
    for forged in
        [signed, &format!("{device}.{signature}.{signature}"), &format!("{device}.{place}."), &others, "", "...."]
    {
        assert_eq!(post(forged).await, 503, "{forged}");
    }
    // The other signature is for the sign-in.
    assert_eq!(post(&format!("{device}..{place}")).await, 401);
    app.app.clock.advance(181 * plinth::clock::DAY);
    assert_eq!(post(&genuine).await, 503);
    drop(held);
}

/// A form of which a part has arrived, so that it holds its place.
struct SlowForm {
    pieces: Sender<plinth::error::Result<Bytes>>,
    sent: JoinHandle<Reply>,
}

impl SlowForm {
    /// Sent by a client at `address`.
    async fn begin(app: &Arc<TestApp>, client: &TestUser, address: &str) -> Self {
        let (pieces, body) = stream::channel();
        let mut request = form(client, "/admin/settings", body);
        request.headers_mut().insert("x-forwarded-for", address.parse().unwrap());
        let app = app.clone();
        let sent = tokio::spawn(async move { app.respond(request).await });
        // Two pieces wait for their reader; the third is taken when there is one.
        for piece in ["site", "_name", "="] {
            pieces.send(Ok(piece.into())).await.unwrap();
        }
        Self { pieces, sent }
    }

    async fn finish(self) -> Reply {
        self.pieces.send(Ok("Ours".into())).await.unwrap();
        drop(self.pieces);
        self.sent.await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_its_client_does_not_take_holds_its_share() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    for path in ["/admin/settings", "/contact"] {
        let sent = || form(&visitor, path, Body::from(format!("body={}", "\"".repeat(200_000))));
        let mut untaken = Vec::new();
        for _ in 0..4 {
            untaken.push(app.router.clone().respond(sent()).await);
        }
        let refused = visitor.send(sent()).await.is(503);
        assert_ne!(refused.header("retry-after"), "");
        drop(untaken);
        visitor.send(sent()).await.says("&quot;&quot;");
    }
    let long = "a".repeat(100_000);
    let fields = [("email", long.as_str()), ("password", ""), ("next", long.as_str())];
    let reply = visitor.post("/admin/sign-in", &fields).await.is(422);
    assert!(reply.text.len() < 50_000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_text_that_would_take_too_much_is_not_saved_and_not_lost() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    for text in hostile() {
        let fields = [("title", "Too much"), ("slug", "too-much"), ("body", text.as_str()), ("do", "save")];
        let reply = editor.post("/admin/pages/new", &fields).await.is(422);
        assert!(
            ["levels deep", "larger than 2 MB", "Shorten the tables"].iter().any(|says| reply.text.contains(says)),
            "{}",
            &text[..20]
        );
        reply.says(&text[..1000].replace('>', "&gt;"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_text_that_was_saved_before_has_a_page_all_the_same() {
    let app = TestApp::new().await;
    let id = app.page_id("/about").await;
    for text in hostile() {
        let write = app.app.write(Actor::system("test")).await.unwrap();
        let begins = text[..10].to_owned();
        let change = |content| Content { body: text, summary: String::new(), ..content };
        let version = save_content(&write, id, change).await;
        publish_version(&write, id, version).await.unwrap();
        write.commit().await.unwrap();
        let page = app.visitor().get("/about").await.is(200);
        assert!(page.text.len() < 3_000_000, "{} bytes of {}", page.text.len(), begins);
        app.editor().await.get(&format!("/admin/pages/{id}/preview")).await.is(200);
    }
}

#[test]
fn nesting_costs_no_more_than_it_shows() {
    for text in hostile() {
        let html = markdown::render(&text, HeadingContext::Page).html;
        assert!(html.len() <= 2_100_000, "{}", html.len());
        assert!(html.matches("<ul>").count() <= 40 && html.matches("<blockquote>").count() <= 40);
        assert!(markdown::plain(&text, 100).chars().count() <= 101);
    }
    let innermost = contents::targets(&format!("{}[a](/a)", "> ".repeat(100_000)));
    assert!(innermost.len() <= 1);
}

#[tokio::test]
async fn an_address_that_only_begins_like_the_admin_area_is_a_page_like_any_other() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    for slug in ["administration", "healthz-explained", "admin-guide"] {
        let fields = [("title", "A page"), ("slug", slug), ("body", "Text."), ("layout", "article"), ("do", "publish")];
        editor.post("/admin/pages/new", &fields).await.is(303);
        let path = format!("/{slug}");
        let before = (app.app.pages.counters.total().hits, app.app.pages.misses());
        assert_ne!(visitor.get(&path).await.is(200).header("etag"), "", "{path} is kept");
        visitor.get(&path).await.is(200);
        let after = (app.app.pages.counters.total().hits, app.app.pages.misses());
        assert_eq!(after, (before.0 + 1, before.1 + 1), "{path}");
    }
    let robots = visitor.get("/robots.txt").await.is(200).says("Disallow: /admin/\n").says("Disallow: /admin$\n");
    robots.does_not_say("Disallow: /admin\n");
    editor.get("/admin/pages").await.says("href=\"/admin/pages\" aria-current=\"true\"");
}
