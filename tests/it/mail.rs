//! Answers that are sent as e-mails: to a mail server that works, that is down, and that behaves badly.

use plinth::{app::mailing, model::message::status::MessageStatus};

use crate::{
    admin_messages::{audit_log, expected_version, path},
    contact::{message, send},
    harness::{Reply, TestApp, TestUser},
    smtp_sink::{Manners, SmtpSink},
};

const MINUTE: i64 = 60 * 1000;
const LIST: &str = "/admin/mail";

async fn portal(sink: &SmtpSink) -> TestApp {
    let options = sink.options();
    TestApp::with(&options.each_ref().map(String::as_str)).await
}

/// Presses “Send as an e-mail” at a message.
async fn answer(who: &TestUser, path: &str, text: &str) -> Reply {
    let version = expected_version(&who.get(path).await.is(200));
    who.post(path, &[("expected_version", &version), ("do", "send"), ("answer", text)]).await
}

/// The path of a message that was answered; the answer waits.
async fn answered(app: &TestApp, who: &TestUser) -> String {
    let path = path(&message(app, &send(app, &[]).await).await);
    answer(who, &path, "Professional.").await.is(303);
    path
}

/// Gives whether the server takes e-mails.
async fn deliver(app: &TestApp) -> bool {
    mailing::send_due(&app.app).await.unwrap()
}

#[tokio::test]
async fn a_message_is_answered_by_mail_and_the_thread_is_kept() {
    let sink = SmtpSink::start().await;
    let app = portal(&sink).await;
    let (editor, admin) = (app.editor().await, app.admin().await);
    let reference = send(&app, &[]).await;
    let path = path(&message(&app, &reference).await);
    editor.get(&path).await.says("Send as an e-mail").does_not_say("sends no e-mail");

    let text = "Dear Zoë,\r\n.\r\nProfessional & more.";
    let reply = answer(&editor, &path, text).await.is(303);
    assert_eq!(reply.location(), path);
    editor.get(&path).await.says("The answer is on its way.").says(">Waiting<");
    assert_eq!(message(&app, &reference).await.status, MessageStatus::Unread, "it was not sent yet");
    admin.get(LIST).await.is(200).says(&reference).says("zoe@visitor.example").does_not_say("Professional &amp; more");

    assert!(deliver(&app).await);
    let first = sink.take_one();
    assert_eq!(
        (first.from.as_str(), first.to.as_slice()),
        ("portal@portal.example", &["zoe@visitor.example".to_owned()][..])
    );
    assert_eq!(first.header("From"), "\"The portal\" <portal@portal.example>");
    assert!(first.header("To").ends_with(" <zoe@visitor.example>"), "{}", first.header("To"));
    assert_eq!(first.header("Subject"), format!("ISO 20000 Certification Portal: your message {reference}"));
    assert!(first.header("Message-ID").ends_with("@portal.example>"));
    assert!(!first.header("Date").is_empty());
    assert_eq!((first.header("In-Reply-To"), first.header("Auto-Submitted")), ("", ""));
    let said = "Dear Zoë,\r\n.\r\nProfessional & more.\r\n\r\n";
    assert!(first.body.starts_with(said), "{}", first.body);
    assert!(first.body.contains("Zoë Öztürk:\r\n> Which level comes\r\n> after Foundation?\r\n"), "{}", first.body);

    let screen =
        editor.get(&path).await.says(">Sent<").says("Sent by <bdi>Edith Editor</bdi>").does_not_say(">Waiting<");
    let stored = message(&app, &reference).await;
    assert_eq!((stored.status, stored.answered_by.as_str()), (MessageStatus::Answered, "Edith Editor"));
    admin.get(LIST).await.says("Nothing waits");
    assert!(deliver(&app).await && sink.take().is_empty(), "it is sent once");
    assert_eq!(audit_log(&app, "message.send_answer").await, [format!("Edith Editor {reference} ()")]);
    assert_eq!(audit_log(&app, "message.deliver_answer").await.len(), 1);

    // A double click, and another answer.
    let version = expected_version(&screen);
    let form = [("expected_version", version.as_str()), ("do", "send"), ("answer", "And one more thing.")];
    let (one, two) = tokio::join!(editor.post(&path, &form), admin.post(&path, &form));
    assert_eq!([one.status.as_u16(), two.status.as_u16()].iter().sum::<u16>(), 303 + 409);
    answer(&editor, &path, "And one more thing.").await.is(409).says("waits to be sent already");
    deliver(&app).await;
    let second = sink.take_one();
    assert_eq!(second.header("In-Reply-To"), first.header("Message-ID"));
    assert_eq!(second.header("References"), first.header("Message-ID"));
    assert_ne!(second.header("Message-ID"), first.header("Message-ID"));
    assert!(second.header("Subject").starts_with("Re: "));
    let screen = editor.get(&path).await.says("Earlier answer:");
    assert_eq!(screen.text.matches(">Sent<").count(), 2);
}

