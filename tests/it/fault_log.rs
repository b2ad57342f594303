//! A storage that fails is told in the log once, and then at most once a minute with a count, however many meet it.

use plinth::app::background;

use crate::{
    contact::CONTACT_FORM,
    harness::{PASSWORD, TestApp},
    log::Log,
};

const MINUTE: i64 = 60_000;

#[tokio::test]
async fn a_full_disk_is_told_once_and_then_once_a_minute() {
    let app = TestApp::with(&["--contact-limit", "10000"]).await.in_this_thread();
    let email = app.editor().await.email;
    let (log, _guard) = Log::begin();
    let lines = |what: &str| -> Vec<String> {
        log.text().lines().filter(|line| line.contains(what)).map(str::to_owned).collect()
    };
    let fail = async || {
        app.refuse_rows("message", true).await;
        for _ in 0..20 {
            app.visitor().post("/contact", &CONTACT_FORM).await.is(503);
        }
        app.refuse_rows("message", false).await;
        for _ in 0..3 {
            app.fail_next_write().await;
            app.visitor().post("/admin/sign-in", &[("email", &email), ("password", PASSWORD)]).await.is(503);
        }
    };
    fail().await;
    let (messages, users) = ("a message could not be stored", "a user cannot sign in");
    assert_eq!((lines(messages).len(), lines(users).len()), (1, 1), "{}", log.text());
    app.app.clock.advance(MINUTE);
    fail().await;
    assert!(lines(messages)[1].contains("more=19"), "{:?}", lines(messages));
    assert_eq!((lines(messages).len(), lines(users).len()), (2, 2));
    // Those of the last minute are told when it is over, although nothing fails any more.
    app.app.clock.advance(MINUTE);
    background::tick(&app.app).await.unwrap();
    assert!(lines(messages)[2].contains("more=20"), "{:?}", lines(messages));
    app.app.clock.advance(MINUTE);
    background::tick(&app.app).await.unwrap();
    assert_eq!((lines(messages).len(), lines(users).len()), (3, 3));
    // Another failure later is new.
    app.refuse_rows("message", true).await;
    app.visitor().post("/contact", &CONTACT_FORM).await.is(503);
    assert_eq!(lines(messages).len(), 4);
}

#[tokio::test]
async fn requests_that_fail_for_one_reason_have_one_line() {
    let app = TestApp::new().await.in_this_thread();
    let editor = app.editor().await;
    let (log, _guard) = Log::begin();
    let page = [("title", "A page"), ("slug", "a-page"), ("body", "Text."), ("layout", "article"), ("do", "save")];
    for _ in 0..5 {
        app.fail_next_write().await;
        editor.post("/admin/pages/new", &page).await.is(503).says("Text.");
    }
    assert_eq!(log.text().matches("a request failed").count(), 1, "{}", log.text());
}
