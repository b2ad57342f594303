//! The user's own account: name and password.

use crate::harness::{PASSWORD, TestApp};
use plinth::state::login_attempts::LIMIT;

const NEW: &str = "copper lantern willow drum";
const ADDRESS: &str = "/admin/account/password";

#[tokio::test]
async fn a_name_is_changed() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    editor.get("/admin/account").await.is(200).says("Edith Editor").says(&editor.email);
    editor.post("/admin/account", &[("name", " ")]).await.is(422).says("Enter a name of 1 to 100 characters");
    let long = "x".repeat(101);
    editor.post("/admin/account", &[("name", &long)]).await.is(422).says(&long);
    editor
        .post_and_follow("/admin/account", &[("was_name", "Edith Editor"), ("name", " Edith   Eve ")])
        .await
        .is(200)
        .says("value=\"Edith Eve\"");
    editor.post_and_follow("/admin/account", &[("name", "Edith Eve")]).await.is(200);
    let entries: i64 =
        app.app.read().value("select count(*) from audit_log where action = 'user.rename'", ()).await.unwrap();
    assert_eq!(entries, 1, "saving the same name again changes nothing");
}

#[tokio::test]
async fn a_password_is_changed_and_other_sessions_end() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let elsewhere = app.visitor();
    let fields = [("email", editor.email.as_str()), ("password", PASSWORD)];
    elsewhere.post("/admin/sign-in", &fields).await.is(303);
    elsewhere.get("/admin/account").await.is(200);

    let wrong = [("current_password", "wrong"), ("password", NEW)];
    editor.post(ADDRESS, &wrong).await.is(422).says("not your present password").does_not_say(NEW);
    let weak = [("current_password", PASSWORD), ("password", "edith editor 1")];
    editor.post(ADDRESS, &weak).await.is(422).says("know about you").does_not_say(PASSWORD);
    elsewhere.get("/admin/account").await.is(200);

    let good = [("current_password", PASSWORD), ("password", NEW)];
    editor.post_and_follow(ADDRESS, &good).await.is(200).says("Your password was changed");
    elsewhere.get("/admin/account").await.is(303);
    elsewhere.post("/admin/sign-in", &fields).await.is(422);
    elsewhere.post("/admin/sign-in", &[("email", &editor.email), ("password", NEW)]).await.is(303);
}

#[tokio::test]
async fn the_present_password_cannot_be_guessed_in_an_open_session() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let wrong = [("current_password", "wrong"), ("password", NEW)];
    for _ in 0..LIMIT {
        editor.post(ADDRESS, &wrong).await.is(422);
    }
    let right = [("current_password", PASSWORD), ("password", NEW)];
    editor.post(ADDRESS, &right).await.is(429).says("Try again in 6 minutes");
    // The allowance of the sign-in is a separate one.
    let fields = [("email", editor.email.as_str()), ("password", PASSWORD)];
    app.visitor().post("/admin/sign-in", &fields).await.is(303);
}
