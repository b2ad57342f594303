//! Messages are deleted when their time is over: marked first, deleted after days of running time, never by a clock
//! alone.

use crate::{
    admin_settings::save,
    contact::{message, send},
    harness::{Reply, TestApp},
    search::portal,
};
use plinth::{
    app::background,
    clock::DAY,
    model::{
        audit_log,
        message::{
            inbox::{self, MessageFolder},
            record::{self, Message},
            retention,
        },
        running_time,
        settings::Settings,
    },
};

const SCREEN: &str = "/admin/messages/retention";

async fn count(app: &TestApp) -> i64 {
    inbox::counts(app.app.read()).await.unwrap().of(MessageFolder::All)
}

async fn marked(app: &TestApp) -> i64 {
    retention::count_marked(app.app.read()).await.unwrap().count
}

async fn entries(app: &TestApp, action: &str) -> Vec<String> {
    let filter = audit_log::AuditFilter { text: action.to_owned(), ..Default::default() };
    let entries = audit_log::list(app.app.read(), &filter, 10).await.unwrap();
    entries.into_iter().map(|entry| format!("{}: {}", entry.actor_name, entry.detail)).collect()
}

async fn tick(app: &TestApp) {
    background::tick(&app.app).await.unwrap();
}

/// Lets the program run on, then looks what is due.
async fn run_days(app: &TestApp, days: i64) {
    app.run_days(days).await;
    tick(app).await;
}

async fn send_many(app: &TestApp, count: usize) -> Vec<String> {
    let mut references = Vec::new();
    for n in 0..count {
        let email = format!("v{n}@visitor.example");
        references.push(send(app, &[("email", &email), ("body", &format!("Question {n}"))]).await);
    }
    references
}

async fn set_months(app: &TestApp, months: &str) {
    let write = app.app.write(plinth::model::actor::Actor::system("test")).await.unwrap();
    let sql = "insert into setting (name, value) values ('retention_months', $1) \
               on conflict (name) do update set value = excluded.value";
    write.execute(sql, (months,)).await.unwrap();
    write.record(audit_log::AuditEntry::new("settings.change", "settings", None, "test"));
    write.commit().await.unwrap();
}

async fn shorten(app: &TestApp, months: &str, typed: &str) -> Reply {
    save(&app.admin().await, &[("retention_months", months), ("retention_count", typed)]).await
}

async fn get(app: &TestApp, message: &Message) -> Message {
    record::get(app.app.read(), message.id).await.unwrap()
}

#[tokio::test]
async fn a_retention_raised_while_deletion_waits_to_write_keeps_the_messages() {
    let app = TestApp::new().await;
    send(&app, &[]).await;
    run_days(&app, 740).await;
    assert_eq!(marked(&app).await, 1);
    app.run_days(4).await;
    let write = app.app.write(plinth::model::actor::Actor::system("test")).await.unwrap();
    let mut work = tokio::spawn({
        let app = app.app.clone();
        async move { background::tick(&app).await }
    });
    // It cannot end before we let it write.
    assert!(tokio::time::timeout(std::time::Duration::from_millis(300), &mut work).await.is_err());
    let settings = Settings { retention_months: 120, ..Settings::load(&write).await.unwrap() };
    settings.save(&write).await.unwrap();
    write.commit().await.unwrap();
    work.await.unwrap().unwrap();
    assert_eq!((count(&app).await, marked(&app).await), (1, 0));
}

#[tokio::test]
async fn messages_are_marked_after_two_years_and_go_three_days_of_running_time_later() {
    let app = TestApp::new().await;
    let first = message(&app, &send(&app, &[]).await).await;
    let editor = app.editor().await;
    editor.post(&format!("/admin/messages/{}", first.id), &[("do", "note"), ("note", "A note")]).await.is(303);
    send(&app, &[("email", "second@visitor.example")]).await;
    run_days(&app, 700).await;
    let young = send(&app, &[]).await;
    assert_eq!((count(&app).await, marked(&app).await), (3, 0));
    run_days(&app, 32).await;
    assert_eq!((count(&app).await, marked(&app).await), (3, 2));
    assert_eq!(entries(&app, "message.mark").await, ["Plinth (retention): older than 24 months; 2 messages: 2 unread"]);
    let admin = app.admin().await;
    admin.get("/admin").await.says("2 messages are marked for deletion");
    admin.get(&format!("/admin/messages/{}", first.id)).await.says("marked for deletion");

    // Days by the machine's clock alone count for nothing, whatever number of restarts.
    app.app.clock.jump(5 * DAY);
    tick(&app).await;
    assert_eq!(count(&app).await, 3);
    running_time::add(&app.app.db, 3 * DAY - 1).await.unwrap();
    tick(&app).await;
    assert_eq!(count(&app).await, 3);
    running_time::add(&app.app.db, 1).await.unwrap();
    tick(&app).await;
    assert_eq!(count(&app).await, 1);
    message(&app, &young).await;
    let notes: i64 = app.app.read().value("select count(*) from message_note", ()).await.unwrap();
    assert_eq!(notes, 0);
    assert_eq!(entries(&app, "message.expire").await, ["Plinth (retention): 2 messages older than 24 months"]);
}

