//! Users are told by e-mail what was changed in how they sign in, and of new devices.

use plinth::{app::mailing, model::actor::Role};

use crate::{
    authenticator::ORIGIN,
    harness::{PASSWORD, TestApp, TestUser},
    mail_notices::work,
    passkeys::add_passkey,
    second_factor::{add_app, between},
    smtp_sink::SmtpSink,
};

/// The one e-mail that has come is to this user, says this and has no link that does anything.
#[track_caller]
fn is_told(sink: &SmtpSink, user: &TestUser, says: &str) {
    let mail = sink.take_one();
    assert_eq!(mail.to, std::slice::from_ref(&user.email), "{says}");
    assert_eq!(mail.header("Auto-Submitted"), "auto-generated");
    assert!(mail.body.contains(says), "“{says}” is not in {}", mail.body);
    assert!(mail.body.contains("tell an administrator") && mail.body.contains(&format!("{ORIGIN}/admin/account")));
    assert!(!mail.body.contains("unsubscribe"));
}

fn at_home(mut who: TestUser) -> TestUser {
    "localhost:3000".clone_into(&mut who.host);
    who
}

#[tokio::test]
async fn users_are_told_what_was_changed_in_how_they_sign_in() {
    let sink = SmtpSink::start().await;
    let options = sink.options();
    let more = ["--public-url", ORIGIN, "--login-limit", "1000"];
    let app = TestApp::with(&options.iter().map(String::as_str).chain(more).collect::<Vec<_>>()).await;
    let (user, admin) = (at_home(app.user(Role::Editor, "Tess Told").await), at_home(app.admin().await));
    add_app(&app, &user).await;
    work(&app).await;
    is_told(&sink, &user, "A code app was added to your account by you");
    user.post("/admin/account/recovery-codes", &[]).await.is(200);
    work(&app).await;
    is_told(&sink, &user, "The recovery codes of your account were replaced by you");
    user.post("/admin/account/code-app/remove", &[]).await.is(303);
    work(&app).await;
    is_told(&sink, &user, "The code app of your account was removed by you");
    add_passkey(&user).await;
    work(&app).await;
    is_told(&sink, &user, "A passkey was added to your account by you");
    let id = between(&user.get("/admin/account").await, "/admin/account/passkeys/", "/remove")[0].clone();
    user.post(&format!("/admin/account/passkeys/{id}/remove"), &[]).await.is(303);
    work(&app).await;
    is_told(&sink, &user, "A passkey was removed from your account by you");
    add_app(&app, &admin).await;
    work(&app).await;
    is_told(&sink, &admin, "A code app was added");
    let other = at_home(app.user(Role::Administrator, "Olga Other").await);
    let remove = format!("/admin/users/{}/factors/remove", admin.actor.id.unwrap());
    other.post(&remove, &[]).await.is(303);
    work(&app).await;
    is_told(&sink, &admin, "Code app, passkeys and recovery codes of your account were removed by Olga Other");

    // What is refused tells nobody, and without the e-mail nothing is changed.
    let change = |present| [("current_password", present), ("password", "copper lantern willow drum")];
    user.post("/admin/account/password", &change("wrong")).await.is(422);
    app.refuse_rows("mail", true).await;
    let failed = user.post("/admin/account/password", &change(PASSWORD)).await;
    assert!(failed.status.is_server_error(), "{}", failed.status);
    app.refuse_rows("mail", false).await;
    work(&app).await;
    assert!(sink.take().is_empty());
    user.post("/admin/account/password", &change(PASSWORD)).await.is(303);
    work(&app).await;
    is_told(&sink, &user, "The password of your account was changed by you");

    // Of the first device nobody is told, of another one once.
    let other = at_home(app.editor().await);
    let [home, phone] = [at_home(app.visitor()), at_home(app.visitor())];
    let typed = [("email", other.email.as_str()), ("password", PASSWORD)];
    home.post("/admin/sign-in", &typed).await.is(303);
    work(&app).await;
    assert!(sink.take().is_empty());
    for who in [&phone, &phone, &home] {
        who.post("/admin/sign-in", &typed).await.is(303);
    }
    work(&app).await;
    is_told(&sink, &other, "signed in with your account on a new device");
}

#[tokio::test]
async fn without_a_mail_server_nothing_is_stored() {
    let app = TestApp::new().await;
    let user = app.editor().await;
    add_app(&app, &user).await;
    user.post("/admin/account/code-app/remove", &[]).await.is(303);
    let typed = [("email", user.email.as_str()), ("password", PASSWORD)];
    for _ in 0..2 {
        app.visitor().post("/admin/sign-in", &typed).await.is(303);
    }
    assert_eq!(app.app.read().value::<i64>("select count(*) from mail", ()).await.unwrap(), 0);
    assert!(!mailing::work(&app.app).await.unwrap());
}