#[tokio::test]
async fn what_a_server_that_is_down_did_not_get_is_sent_later() {
    let sink = SmtpSink::start().await;
    let app = portal(&sink).await;
    let (editor, admin) = (app.editor().await, app.admin().await);
    let path = answered(&app, &editor).await;
    let address = sink.stop().await;
    assert!(!deliver(&app).await);
    admin.get(LIST).await.says(">Waiting<").says("cannot be reached").says("Tried 1 time.").says("Next try");
    editor.get(&path).await.says(">Waiting<").says("cannot be reached");
    admin.get("/admin").await.does_not_say("could not be sent");

    let sink = SmtpSink::at(address).await;
    assert!(deliver(&app).await && sink.take().is_empty(), "not before its time");
    app.app.clock.advance(MINUTE);
    assert!(deliver(&app).await);
    assert!(sink.take_one().body.starts_with("Professional."));
    editor.get(&path).await.says(">Sent<");

    // An administrator need not wait.
    let path = answered(&app, &editor).await;
    let address = sink.stop().await;
    deliver(&app).await;
    let sink = SmtpSink::at(address).await;
    let again = admin
        .get(LIST)
        .await
        .text
        .split("action=\"")
        .find_map(|rest| rest.split_once("/send\"").map(|(id, _)| id.to_owned()));
    admin.post_and_follow(&format!("{}/send", again.unwrap()), &[]).await.says("is sent again");
    deliver(&app).await;
    sink.take_one();
    editor.get(&path).await.says(">Sent<");
}

#[tokio::test]
async fn a_server_that_behaves_badly_is_waited_for_no_longer_than_is_set() {
    let sink = SmtpSink::start().await;
    let app = portal(&sink).await;
    let path = answered(&app, &app.editor().await).await;
    for (manners, said) in [
        (Manners::Mute, "did not take the e-mail within 1 second."),
        (Manners::Slow, "did not take the e-mail within 1 second."),
        (Manners::MuteAtTheEnd, "did not take the e-mail within 1 second."),
        (Manners::Busy, "does not take the e-mail now: 451 4.3.0 Try again later."),
    ] {
        sink.behave(manners);
        deliver(&app).await;
        app.admin().await.get(LIST).await.says(">Waiting<").says(said);
        assert!(sink.take().is_empty());
        app.app.clock.advance(60 * MINUTE);
    }
    let (editor, admin) = (app.editor().await, app.admin().await);
    sink.behave(Manners::Refusing);
    assert!(deliver(&app).await, "only this e-mail is refused");
    admin.get(LIST).await.says(">Failed<").says("refused the e-mail: 550 5.1.1 No such user here.");
    admin.get("/admin").await.says("e-mail that could not be sent");
    editor.get("/admin").await.does_not_say("could not be sent");
    editor.get(&path).await.says(">Failed<").says("No such user here").says("Send as an e-mail").says("not sent yet");
    editor.get(LIST).await.is(403);
    app.app.clock.advance(24 * 60 * MINUTE);
    deliver(&app).await;
    assert!(sink.take().is_empty(), "what failed is not tried again");
    let (editor, admin) = (app.editor().await, app.admin().await);

    // The same answer once more takes the place of the one that failed.
    sink.behave(Manners::Polite);
    answer(&editor, &path, "Professional.").await.is(303);
    deliver(&app).await;
    sink.take_one();
    editor.get(&path).await.says(">Sent<").does_not_say(">Failed<");
    admin.get(LIST).await.says("Nothing waits");
}

