//! Deleting and exporting messages, and who may do it.

use axum::{body::Body, http::Method};

use crate::{
    admin_messages::{audit_log, expected_version, path, spam},
    contact::{message, send},
    harness::{PASSWORD, TestApp},
    postgres,
};

#[tokio::test]
async fn only_administrators_delete_and_only_after_a_question() {
    let app = TestApp::new().await;
    let (admin, editor) = (app.admin().await, app.editor().await);
    let reference = send(&app, &[]).await;
    let path = path(&message(&app, &reference).await);
    let delete = format!("{path}/delete");

    editor.get(&path).await.is(200).does_not_say("/delete");
    editor.get(&delete).await.is(403);
    editor.post(&delete, &[("expected_version", "2")]).await.is(403);
    editor.post(&path, &[("do", "note"), ("note", "Keep?")]).await.is(303);

    let question = admin.get(&delete).await.is(200).says(&reference).says("Keep it");
    editor.post(&path, &[("do", "note"), ("note", "Yes, keep it")]).await.is(303);
    let conflict = admin
        .post(&delete, &[("expected_version", &expected_version(&question))])
        .await
        .is(409)
        .says("Edith Editor changed this message");
    let list = admin.post_and_follow(&delete, &[("expected_version", &expected_version(&conflict))]).await;
    list.is(200).says(&format!("Message {reference} is deleted."));
    admin.get(&path).await.is(404);
    app.visitor().get(&format!("/contact?sent={reference}")).await.is(200).does_not_say(&reference);
    let count: i64 = app.app.read().value("select count(*) from message_note", ()).await.unwrap();
    assert_eq!(count, 0);
    assert_eq!(audit_log(&app, "message.delete").await, [format!("Ada Admin {reference} ()")]);
}

#[tokio::test]
async fn what_was_deleted_is_not_left_in_the_log_of_the_database() {
    if postgres::skips("it is about the log of SQLite") {
        return;
    }
    let app = TestApp::new().await;
    let body = "Nobody may read this afterwards";
    let path = path(&message(&app, &send(&app, &[("body", body)]).await).await);
    let holds = || {
        let log = std::fs::read(app.data.path().join("plinth.db-wal")).unwrap();
        log.windows(body.len()).any(|part| part == body.as_bytes())
    };
    assert!(holds());
    let admin = app.admin().await;
    let question = admin.get(&format!("{path}/delete")).await.is(200);
    admin.post(&format!("{path}/delete"), &[("expected_version", &expected_version(&question))]).await.is(303);
    assert!(!holds());
}

const EXPORT: &str = "/admin/messages/export";

#[tokio::test]
async fn an_export_holds_the_list_and_no_formula() {
    let app = TestApp::with(&["--contact-limit", "1000"]).await;
    let (admin, editor) = (app.admin().await, app.editor().await);
    let formula = "=HYPERLINK(\"http://a.example\")";
    let reference = send(&app, &[("name", "+Zoë, \"Z\""), ("body", formula), ("role", "@role")]).await;
    for number in 0..230 {
        let email = format!("v{number}@visitor.example");
        send(&app, &[("email", &email), ("body", &format!("Question {number}"))]).await;
    }
    let robot = spam(&app, "Robot").await;
    editor.get("/admin/messages").await.is(200).does_not_say(EXPORT);
    editor.get(EXPORT).await.is(403);
    editor.post(EXPORT, &[]).await.is(403);
    admin.get("/admin/messages?q=hyperlink").await.says("/admin/messages/export?q=hyperlink");

    // A link elsewhere leads to the question, never to the file.
    let question = admin.get(EXPORT).await.is(200).says("Export 231 messages</h1>").does_not_say(&reference);
    let question = question.says("The file holds the inbox: unread and open messages: 231 messages in all");
    question.says("/admin/messages/export?folder=all\">All messages</a> <span class=\"meta\">232 messages</span>");
    admin.get("/admin/messages").await.says("Export Inbox (231) as CSV");
    admin.get("/admin/messages?folder=spam").await.says("Export Spam (1) as CSV");
    admin.get("/admin/messages.csv").await.is(404);
    let foreign = admin
        .request(Method::POST, EXPORT)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "cross-site")
        .body(Body::empty())
        .unwrap();
    admin.send(foreign).await.is(403);
    assert!(audit_log(&app, "message.export").await.is_empty());

    // So many messages took longer than a confirmation lasts.
    admin.post(EXPORT, &[]).await.is(200).says("Your password").does_not_say(&reference);
    let all = admin.post(EXPORT, &[("confirm_password", PASSWORD)]).await.is(200).does_not_say(&robot.reference);
    assert_eq!(all.header("content-type"), "text/csv; charset=utf-8");
    assert!(all.header("content-disposition").starts_with("attachment; filename=\"messages-"));
    let mut reader = csv::Reader::from_reader(all.text.as_bytes());
    assert_eq!(reader.headers().unwrap().iter().next(), Some("reference"));
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 231);
    let last = &rows[230];
    assert_eq!((&last[0], &last[2], &last[3]), (reference.as_str(), "unread", "Certification of people"));
    assert_eq!((&last[4], &last[6], &last[8]), ("'+Zoë, \"Z\"", "'@role", format!("'{formula}").as_str()));

    let found = admin.post(&format!("{EXPORT}?folder=all&q=hyperlink"), &[]).await.is(200).says(&reference);
    assert_eq!(csv::Reader::from_reader(found.text.as_bytes()).records().count(), 1);
    let entries = audit_log(&app, "message.export").await;
    assert_eq!(
        entries,
        ["Ada Admin Messages (All messages: 1 message found by a search)", "Ada Admin Messages (Inbox: 231 messages)"]
    );
}