#[tokio::test]
async fn a_clock_years_ahead_marks_nothing_and_says_so() {
    let app = TestApp::new().await;
    send_many(&app, 3).await;
    tick(&app).await;
    let before = app.app.now();
    app.app.clock.jump(1100 * DAY);
    // Visitors and users continue meanwhile: what they store must not make the clock plausible.
    send(&app, &[("email", "meanwhile@visitor.example")]).await;
    tick(&app).await;
    tick(&app).await;
    assert_eq!((count(&app).await, marked(&app).await), (4, 0));
    assert_eq!(entries(&app, "message.pause_deletion").await.len(), 1, "said once");
    let admin = app.admin().await;
    for screen in ["/admin", "/admin/settings", SCREEN] {
        admin.get(screen).await.is(200).says("Deletion of old messages is paused").says("clock");
    }
    let year = before.long(&jiff::tz::TimeZone::UTC);
    admin.get(SCREEN).await.says(year.split(',').next().unwrap());

    app.app.clock.jump(-1100 * DAY);
    tick(&app).await;
    assert_eq!((count(&app).await, marked(&app).await), (4, 0));
    assert_eq!(entries(&app, "message.resume_deletion").await.len(), 1);
    app.admin().await.get("/admin").await.does_not_say("is paused");
}

#[tokio::test]
async fn a_clock_that_is_ahead_at_the_first_start_marks_nothing() {
    let app = TestApp::new().await;
    send(&app, &[]).await;
    app.app.clock.jump(800 * DAY);
    tick(&app).await;
    assert_eq!((count(&app).await, marked(&app).await), (1, 0));
}

#[tokio::test]
async fn marks_are_withdrawn_when_the_clock_is_right_again_or_the_setting_is_raised() {
    let app = TestApp::new().await;
    send(&app, &[]).await;
    set_months(&app, "1").await;
    run_days(&app, 28).await;
    app.app.clock.jump(6 * DAY);
    tick(&app).await;
    assert_eq!(marked(&app).await, 1);
    app.app.clock.jump(-6 * DAY);
    tick(&app).await;
    assert_eq!(marked(&app).await, 0);
    assert_eq!(entries(&app, "message.unmark").await, ["Plinth (retention): 1 message"]);
    app.app.clock.jump(6 * DAY);
    tick(&app).await;
    assert_eq!(marked(&app).await, 1);
    shorten(&app, "2", "").await.is(303);
    tick(&app).await;
    assert_eq!(marked(&app).await, 0);
    running_time::add(&app.app.db, 30 * DAY).await.unwrap();
    tick(&app).await;
    assert_eq!(count(&app).await, 1);
}

#[tokio::test]
async fn a_message_from_a_time_when_the_clock_was_behind_is_not_old() {
    let app = TestApp::new().await;
    tick(&app).await;
    app.app.clock.jump(-5000 * DAY);
    tick(&app).await;
    let reference = send(&app, &[]).await;
    app.app.clock.jump(5000 * DAY);
    running_time::add(&app.app.db, 10 * DAY).await.unwrap();
    tick(&app).await;
    assert_eq!(marked(&app).await, 0);
    message(&app, &reference).await;
    assert_eq!(entries(&app, "message.resume_deletion").await.len(), 1, "the clock is believed again");
}

#[tokio::test]
async fn an_unusual_share_waits_for_an_administrator() {
    let app = TestApp::with(&["--contact-limit", "1000"]).await;
    send_many(&app, 21).await;
    run_days(&app, 735).await;
    assert_eq!((count(&app).await, marked(&app).await), (21, 0));
    assert_eq!(entries(&app, "message.pause_deletion").await, ["Plinth (retention): 21 messages would go at once"]);
    let (admin, editor) = (app.admin().await, app.editor().await);
    admin.get("/admin").await.says("Deletion of old messages is paused").says(SCREEN);
    editor.get("/admin").await.says("Deletion of old messages is paused").does_not_say(SCREEN);
    editor.get(SCREEN).await.is(403);
    editor.post(SCREEN, &[("count", "21")]).await.is(403);
    admin.get(SCREEN).await.is(200).says("21 messages: 21 unread").says("/admin/messages/export");
    for wrong in ["", "20", "all"] {
        admin.post(SCREEN, &[("count", wrong)]).await.is(422).says("Type 21");
    }
    // Other settings are saved without a question: they delete nothing more.
    save(&admin, &[("tagline", "Another tagline"), ("retention_months", "24")]).await.is(303);
    admin.post_and_follow(SCREEN, &[("count", "21")]).await.is(200).says("will be marked for deletion");
    tick(&app).await;
    assert_eq!((count(&app).await, marked(&app).await), (21, 21));
    running_time::add(&app.app.db, 3 * DAY).await.unwrap();
    tick(&app).await;
    assert_eq!(count(&app).await, 0);
    assert_eq!(entries(&app, "message.confirm_deletion").await, ["Ada Admin: 21 messages: 21 unread"]);
}

