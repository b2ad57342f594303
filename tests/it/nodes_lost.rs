//! A server that is lost without a word, as when its machine loses power: nobody waits for ever, what was typed is kept, and
//! nothing has to be restarted.

use std::{sync::Arc, time::Duration};

use plinth::{
    clock::HOUR,
    model::{document::record::Document, page::tree},
};
use tempfile::TempDir;
use tokio::time::{Instant, timeout};

use crate::{
    contact,
    harness::{Reply, TestApp},
    nodes::{Site, publish, shows, start, until},
    relay::{Loss, Relay},
};

/// How long anyone may wait for a sentence.
const SENTENCE: Duration = Duration::from_secs(25);

async fn node(relay: &Relay) -> TestApp {
    TestApp::over(Arc::new(TempDir::new().unwrap()), &["--database-url", &relay.url()]).await
}

async fn in_time(what: &str, asked: impl Future<Output = Reply>) -> Reply {
    timeout(SENTENCE, asked).await.unwrap_or_else(|_| panic!("no answer: {what}"))
}

#[tokio::test]
async fn nobody_waits_for_a_server_that_is_silent() {
    let Some(site) = Site::new() else { return };
    let relay = Relay::to(&site.url);
    let app = node(&relay).await;
    let tasks = start(&app, true);
    let (visitor, editor) = (app.visitor(), app.editor().await);
    let token = contact::form_token(&visitor).await;
    visitor.get("/about").await.is(200);
    until(Duration::from_secs(5), "it leads", async || app.app.db.leads()).await;
    relay.lose(Loss::Silent);
    // Visitors who do not wait leave their connections in the middle of a question.
    let impatient = (0..60).map(|number| {
        let visitor = app.visitor();
        async move {
            let path = format!("/nowhere-{number}");
            let _ = timeout(Duration::from_millis(500), visitor.get(&path)).await;
        }
    });
    futures_all(impatient).await;
    visitor.get("/about").await.is(200);
    let mut fields = contact::contact_form(&[("body", "Written while the server was silent.")]);
    fields.push(("form_token", &token));
    let page = [("base", "0"), ("title", "Kept title"), ("slug", "kept"), ("body", "Kept text."), ("do", "")];
    let other = app.visitor();
    let (refused, saved, ready, missing) = tokio::join!(
        in_time("message", visitor.post("/contact", &fields)),
        in_time("page", editor.post("/admin/pages/new", &page)),
        in_time("readyz", async { app.visitor().get("/readyz").await }),
        in_time("read", other.get("/nowhere")),
    );
    let refused = refused.is(503).says("nothing was changed").says("Written while the server was silent.");
    refused.says("zoe@visitor.example").says("Zoë Öztürk").says("<title>Error: ");
    saved.is(503).says("nothing was changed").says("Kept text.");
    ready.is(503);
    missing.is(503);
    until(Duration::from_secs(10), "it does not lead", async || !app.app.db.leads()).await;
    // A finished page is made again after an hour, unless it cannot be.
    app.app.clock.advance(HOUR + 60_000);
    for _ in 0..2 {
        in_time("an old page", visitor.get("/about")).await.is(200);
    }
    relay.come_back();
    let is_ready = async || app.visitor().get("/readyz").await.status == 200;
    until(Duration::from_secs(20), "it is ready again", is_ready).await;
    until(Duration::from_secs(20), "it leads again", async || app.app.db.leads()).await;
    visitor.post("/contact", &fields).await.is(303);
    editor.post("/admin/pages/new", &page).await.is(303);
    tasks.end().await;
    timeout(SENTENCE, app.app.db.close()).await.expect("it closes");
}

async fn futures_all(futures: impl Iterator<Item = impl Future<Output = ()> + Send + 'static>) {
    let mut all = tokio::task::JoinSet::new();
    futures.for_each(|one| drop(all.spawn(one)));
    all.join_all().await;
}

/// The server is lost while a change is committed.
#[tokio::test]
async fn a_change_is_kept_or_refused_when_the_server_is_lost_at_its_commit() {
    let Some(site) = Site::new() else { return };
    let relay = Relay::to(&site.url);
    let app = node(&relay).await;
    let editor = app.editor().await;
    for (number, how) in [Loss::Closed, Loss::Silent, Loss::Split].into_iter().enumerate() {
        let slug = format!("kept-{number}");
        let page = [("base", "0"), ("title", &*slug), ("slug", &*slug), ("body", "Kept text."), ("do", "publish")];
        // As the protocol has it: a statement of so many bytes.
        relay.lose_at("\u{b}commit", 1, how);
        let reply = in_time("commit", editor.post("/admin/pages/new", &page)).await;
        assert!(relay.is_lost(), "{how:?}");
        assert!(reply.status.is_server_error(), "{how:?} {}", reply.text);
        reply.says("Kept text.");
        relay.come_back();
        let is_back = async || app.visitor().get("/readyz").await.status == 200;
        until(Duration::from_secs(20), "the server is back", is_back).await;
        assert_eq!(tree::id_at(app.app.read(), &format!("/{slug}")).await.unwrap(), None, "{how:?}");
        editor.post("/admin/pages/new", &page).await.is(303);
    }
    app.app.db.close().await;
}

