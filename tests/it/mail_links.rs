//! One-time links in e-mails: invitations and new passwords, by an administrator and asked for at the sign-in.

use plinth::{app::mailing, clock::DAY, model::actor::Role};

use crate::{
    harness::{PASSWORD, TestApp, TestUser},
    mail_notices::{MINUTE, path_after, portal, work},
    smtp_sink::SmtpSink,
};

const HOUR: i64 = DAY / 24;
const LIST: &str = "/admin/mail";
const FORGOTTEN: &str = "/admin/forgotten-password";
const LINK: &str = "/admin/invitations/";

fn link(text: &str) -> String {
    path_after(text, LINK)
}

/// An administrator who has given their password a moment ago.
async fn admin(app: &TestApp) -> TestUser {
    app.admin().await
}

#[tokio::test]
async fn an_invitation_is_sent_and_no_secret_is_stored_or_shown() {
    let sink = SmtpSink::start().await;
    let app = portal(&sink).await;
    let first = admin(&app).await;
    first.get("/admin/users/new").await.is(200).says("and another one is sent to their address");
    let fields = [("name", "Ivy\r\nBcc: x@visitor.example"), ("email", "ivy@portal.example"), ("role", "editor")];
    let shown = first.post("/admin/users", &fields).await.is(200).says("A link is sent to ivy@portal.example, too.");
    let shown = link(&shown.text);
    first.get(LIST).await.says("One-time link").says("ivy@portal.example").does_not_say(LINK);
    let address = sink.stop().await;
    assert!(!mailing::send_due(&app.app).await.unwrap());
    first.get(LIST).await.says(">Waiting<").does_not_say(LINK);
    app.visitor().get(&shown).await.is(200);

    let sink = SmtpSink::at(address).await;
    app.app.clock.advance(HOUR);
    work(&app).await;
    let first = admin(&app).await;
    let mail = sink.take_one();
    assert_eq!((mail.to.clone(), mail.header("List-Unsubscribe")), (vec!["ivy@portal.example".to_owned()], ""));
    assert_eq!(mail.header("Auto-Submitted"), "auto-generated");
    assert!(!mail.headers.iter().any(|line| line.starts_with("Bcc")), "{:?}", mail.headers);
    first.get(LIST).await.says("Nothing waits");
    first.get("/admin/system").await.says("0 e-mails wait. The last one was sent ").does_not_say("None was sent");
    let sent = link(&mail.body);
    assert_ne!(sent, shown);
    for path in [&shown, &sent] {
        app.visitor().get(path).await.is(200).says("Accept your invitation");
    }
    app.visitor().post(&sent, &[("name", "Ivy"), ("password", PASSWORD)]).await.is(303);
    for path in [&shown, &sent] {
        app.visitor().get(path).await.is(410);
    }

    // A new link ends those that wait; one that is late is not sent.
    let ivy = first.get("/admin/users?q=ivy").await.text;
    let ids = ivy.split("/admin/users/").map(|rest| rest.chars().take_while(char::is_ascii_digit).collect::<String>());
    let id = ids.skip(1).find(|id| !id.is_empty()).unwrap();
    for _ in 0..2 {
        first.post(&format!("/admin/users/{id}/link"), &[]).await.is(200).says("choose a new password");
    }
    assert_eq!(first.get(LIST).await.text.matches("One-time link</a>").count(), 1);
    app.app.clock.advance(2 * HOUR);
    work(&app).await;
    assert!(sink.take().is_empty());
    let first = admin(&app).await;
    first.get(LIST).await.says(">Failed<").says("make a new link");
    first.post(&format!("/admin/users/{id}/link"), &[]).await.is(200);
    first.post(&format!("/admin/users/{id}/deactivate"), &[]).await.is(303);
    first.get(LIST).await.says("Nothing waits");
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_by_mail_and_nothing_tells_who_has_an_account() {
    let sink = SmtpSink::start().await;
    let app = portal(&sink).await;
    let (user, gone) = (app.user(Role::Editor, "Fay Forgetful").await, app.editor().await);
    let first = admin(&app).await;
    first.post(&format!("/admin/users/{}/deactivate", gone.actor.id.unwrap()), &[]).await.is(303);
    app.visitor().get("/admin/sign-in").await.says(&format!("href=\"{FORGOTTEN}\""));
    app.visitor().get(FORGOTTEN).await.is(200).says("Send me a link");
    app.visitor().post(FORGOTTEN, &[("email", "fay at home")]).await.is(422).says("value=\"fay at home\"");
    let evil = "x@visitor.example\r\nBcc: y@visitor.example";
    app.visitor().post(FORGOTTEN, &[("email", evil)]).await.is(422);

    // The same answer and the same row for one that there is, one that there is not, and one that is closed.
    let mut answers = Vec::new();
    for email in [user.email.as_str(), "nobody@portal.example", gone.email.as_str()] {
        let reply = app.visitor().post(FORGOTTEN, &[("email", email)]).await.is(303);
        answers.push((reply.location(), app.visitor().get(&reply.location()).await.is(200).text.len()));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    first.get(LIST).await.says("Nothing waits").does_not_say("nobody@portal.example");
    work(&app).await;
    let mail = sink.take_one();
    assert_eq!(mail.to, std::slice::from_ref(&user.email));
    let old = link(&mail.body);

    // The newest link counts, and the address may be typed in capitals.
    app.visitor().post(FORGOTTEN, &[("email", &user.email.to_uppercase())]).await.is(303);
    work(&app).await;
    let new = link(&sink.take_one().body);
    app.visitor().get(&old).await.is(410);
    user.get("/admin").await.is(200);
    let reply = app.visitor().post(&new, &[("password", "copper lantern willow drum")]).await.is(303);
    assert_eq!(reply.location(), "/admin");
    app.visitor().get(&new).await.is(410);
    user.get("/admin").await.is(303);

    // A third one, and then no more within the hour; for others it is the same.
    app.visitor().post(FORGOTTEN, &[("email", &user.email)]).await.is(303);
    for email in [user.email.as_str(), "nobody@portal.example"] {
        for _ in 0..2 {
            let reply = app.visitor().post(FORGOTTEN, &[("email", email)]).await;
            assert!(reply.status == 303 || reply.says("Several links were asked for").status == 429);
        }
        app.visitor().post(FORGOTTEN, &[("email", email)]).await.is(429).says("try again");
    }
    work(&app).await;
    let mut arrived: Vec<_> = sink.take().into_iter().map(|mail| mail.body).collect();
    arrived.sort_by_key(|body| body.contains(LINK));
    assert!(arrived[0].contains("password of your account was changed by you"), "{arrived:?}");
    assert_eq!(arrived.len(), 2, "{arrived:?}");
    let third = link(&arrived[1]);

    // Another role ends it, and one that is sent late is none.
    let role = format!("/admin/users/{}/role", user.actor.id.unwrap());
    app.visitor().get(&third).await.is(200);
    first.post(&role, &[("role", "administrator"), ("was_role", "editor")]).await.is(303);
    app.visitor().get(&third).await.is(410);
    let address = sink.stop().await;
    app.app.clock.advance(HOUR);
    app.visitor().post(FORGOTTEN, &[("email", &user.email)]).await.is(303);
    assert!(!mailing::send_due(&app.app).await.unwrap());
    admin(&app).await.get(LIST).await.says("Link for a new password").says(&user.email);
    let sink = SmtpSink::at(address).await;
    app.app.clock.advance(2 * HOUR);
    work(&app).await;
    assert!(sink.take().is_empty());
}

#[tokio::test]
async fn without_a_mail_server_administrators_pass_links_on() {
    let app = TestApp::new().await;
    let first = admin(&app).await;
    app.visitor().get("/admin/sign-in").await.says("ask an administrator").does_not_say(FORGOTTEN);
    app.visitor().get(FORGOTTEN).await.is(200).says("sends no e-mail").does_not_say("Send me a link");
    app.visitor().post(FORGOTTEN, &[("email", "ed@portal.example")]).await.is(400);
    let fields = [("name", "Ivy"), ("email", "ivy@portal.example"), ("role", "editor")];
    first.post("/admin/users", &fields).await.is(200).says(LINK).does_not_say("A link is sent to");
    app.app.clock.advance(MINUTE);
    first.get(LIST).await.says("Nothing waits");
}
