//! Messages go when their time is over.

use plinth::{
    app::background,
    model::{
        journal,
        message::inbox::{self, Folder},
    },
    text::time::DAY,
};

use crate::{
    contact::{message, send},
    harness::TestApp,
};

async fn count(app: &TestApp) -> i64 {
    inbox::counts(app.app.read()).await.unwrap().of(Folder::All)
}

async fn expired(app: &TestApp) -> Vec<String> {
    let filter = journal::Filter { text: "message.expire".to_owned(), ..Default::default() };
    let entries = journal::list(app.app.read(), &filter, 10).await.unwrap();
    entries.into_iter().map(|entry| format!("{}: {} ({})", entry.actor_name, entry.subject, entry.detail)).collect()
}

async fn set_months(app: &TestApp, months: &str) {
    let write = app.app.write(plinth::model::actor::Actor::system("test")).await.unwrap();
    let sql = "insert into setting (name, value) values ('retention_months', $1) \
               on conflict (name) do update set value = excluded.value";
    write.execute(sql, (months,)).await.unwrap();
    write.record(journal::Entry::new("settings.change", "settings", None, "test"));
    write.commit().await.unwrap();
}

#[tokio::test]
async fn messages_go_after_two_years_and_the_journal_keeps_the_number() {
    let app = TestApp::new().await;
    let first = message(&app, &send(&app, &[]).await).await;
    let editor = app.editor().await;
    editor.post(&format!("/admin/messages/{}/notes", first.id), &[("note", "A note")]).await.is(303);
    send(&app, &[("email", "second@visitor.example")]).await;
    app.app.clock.advance(700 * DAY);
    let young = send(&app, &[]).await;
    background::tick(&app.app).await.unwrap();
    assert_eq!(count(&app).await, 3);
    assert!(expired(&app).await.is_empty());

    app.app.clock.advance(32 * DAY);
    background::tick(&app.app).await.unwrap();
    background::tick(&app.app).await.unwrap();
    assert_eq!(count(&app).await, 1);
    message(&app, &young).await;
    let notes: i64 = app.app.read().value("select count(*) from message_note", ()).await.unwrap();
    assert_eq!(notes, 0);
    assert_eq!(expired(&app).await, ["Plinth (retention): Messages (2 messages older than 24 months)"]);
}

#[tokio::test]
async fn the_settings_say_how_long() {
    let app = TestApp::new().await;
    send(&app, &[]).await;
    app.app.clock.advance(40 * DAY);
    set_months(&app, "2").await;
    background::tick(&app.app).await.unwrap();
    assert_eq!(count(&app).await, 1);
    set_months(&app, "1").await;
    background::tick(&app.app).await.unwrap();
    assert_eq!(count(&app).await, 0);
}

#[tokio::test]
async fn a_setting_that_makes_no_sense_deletes_nothing() {
    let app = TestApp::new().await;
    send(&app, &[]).await;
    app.app.clock.advance(4000 * DAY);
    for months in ["0", "-1", "99999999"] {
        set_months(&app, months).await;
        background::tick(&app.app).await.unwrap();
        assert_eq!(count(&app).await, 1, "{months}");
    }
}
