//! E-mails to users: of messages, as each chose, and of what is theirs.

use axum::{
    body::Body,
    http::{Method, header},
};
use jiff::{Span, tz::TimeZone};
use plinth::{app::mailing, clock::DAY, model::actor::Role};

use crate::{
    contact::send,
    harness::{TestApp, TestUser},
    smtp_sink::{Arrived, Manners, SmtpSink},
};

pub const MINUTE: i64 = 60 * 1000;
const LIST: &str = "/admin/mail";
const CHOICE: &str = "/admin/account/mail";
pub const ORIGIN: &str = "http://127.0.0.1:3000";

/// A portal at noon.
pub async fn portal(sink: &SmtpSink) -> TestApp {
    let options = sink.options();
    let options: Vec<_> = options.iter().map(String::as_str).chain(["--contact-limit", "10000"]).collect();
    let app = TestApp::with(&options).await;
    let until_noon = (DAY + DAY / 2 - app.app.now().0 % DAY) % DAY;
    app.app.clock.advance(until_noon);
    app
}

async fn choose(who: &TestUser, messages: &str, own: &str) {
    who.get(CHOICE).await.is(200).says("E-mails to you");
    who.post_and_follow(CHOICE, &[("messages", messages), ("own_documents", own)])
        .await
        .says("Saved which e-mails you get.");
}

/// Does what is due and sends what waits.
pub async fn work(app: &TestApp) {
    assert!(mailing::work(&app.app).await.unwrap());
}

/// The path of a link in an e-mail.
pub fn path_after(text: &str, begin: &str) -> String {
    let rest = text.split(begin).nth(1).unwrap_or_else(|| panic!("no {begin} in {text}"));
    let token: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_.".contains(*c)).collect();
    format!("{begin}{token}")
}

