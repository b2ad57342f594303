//! What nodes know of one another: clocks that differ, a machine that was suspended, a check that another node does.

use std::{sync::Mutex, time::Duration};

use plinth::{
    app::background,
    clock::{HOUR, Timestamp},
    model::running_time,
};
use sqlx::{Connection, Executor, PgConnection};

use crate::{
    contact,
    harness::{TestApp, TestUser},
    nodes::{Site, start, until},
};

/// The same browser at another node.
fn at(node: &TestApp, user: &TestUser) -> TestUser {
    let mut there = node.visitor();
    there.cookies = Mutex::new(user.cookies.lock().unwrap().clone());
    there
}

/// Nodes whose clocks differ by a minute, either of which leads.
#[tokio::test]
async fn clocks_may_differ_by_a_minute() {
    let Some(site) = Site::new() else { return };
    for (ahead, number) in [(60_000, "one"), (-60_000, "two")] {
        let (one, two) = (site.portal().await, site.portal().await);
        two.app.clock.jump(ahead);
        let tasks = start(&one, true);
        until(Duration::from_secs(5), "one leads", async || one.app.db.leads()).await;
        let others = start(&two, true);
        let both = async || one.app.db.nodes() == 2 && two.app.db.nodes() == 2;
        until(Duration::from_secs(5), "both are counted", both).await;
        // Sessions, and a form that is sent to both while the leader tidies up.
        let here = one.editor().await;
        let there = at(&two, &here);
        there.get("/admin").await.is(200);
        let title = format!("Once {number}");
        let form = [("base", "0"), ("title", &*title), ("body", "x"), ("do", ""), ("submission", &*title)];
        let first = there.post("/admin/pages/new", &form).await.is(303);
        for node in [&one, &two] {
            background::tick(&node.app).await.unwrap();
        }
        assert_eq!(here.post("/admin/pages/new", &form).await.is(303).location(), first.location());
        // A form of the contact page that one node makes and the other takes.
        for (from, to) in [(&one, &two), (&two, &one)] {
            let token = contact::form_token(&from.visitor()).await;
            for node in [&one, &two] {
                node.app.clock.advance(10_000);
            }
            let name = format!("Zoë {number}");
            let fields = contact::contact_form(&[("name", &name), ("form_token", &token)]);
            let sent = contact::message(to, &contact::reference(&to.visitor().post("/contact", &fields).await)).await;
            assert!(!sent.spam_reasons.contains("three seconds"), "{}", sent.spam_reasons);
            assert!(!sent.spam_reasons.contains("older"), "{}", sent.spam_reasons);
        }
        // The other one leads, and takes its clock for plausible; sessions go on.
        tasks.end().await;
        until(Duration::from_secs(10), "the other leads", async || two.app.db.leads()).await;
        background::tick(&two.app).await.unwrap();
        let judged =
            running_time::observe(&two.app.db, Timestamp(jiff::Timestamp::now().as_millisecond() + ahead)).await;
        assert_eq!(judged.unwrap(), running_time::MachineClock::Plausible);
        here.get("/admin").await.is(200);
        there.get("/admin").await.is(200);
        others.end().await;
        one.app.db.close().await;
        two.app.db.close().await;
    }
}

/// A machine that was suspended has missed time; what the other nodes measured counts.
#[tokio::test]
async fn a_node_that_was_suspended_catches_up() {
    let Some(site) = Site::new() else { return };
    let (one, two) = (site.node().await, site.node().await);
    let tasks = start(&one, true);
    until(Duration::from_secs(5), "one leads", async || one.app.db.leads()).await;
    let others = start(&two, true);
    let editor = one.editor().await;
    let there = at(&two, &editor);
    // Only on one of the machines time has passed.
    one.app.clock.advance(3 * HOUR);
    background::tick(&one.app).await.unwrap();
    there.get("/admin").await.is(200);
    background::tick(&two.app).await.unwrap();
    there.get("/admin").await.is(303);
    tasks.end().await;
    others.end().await;
    one.app.db.close().await;
    two.app.db.close().await;
}

/// The check of the audit log that one node does is shown by all.
#[tokio::test]
async fn a_check_of_the_audit_log_is_known_to_all_nodes() {
    const PATH: &str = "/admin/audit-log/check";
    let Some(site) = Site::new() else { return };
    let (one, two) = (site.node().await, site.node().await);
    let here = one.admin().await;
    let there = at(&two, &here);
    there.get(PATH).await.is(200).does_not_say("Last check");
    here.post_and_follow(PATH, &[]).await.is(200).says("no change found");
    there.get(PATH).await.is(200).says("Last check").says("no change found");
    // One that runs on another node, and one whose node is gone.
    let running = format!(
        "update audit_check set seen_at = {}, ended_at = null, entries = 1234",
        jiff::Timestamp::now().as_millisecond()
    );
    crate::postgres::run(&site.url, running);
    there.get(PATH).await.is(200).says("1,234 entries checked so far");
    here.post_and_follow(PATH, &[]).await.says("running already");
    two.app.clock.advance(5 * 60_000);
    there.get(PATH).await.is(200).says("could not be finished");
    there.post_and_follow(PATH, &[]).await.is(200).says("no change found");
    // One that takes its time says that it goes on.
    let mut holder = PgConnection::connect(&site.url).await.unwrap();
    holder.execute("begin; lock table publication in access exclusive mode").await.unwrap();
    here.post(PATH, &[]).await.is(303);
    there.get(PATH).await.says("could not be finished");
    one.app.clock.advance(5 * 60_000);
    let goes_on = async || there.get(PATH).await.text.contains("entries checked so far");
    until(Duration::from_secs(10), "it goes on", goes_on).await;
    holder.execute("commit").await.unwrap();
    let is_done = async || there.get(PATH).await.text.contains("no change found");
    until(Duration::from_secs(10), "it is done", is_done).await;
    holder.close().await.unwrap();
    one.app.db.close().await;
    two.app.db.close().await;
}