/// The network between a node and the server is split while a change of the node is under way: the server does not keep it,
/// and the other nodes go on.
#[tokio::test]
async fn a_node_that_is_cut_off_within_a_change_keeps_nobody_else_waiting() {
    let Some(site) = Site::new() else { return };
    let relay = Relay::to(&site.url);
    let (cut_off, other) = (node(&relay).await, site.node().await);
    let tasks = [start(&cut_off, true), start(&other, true)];
    until(Duration::from_secs(10), "one leads", async || cut_off.app.db.leads() || other.app.db.leads()).await;
    let (editor, there) = (cut_off.editor().await, other.editor().await);
    let page = |slug| [("base", "0"), ("title", slug), ("slug", slug), ("body", "Kept text."), ("do", "publish")];
    // It has the lock by then, and has not stored the text yet.
    relay.lose_at("Kept text.", 1, Loss::Split);
    let mine = page("cut-off");
    let (lost, went_on) = tokio::join!(
        in_time("the node that is cut off", editor.post("/admin/pages/new", &mine)),
        in_time("the other node", async {
            until(Duration::from_secs(20), "it is cut off", async || relay.is_lost()).await;
            there.post("/admin/pages/new", &page("other")).await
        }),
    );
    lost.is(503).says("nothing was changed").says("Kept text.");
    went_on.is(303);
    until(Duration::from_secs(10), "the other node leads", async || other.app.db.leads()).await;
    assert!(!cut_off.app.db.leads(), "one leads at a time");
    relay.come_back();
    let is_ready = async || cut_off.visitor().get("/readyz").await.status == 200;
    until(Duration::from_secs(20), "it is ready again", is_ready).await;
    assert_eq!(tree::id_at(cut_off.app.read(), "/cut-off").await.unwrap(), None);
    assert!(tree::id_at(cut_off.app.read(), "/other").await.unwrap().is_some());
    editor.post("/admin/pages/new", &page("cut-off")).await.is(303);
    for tasks in tasks {
        tasks.end().await;
    }
    cut_off.app.db.close().await;
    other.app.db.close().await;
}

/// What visitors see does not wait for a reader when all of them are busy.
#[tokio::test]
async fn a_change_is_heard_while_all_readers_are_busy() {
    let Some(site) = Site::new() else { return };
    let (one, two) = (site.node().await, site.node().await);
    let tasks = [start(&one, true), start(&two, true)];
    let there = two.visitor();
    there.get("/").await.is(200);
    assert!(two.app.pages.get("/").is_some());
    let mut sleepers = tokio::task::JoinSet::new();
    for _ in 0..40 {
        let app = two.app.clone();
        sleepers.spawn(async move {
            let _: Result<i64, _> = app.read().value("select count(*) from (select pg_sleep(4)) as sleep", ()).await;
        });
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    let since = Instant::now();
    publish(&one, one.page_id("/").await, "Heard at once.").await;
    let heard = async || two.app.pages.get("/").is_none();
    until(Duration::from_secs(1), "it is heard", heard).await;
    assert!(since.elapsed() < Duration::from_secs(3));
    sleepers.join_all().await;
    assert!(shows(&there, "Heard at once.").await);
    for tasks in tasks {
        tasks.end().await;
    }
    one.app.db.close().await;
    two.app.db.close().await;
}

/// A newer program changes a table while statements of this one are prepared.
#[tokio::test]
async fn a_table_that_was_changed_is_read_with_a_new_plan() {
    let Some(site) = Site::new() else { return };
    let app = site.node().await;
    let home = app.page_id("/").await;
    for number in 0..3 {
        assert!(Document::get(app.app.read(), home).await.unwrap().is_live());
        crate::postgres::run(&site.url, format!("alter table document add column note_{number} text"));
    }
    app.app.db.close().await;
}

/// The same within a change: all of it is refused, what was typed is kept, and the next try has a new plan.
#[tokio::test]
async fn a_table_that_was_changed_refuses_one_change_and_takes_the_next() {
    let Some(site) = Site::new() else { return };
    let app = site.node().await;
    let editor = app.editor().await;
    let page = |slug| [("base", "0"), ("title", slug), ("slug", slug), ("body", "Kept text."), ("do", "publish")];
    editor.post("/admin/pages/new", &page("first")).await.is(303);
    for table in ["publication", "revision", "document"] {
        crate::postgres::run(&site.url, format!("alter table {table} add column added text"));
    }
    let refused = editor.post("/admin/pages/new", &page("second")).await;
    refused.is(503).says("nothing was changed").says("Kept text.");
    assert_eq!(tree::id_at(app.app.read(), "/second").await.unwrap(), None);
    let left: i64 = app.app.read().value("select count(*) from revision where title = 'second'", ()).await.unwrap();
    assert_eq!(left, 0, "nothing half done");
    editor.post("/admin/pages/new", &page("second")).await.is(303);
    app.app.db.close().await;
}