#[track_caller]
fn is_notice(mail: &Arrived, to: &TestUser) {
    assert_eq!(mail.to, std::slice::from_ref(&to.email));
    assert_eq!(mail.header("Auto-Submitted"), "auto-generated");
    assert!(mail.header("Message-ID").ends_with("@portal.example>"));
    assert!(mail.header("List-Unsubscribe").starts_with(&format!("<{ORIGIN}/admin/unsubscribe/")));
    assert_eq!(mail.header("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
    assert!(mail.header("Content-Type").starts_with("multipart/alternative"), "{}", mail.header("Content-Type"));
    assert!(mail.body.contains("Content-Type: text/plain") && mail.body.contains("Content-Type: text/html"));
    assert!(mail.body.contains(&format!("{ORIGIN}{CHOICE}")));
}

#[tokio::test]
async fn users_hear_of_messages_as_they_chose() {
    let sink = SmtpSink::start().await;
    let app = portal(&sink).await;
    let (one, two, never) = (app.editor().await, app.user(Role::Editor, "Del & Co").await, app.editor().await);
    send(&app, &[("body", "An old one.")]).await;
    choose(&one, "at_once", "yes").await;
    choose(&never, "none", "yes").await;
    one.get(CHOICE).await.says("<option value=\"at_once\" selected>");
    one.post(CHOICE, &[("messages", "hourly")]).await.is(400);
    two.get(CHOICE).await.says("<option value=\"daily\" selected>");
    work(&app).await;
    assert!(sink.take().is_empty(), "what came before nobody has to be told");

    // At once, but a burst is one e-mail more.
    let reference = send(&app, &[("name", "Zoe\r\nBcc: all@visitor.example")]).await;
    app.admin().await.get(LIST).await.says("Notice of new messages").says(&one.email);
    work(&app).await;
    let mail = sink.take_one();
    is_notice(&mail, &one);
    assert!(mail.header("Subject").ends_with(": 1 new message"), "{}", mail.header("Subject"));
    assert!(!mail.headers.iter().any(|line| line.starts_with("Bcc")), "{:?}", mail.headers);
    assert!(mail.body.contains(&reference) && mail.body.contains("Certification of people"), "{}", mail.body);
    assert!(mail.body.contains(&format!("{ORIGIN}/admin/messages/")), "{}", mail.body);
    for personal in ["Zoe", "zoe@visitor.example", "Foundation", "An old one"] {
        assert!(!mail.body.contains(personal), "{personal}: {}", mail.body);
    }
    // Each is sent twenty seconds later.
    for n in 0..25 {
        send(&app, &[("body", &format!("Question {n}, please.")), ("email", &format!("v{n}@visitor.example"))]).await;
        work(&app).await;
    }
    assert!(sink.take().is_empty(), "not within ten minutes");
    app.app.clock.advance(10 * MINUTE);
    work(&app).await;
    let mail = sink.take_one();
    assert!(mail.header("Subject").ends_with(": 25 new messages"), "{}", mail.header("Subject"));
    assert!(mail.body.contains("And 5 more.") && !mail.body.contains(&reference), "{}", mail.body);

    // The next morning, the other one; also when the clock is set back and forth.
    app.app.clock.advance(DAY);
    work(&app).await;
    let mail = sink.take_one();
    is_notice(&mail, &two);
    assert!(mail.header("Subject").ends_with(": 26 new messages"), "{}", mail.header("Subject"));
    assert!(mail.body.contains("Hello Del & Co,"), "plain text is not escaped: {}", mail.body);
    assert!(mail.body.contains("Del &amp; Co"), "HTML is: {}", mail.body);
    for days in [-3, 400, -397] {
        app.app.clock.jump(days * DAY);
        work(&app).await;
        app.app.clock.advance(20 * MINUTE);
        work(&app).await;
    }
    assert!(sink.take().is_empty(), "nothing new");

    // Not to users who have gone, and not of what was read meanwhile.
    send(&app, &[("body", "One more question.")]).await;
    let deactivate = format!("/admin/users/{}/deactivate", one.actor.id.unwrap());
    app.admin().await.post(&deactivate, &[]).await.is(303);
    work(&app).await;
    assert!(sink.take().is_empty());
}

#[tokio::test]
async fn one_click_without_a_session_ends_the_notices() {
    let sink = SmtpSink::start().await;
    let app = portal(&sink).await;
    let editor = app.editor().await;
    choose(&editor, "at_once", "yes").await;
    send(&app, &[]).await;
    work(&app).await;
    let header = sink.take_one().header("List-Unsubscribe").to_owned();
    let link = path_after(&header, "/admin/unsubscribe/");
    let visitor = app.visitor();
    visitor.get(&link).await.is(200).says("send you no more e-mails");
    editor.get(CHOICE).await.says("<option value=\"at_once\" selected>");
    for wrong in [link.replace("messages", "own"), link.replace("unsubscribe/", "unsubscribe/1"), format!("{link}A")] {
        visitor.get(&wrong).await.is(404).says("not complete");
        visitor.post(&wrong, &[("List-Unsubscribe", "One-Click")]).await.is(404);
    }
    editor.get(CHOICE).await.says("<option value=\"at_once\" selected>");
    // As programs for e-mail send it: from nowhere, in parts.
    for _ in 0..2 {
        let request =
            visitor.request(Method::POST, &link).header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
        let parts = "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n";
        visitor.send(request.body(Body::from(parts)).unwrap()).await.is(200).says("sends you no more e-mails");
    }
    editor.get(CHOICE).await.says("<option value=\"none\" selected>").says("name=\"own_documents\"");
    send(&app, &[("body", "Another question.")]).await;
    app.app.clock.advance(DAY);
    work(&app).await;
    assert!(sink.take().iter().all(|mail| mail.to != [editor.email.clone()]));
}

#[tokio::test]
async fn a_mail_server_that_is_down_keeps_no_visitor_waiting() {
    let sink = SmtpSink::start().await;
    let app = portal(&sink).await;
    let editor = app.editor().await;
    choose(&editor, "at_once", "").await;
    sink.behave(Manners::Mute);
    let sending = tokio::spawn({
        let app = app.app.clone();
        async move { while mailing::send_due(&app).await.is_ok_and(|is_up| !is_up) {} }
    });
    for n in 0..5 {
        send(&app, &[("body", &format!("Question {n}, please."))]).await;
    }
    sending.abort();
    assert!(sink.take().is_empty());
    sink.behave(Manners::Polite);
    app.app.clock.advance(10 * MINUTE);
    work(&app).await;
    let mail = sink.take_one();
    assert!(mail.header("Subject").ends_with(": 5 new messages"), "{}", mail.header("Subject"));
}

#[tokio::test]
async fn owners_hear_of_reviews_and_of_schedules_that_failed() {
    let sink = SmtpSink::start().await;
    let app = portal(&sink).await;
    let (owner, deaf) = (app.user(Role::Editor, "Olga Owner").await, app.user(Role::Editor, "Dora Deaf").await);
    choose(&deaf, "none", "").await;
    let day = |days: i64| app.app.now().date(&TimeZone::UTC).saturating_add(Span::new().days(days)).to_string();
    let (due, far) = (day(8), day(12));
    let mut paths = Vec::new();
    for (who, title) in [(&owner, "Mine?"), (&deaf, "Hers?")] {
        let fields = [("title", title), ("body", "Yes."), ("category", "1"), ("review_by", due.as_str())];
        let path = who.post("/admin/faq/new", &fields).await.is(303).location();
        let id = path.rsplit('/').next().unwrap();
        let code = format!("user-{}", who.actor.id.unwrap());
        who.post(&format!("/admin/documents/{id}/owner"), &[("owner", code.as_str()), ("was_owner", "")]).await.is(303);
        let schedule = [("what", "1"), ("date", far.as_str()), ("time", "08:00")];
        who.post(&format!("/admin/documents/{id}/schedules"), &schedule).await.is(303);
        paths.push(path);
    }
    work(&app).await;
    assert!(sink.take().is_empty(), "it is eight days ahead");
    app.app.clock.advance(DAY);
    work(&app).await;
    let mail = sink.take_one();
    is_notice(&mail, &owner);
    assert!(mail.header("Subject").ends_with(": due for review"), "{}", mail.header("Subject"));
    assert!(mail.body.contains("- Mine?, by "), "{}", mail.body);
    assert!(mail.body.contains(&paths[0]) && !mail.body.contains("Hers"), "{}", mail.body);
    for _ in 0..3 {
        app.app.clock.advance(DAY);
        work(&app).await;
    }
    assert!(sink.take().is_empty(), "once");

    // They are gone when their time comes.
    let editor = app.editor().await;
    for path in &paths {
        editor.post(&format!("{path}/delete"), &[]).await.is(303);
    }
    app.app.clock.advance(8 * DAY);
    for _ in 0..2 {
        app.visitor().get("/").await.is(200);
        work(&app).await;
    }
    let mail = sink.take_one();
    is_notice(&mail, &owner);
    assert!(mail.body.contains("was not published as scheduled ("), "{}", mail.body);
}