#[tokio::test]
async fn an_administrator_can_say_that_the_clock_is_right() {
    let app = TestApp::new().await;
    send(&app, &[]).await;
    tick(&app).await;
    app.app.clock.jump(800 * DAY);
    tick(&app).await;
    assert_eq!(marked(&app).await, 0);
    let admin = app.admin().await;
    admin.post(SCREEN, &[("count", "1")]).await.is(303);
    tick(&app).await;
    assert_eq!(marked(&app).await, 1);
    admin.get("/admin").await.does_not_say("is paused");
}

#[tokio::test]
async fn shortening_asks_for_the_number_and_waits_a_day() {
    let app = TestApp::with(&["--contact-limit", "1000"]).await;
    let references = send_many(&app, 30).await;
    let first = message(&app, &references[0]).await;
    app.editor()
        .await
        .post(&format!("/admin/messages/{}", first.id), &[("do", "open"), ("expected_version", "1")])
        .await
        .is(303);
    run_days(&app, 40).await;
    let fresh = message(&app, &send(&app, &[]).await).await;

    let asked = shorten(&app, "1", "").await.is(422).says("30 messages: 29 unread, 1 open").says("Type 30");
    let asked = asked.says("Nothing is saved yet").does_not_say("There is a problem").does_not_say("<title>Error");
    asked
        .says("/admin/messages/export")
        .says("name=\"retention_count\"")
        .says("name=\"site_name\" required value=\"Portal of Tests\"");
    shorten(&app, "1", "29").await.is(422).says("There is a problem").says("Type 30 to delete these messages");
    assert_eq!(Settings::load(app.app.read()).await.unwrap().retention_months, 24);
    shorten(&app, "1", "30").await.is(303);
    let admin = app.admin().await;
    admin.get("/admin/settings").await.says("30 messages: 29 unread, 1 open");
    tick(&app).await;
    running_time::add(&app.app.db, DAY - 1).await.unwrap();
    tick(&app).await;
    assert_eq!(marked(&app).await, 0);
    assert!(entries(&app, "message.pause_deletion").await.is_empty(), "the number was agreed to");

    // Within that day it can be undone.
    shorten(&app, "12", "").await.is(303);
    running_time::add(&app.app.db, DAY).await.unwrap();
    tick(&app).await;
    assert_eq!(marked(&app).await, 0);

    shorten(&app, "1", "30").await.is(303);
    running_time::add(&app.app.db, DAY).await.unwrap();
    tick(&app).await;
    assert_eq!(marked(&app).await, 30);
    assert_eq!(get(&app, &fresh).await.delete_after, None);
    running_time::add(&app.app.db, 3 * DAY).await.unwrap();
    tick(&app).await;
    assert_eq!(count(&app).await, 1);
}

#[tokio::test]
async fn shortening_by_an_import_waits_and_asks_as_well() {
    let app = TestApp::with(&["--contact-limit", "1000"]).await;
    send_many(&app, 25).await;
    run_days(&app, 40).await;
    let write = app.app.write(plinth::model::actor::Actor::system("command line")).await.unwrap();
    let settings = Settings { retention_months: 1, ..Settings::load(app.app.read()).await.unwrap() };
    settings.save(&write).await.unwrap();
    write.commit().await.unwrap();
    tick(&app).await;
    running_time::add(&app.app.db, 2 * DAY).await.unwrap();
    tick(&app).await;
    assert_eq!(marked(&app).await, 0);
    app.admin().await.get(SCREEN).await.says("25 messages: 25 unread");
}

#[tokio::test]
async fn a_setting_that_makes_no_sense_deletes_nothing() {
    let app = TestApp::new().await;
    send(&app, &[]).await;
    set_months(&app, "0").await;
    run_days(&app, 800).await;
    for months in ["0", "-1", "99999999"] {
        set_months(&app, months).await;
        tick(&app).await;
        assert_eq!((count(&app).await, marked(&app).await), (1, 0), "{months}");
    }
}

#[tokio::test]
async fn counts_of_searches_outlive_a_clock_that_leaps() {
    let app = portal().await;
    app.visitor().get("/search?q=foundation").await.is(200);
    tick(&app).await;
    let terms = async || app.app.read().value::<i64>("select count(*) from search_term", ()).await.unwrap();
    assert_eq!(terms().await, 1);
    app.app.clock.jump(1100 * DAY);
    tick(&app).await;
    assert_eq!(terms().await, 1);
}

#[tokio::test]
async fn a_small_inbox_is_not_emptied_unasked() {
    let app = TestApp::with(&["--contact-limit", "1000"]).await;
    send_many(&app, 12).await;
    run_days(&app, 735).await;
    assert_eq!((count(&app).await, marked(&app).await), (12, 0));
    assert_eq!(entries(&app, "message.pause_deletion").await, ["Plinth (retention): 12 messages would go at once"]);
    // Half of them are nothing unusual, nor are a few.
    send_many(&app, 12).await;
    tick(&app).await;
    assert_eq!(marked(&app).await, 12);
}