#[tokio::test]
async fn nothing_is_not_exported() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    admin.get("/admin/messages").await.is(200).does_not_say(EXPORT);
    let screen = admin.get(EXPORT).await.is(200).says("There is nothing to export</h1>");
    screen.does_not_say("<button class=\"button primary\"").does_not_say("separator");
    let robot = spam(&app, "Robot").await;
    admin.get(EXPORT).await.says("/admin/messages/export?folder=spam").does_not_say(&robot.reference);
    admin.post_and_follow(EXPORT, &[]).await.is(200).says("There is nothing to export.");
    admin.post_and_follow(&format!("{EXPORT}?q=no+such+words"), &[]).await.says("found by “<bdi>no such words</bdi>”");
    assert!(audit_log(&app, "message.export").await.is_empty());
}

#[tokio::test]
async fn no_separator_makes_a_formula_of_an_exported_text() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    send(&app, &[("name", "y;=1+2"), ("role", "a,\t＝2"), ("body", "x;\"=3\"\r\n=4\r\n;@5")]).await;
    for (separator, sign) in [("comma", b','), ("semicolon", b';'), ("tab", b'\t'), ("nonsense", b',')] {
        let file = admin.post(EXPORT, &[("separator", separator), ("byte_order_mark", "yes")]).await.is(200);
        let text = file.text.strip_prefix('\u{feff}').expect("the mark of UTF-8").to_owned();
        let mut reader = csv::ReaderBuilder::new().delimiter(sign).from_reader(text.as_bytes());
        let row = reader.records().next().unwrap().unwrap();
        assert_eq!((row.len(), &row[4], &row[8]), (15, "y;'=1+2", "x;\"'=3\"\n'=4\n;'@5"));
        // Whatever separator a spreadsheet assumes, no cell begins like a formula.
        for piece in text.split([',', ';', '\t', '\n', '\r']) {
            let piece = piece.trim_matches([' ', '"']);
            assert!(!piece.starts_with(['=', '+', '-', '@', '＝']), "{piece} in {text}");
        }
        assert!(text.lines().next().unwrap().starts_with("\"reference\""), "every cell is quoted");
    }
    admin.post(EXPORT, &[]).await.is(200).does_not_say("\u{feff}");
    // An address is written as on every screen.
    send(&app, &[("email", "zoe@xn--mller-kva.example")]).await;
    admin.post(EXPORT, &[]).await.is(200).says("\"zoe@müller.example\"").does_not_say("xn--");
}

#[tokio::test]
async fn visitors_are_sent_to_the_sign_in() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    for path in ["/admin/messages", "/admin/messages/1", "/admin/messages/1/delete", "/admin/messages/export"] {
        let reply = visitor.get(path).await.is(303);
        assert!(reply.location().starts_with("/admin/sign-in"), "{path}");
    }
}