#[tokio::test]
async fn after_two_days_an_email_is_given_up() {
    let sink = SmtpSink::start().await;
    let app = portal(&sink).await;
    let path = answered(&app, &app.editor().await).await;
    let address = sink.stop().await;
    for _ in 0..20 {
        app.admin().await.get(LIST).await.says(">Waiting<");
        deliver(&app).await;
        app.app.clock.advance(240 * MINUTE);
    }
    let (editor, admin) = (app.editor().await, app.admin().await);
    admin.get(LIST).await.says(">Failed<").says("cannot be reached");
    let sink = SmtpSink::at(address).await;
    deliver(&app).await;
    assert!(sink.take().is_empty());
    let text = admin.get(LIST).await.text;
    let delete =
        text.split("action=\"").find_map(|rest| rest.split_once("/delete\"").map(|(id, _)| format!("{id}/delete")));
    let delete = delete.unwrap();
    admin.post_and_follow(&delete, &[]).await.says("is deleted and will not be sent").says("Nothing waits");
    admin.post_and_follow(&delete, &[]).await.says("is not in the list any more");
    editor.get(&path).await.does_not_say(">Failed<").says("Professional.");
}

#[tokio::test]
async fn what_visitors_type_adds_no_header_and_goes_with_their_message() {
    let sink = SmtpSink::start().await;
    let app = portal(&sink).await;
    let admin = app.admin().await;
    let evil = "Zoe\r\nBcc: all@visitor.example\r\n\r\nBuy <x@visitor.example>, y@visitor.example";
    let reference = send(&app, &[("name", evil), ("email", "Zoe@Büro.example")]).await;
    let at = path(&message(&app, &reference).await);
    answer(&admin, &at, "Thank you.\r\n.\r\nQUIT\r\n").await.is(303);
    deliver(&app).await;
    let mail = sink.take_one();
    assert_eq!(mail.to, ["Zoe@xn--bro-hoa.example"]);
    assert!(!mail.headers.iter().any(|line| line.starts_with("Bcc")), "{:?}", mail.headers);
    assert!(mail.body.starts_with("Thank you.\r\n.\r\nQUIT\r\n"), "{}", mail.body);

    answer(&admin, &at, "Once more.").await.is(303);
    admin.get(LIST).await.says(&reference);
    admin.confirm(&format!("{at}/delete")).await.is(303);
    admin.get(LIST).await.says("Nothing waits");
    deliver(&app).await;
    assert!(sink.take().is_empty(), "the e-mails of a message are deleted with it");
}

#[tokio::test]
async fn without_a_mail_server_nothing_is_offered_and_nothing_is_sent() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let path = path(&message(&app, &send(&app, &[]).await).await);
    admin.get(&path).await.does_not_say("Send as an e-mail");
    answer(&admin, &path, "Professional.").await.is(400);
    admin.get(LIST).await.says("No e-mail is sent.").says("PLINTH_SMTP_URL").says("Nothing waits");
    admin.get("/admin").await.says("No e-mail is sent. Name a mail server");
    assert!(!deliver(&app).await);
}

#[tokio::test]
async fn nothing_is_sent_over_a_way_that_is_not_as_private_as_it_must_be() {
    let sink = SmtpSink::start().await;
    for (url, manners, said) in [
        (
            format!("smtp://{}?tls=required", sink.address),
            Manners::Polite,
            "offers no encryption, so nothing was sent.",
        ),
        (
            format!("smtp://ed:hush@{}", sink.address),
            Manners::Forgetful,
            "The name and the password in PLINTH_SMTP_URL do not work.",
        ),
    ] {
        let from = ["--mail-from", "portal@portal.example", "--smtp-timeout", "1"];
        let app = TestApp::with(&[&["--smtp-url", &url][..], &from].concat()).await;
        sink.behave(manners);
        let admin = app.admin().await;
        answered(&app, &admin).await;
        assert!(!deliver(&app).await);
        admin.get(LIST).await.says(">Waiting<").says(said).does_not_say("hush");
        assert!(sink.take().is_empty());
    }
}
