//! The contact form.

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use plinth::model::{
    audit_log, audit_log_check,
    cursor::Cursor,
    document::revision,
    message::{
        inbox::{self, MessageFilter, MessageFolder},
        record::{self, Message},
        status::MessageStatus,
    },
};

use crate::harness::{Reply, TestApp, TestUser};

/// What an honest visitor types.
pub const CONTACT_FORM: [(&str, &str); 7] = [
    ("topic", "people"),
    ("name", "Zoë Öztürk"),
    ("email", "zoe@visitor.example"),
    ("role", "Service manager"),
    ("country", "Türkiye"),
    ("body", "Which level comes\r\nafter Foundation?"),
    ("consent", "yes"),
];

/// The form with other values for some fields, and with more fields.
pub fn contact_form<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields: Vec<(&str, &str)> = CONTACT_FORM.to_vec();
    for (name, value) in changes {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    fields
}

/// The token of a form just fetched.
pub async fn form_token(visitor: &TestUser) -> String {
    let page = visitor.get("/contact").await.is(200);
    form_token_in(&page)
}

fn form_token_in(page: &Reply) -> String {
    let (_, rest) = page.text.split_once("name=\"form_token\" value=\"").expect("the form has a token");
    rest.split_once('"').unwrap().0.to_owned()
}

/// Fills the form in, slowly enough, and sends it; gives the reference.
pub async fn send(app: &TestApp, changes: &[(&str, &str)]) -> String {
    let visitor = app.visitor();
    let form_token = form_token(&visitor).await;
    app.app.clock.advance(20_000);
    let mut fields = contact_form(changes);
    fields.push(("form_token", &form_token));
    reference(&visitor.post("/contact", &fields).await)
}

#[track_caller]
pub fn reference(reply: &Reply) -> String {
    assert_eq!(reply.status.as_u16(), 303, "{}", reply.text);
    let query = reply.location().strip_prefix("/contact?sent=").expect("the address of the thanks").to_owned();
    query.split('&').next().unwrap().to_owned()
}

/// The message with a reference.
pub async fn message(app: &TestApp, reference: &str) -> Message {
    let db = app.app.read();
    let filter = MessageFilter { folder: MessageFolder::All, text: reference.to_owned(), ..MessageFilter::default() };
    let id = inbox::list(db, &filter, Cursor::default(), 1).await.unwrap()[0].id;
    record::get(db, id).await.unwrap()
}

pub async fn count(app: &TestApp) -> i64 {
    inbox::counts(app.app.read()).await.unwrap().of(MessageFolder::All)
}

#[tokio::test]
async fn a_message_is_stored_before_the_visitor_is_thanked() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    let fields = ["topic", "name", "email", "role", "country", "body", "consent", "website"];
    let mut form = visitor.get("/contact").await.is(200).says("method=\"post\"").says("Certification of people");
    for field in fields {
        form = form.says(&format!("name=\"{field}\""));
    }
    assert!(form.headers.get(header::SET_COOKIE).is_none());

    let reference = send(&app, &[]).await;
    let stored = message(&app, &reference).await;
    assert_eq!((stored.status, stored.spam_score), (MessageStatus::Unread, 0), "{}", stored.spam_reasons);
    assert_eq!((stored.topic.as_str(), stored.name.as_str()), ("people", "Zoë Öztürk"));
    assert_eq!((stored.email.as_str(), stored.role.as_str()), ("zoe@visitor.example", "Service manager"));
    assert_eq!((stored.country.as_str(), stored.body.as_str()), ("Türkiye", "Which level comes\nafter Foundation?"));

    let thanks = visitor.get(&format!("/contact?sent={reference}")).await.is(200);
    thanks.says(&reference).does_not_say("<form method=\"post\"").does_not_say("Which level comes");
}

#[tokio::test]
async fn a_message_sent_while_the_clock_was_ahead_is_no_duplicate() {
    let app = TestApp::new().await;
    let ahead = send(&app, &[]).await;
    // Clocks are often wrong by minutes.
    app.app.clock.jump(-4 * 60_000);
    assert_eq!(send(&app, &[]).await, ahead);
    app.app.clock.jump(-2 * plinth::clock::DAY);
    let now = send(&app, &[]).await;
    assert_ne!(now, ahead);
    assert_eq!((send(&app, &[]).await, count(&app).await), (now, 2));
}

#[tokio::test]
async fn nobody_is_thanked_for_a_message_that_does_not_exist() {
    let app = TestApp::new().await;
    for sent in ["AAAA-AAAA", "%3Cscript%3E", "%00", &"x".repeat(5000)] {
        let page = app.visitor().get(&format!("/contact?sent={sent}")).await.is(200);
        page.does_not_say("AAAA-AAAA").says("<form method=\"post\"");
    }
}

#[tokio::test]
async fn the_audit_log_learns_reference_and_topic_only() {
    let app = TestApp::new().await;
    let reference = send(&app, &[]).await;
    let entries = audit_log::list(app.app.read(), &audit_log::AuditFilter::default(), 1).await.unwrap();
    let entry = &entries[0];
    assert_eq!((entry.action.as_str(), entry.subject.as_str()), ("message.receive", reference.as_str()));
    assert_eq!((entry.detail.as_str(), entry.actor_name.as_str()), ("Certification of people", "A visitor"));
    assert!(audit_log_check::check(app.app.read(), None, |_| {}).await.unwrap().is_good());
}

#[tokio::test]
async fn a_message_is_kept_when_its_page_is_changed_meanwhile() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let id = app.page_id("/contact").await;
    let form = contact_form(&[("body", "Typed for an hour & more")]);
    let typed = "Typed for an hour &amp; more</textarea>";
    let others = ["zoe@visitor.example", "Zoë Öztürk", "Service manager", "Türkiye", "Certification of people"];

    let base = revision::latest(app.app.read(), id).await.unwrap().version.to_string();
    let fields =
        [("base", &*base), ("title", "Contact"), ("slug", "contact"), ("layout", "article"), ("do", "publish")];
    editor.post(&format!("/admin/pages/{id}"), &fields).await.is(303);
    let reply = visitor.post("/contact", &form).await.is(405).says(typed).says("It was not stored");
    assert_eq!(reply.headers[header::ALLOW], "GET, HEAD");
    for other in others {
        assert!(reply.text.contains(&format!("value=\"{other}\" readonly")), "{other} is lost");
    }
    assert!(reply.text.contains("<title>Error: "), "the form was not handled");

    editor.post(&format!("/admin/pages/{id}/unpublish"), &[]).await.is(303);
    visitor.post("/contact", &form).await.is(404).says(typed).says("It was not stored");
    editor.post(&format!("/admin/pages/{id}/delete"), &[]).await.is(303);
    visitor.post("/contact", &form).await.is(410).says(typed).says("It was not stored");
    // No message, no field for one.
    visitor.post("/contact", &[]).await.is(410).does_not_say("It was not stored");
}

#[tokio::test]
async fn faults_are_told_and_what_was_typed_is_kept() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    let empty = visitor.post("/contact", &[]).await.is(422).says("There is a problem");
    for field in ["topic", "name", "email", "body", "consent"] {
        assert!(empty.text.contains(&format!("href=\"#field-{field}\"")), "{field}");
    }

    let long_body = "word ".repeat(1001);
    let long_name = "n".repeat(121);
    for (field, value) in [
        ("topic", "weather"),
        ("name", " "),
        ("name", &long_name),
        ("email", "zoe"),
        ("email", "zoe@visitor"),
        ("role", &long_name),
        ("country", &long_name),
        ("body", "\r\n\t"),
        ("body", &format!("{long_body}.")),
        ("consent", ""),
    ] {
        let form_token = form_token(&visitor).await;
        let mut fields = contact_form(&[(field, value)]);
        fields.push(("form_token", &form_token));
        let reply = visitor.post("/contact", &fields).await.is(422);
        assert!(reply.text.contains(&format!("href=\"#field-{field}\"")), "{field}: {value}");
        assert_eq!(reply.text.matches("href=\"#field-").count(), 1, "{field}: {value}");
        assert_eq!(form_token_in(&reply), form_token, "the time of the first look counts");
        for (kept, typed) in contact_form(&[(field, value)]) {
            if !matches!(kept, "topic" | "consent" | "body") {
                assert!(reply.text.contains(typed), "{kept} is lost when {field} is wrong");
            }
        }
        let body = if field == "body" { value.trim() } else { "after Foundation?" };
        assert!(reply.text.contains(body), "the text is lost when {field} is wrong");
        assert_eq!(reply.header("cache-control"), "no-store");
    }
    assert_eq!(count(&app).await, 0);
}

#[tokio::test]
async fn hostile_text_is_shown_as_text() {
    let app = TestApp::new().await;
    let mark = "\"><script>alert(1)</script>";
    let reply = app.visitor().post("/contact", &contact_form(&[("name", mark), ("body", mark), ("email", mark)])).await;
    reply.is(422).does_not_say("<script>alert").says("&lt;script&gt;");
}

#[tokio::test]
async fn only_a_page_with_the_form_takes_messages() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    for path in ["/", "/about", "/scheme/levels"] {
        let reply = visitor.post(path, &CONTACT_FORM).await.is(405);
        assert_eq!(reply.header("allow"), "GET, HEAD", "{path}");
    }
    visitor.post("/nowhere", &CONTACT_FORM).await.is(404);
    visitor.post("/contact/", &CONTACT_FORM).await.is(308);
    let wrong = visitor.request(Method::POST, "/nowhere").body(Body::from("x")).unwrap();
    visitor.send(wrong).await.is(404);
    assert_eq!(count(&app).await, 0);
}

fn raw(visitor: &TestUser, body: Vec<u8>) -> Request<Body> {
    visitor
        .request(Method::POST, "/contact")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body))
        .unwrap()
}

#[tokio::test]
async fn bytes_that_nobody_types_do_no_harm() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    let form_token = form_token(&visitor).await;
    app.app.clock.advance(5_000);

    let nul = "topic=error&name=Zo%00e&email=zoe%40visitor.example&body=A%00%1bB%0D%0AC&consent=yes&form_token=";
    let reply = visitor.send(raw(&visitor, format!("{nul}{form_token}").into_bytes())).await;
    let stored = message(&app, &reference(&reply)).await;
    assert_eq!((stored.name.as_str(), stored.body.as_str()), ("Zoe", "AB\nC"));

    let mut bad = b"topic=error&name=Zo\xff&email=zoe%40visitor.example&body=%ff%fe&consent=yes&form_token=".to_vec();
    bad.extend(form_token.as_bytes());
    let reply = visitor.send(raw(&visitor, bad)).await;
    let stored = message(&app, &reference(&reply)).await;
    assert_eq!((stored.name.as_str(), stored.body.as_str()), ("Zo\u{fffd}", "\u{fffd}\u{fffd}"));

    visitor.send(raw(&visitor, b"name=a&name=b".to_vec())).await.is(400);
    let json = visitor.request(Method::POST, "/contact").header(header::CONTENT_TYPE, "application/json");
    visitor.send(json.body(Body::from("{}")).unwrap()).await.is(415);
    visitor.send(raw(&visitor, vec![b'x'; 300 * 1024])).await.is(413);
}

#[tokio::test]
async fn spam_is_kept_apart_and_learns_nothing() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    let form_token = form_token(&visitor).await;
    let forged = form_token.replacen('.', "1.", 1);
    app.app.clock.advance(20_000);
    let advertisement = "SEO services and backlinks: http://a.example";
    for (number, changes) in [
        vec![("form_token", form_token.as_str()), ("website", "http://robot.example")],
        vec![("form_token", forged.as_str())],
        vec![("form_token", "nonsense")],
        vec![],
        vec![("form_token", form_token.as_str()), ("body", advertisement)],
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("Robot {number}");
        let mut changes = changes;
        changes.push(("name", &name));
        let reply = visitor.post("/contact", &contact_form(&changes)).await;
        let reference = reference(&reply);
        visitor.get(&reply.location()).await.is(200).says(&reference).does_not_say("spam");
        let stored = message(&app, &reference).await;
        assert_eq!(stored.status, MessageStatus::Spam, "{changes:?}");
        assert!(stored.spam_score >= 50 && !stored.spam_reasons.is_empty());
    }
}

#[tokio::test]
async fn haste_and_age_are_signs_but_not_enough() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    let form_token = form_token(&visitor).await;
    let fields =
        |name| contact_form(&[("name", name), ("form_token", &form_token)]).into_iter().map(own).collect::<Vec<_>>();
    app.app.clock.advance(1_000);
    let fast = visitor.post("/contact", &borrowed(&fields("Fast"))).await;
    let fast = message(&app, &reference(&fast)).await;
    assert_eq!(fast.status, MessageStatus::Unread);
    assert!(fast.spam_score > 0 && fast.spam_reasons.contains("three seconds"), "{}", fast.spam_reasons);

    app.app.clock.advance(25 * 60 * 60 * 1000);
    let old = visitor.post("/contact", &borrowed(&fields("Old"))).await;
    let old = message(&app, &reference(&old)).await;
    assert_eq!(old.status, MessageStatus::Unread);
    assert!(old.spam_score > 0 && old.spam_reasons.contains("older than a day"), "{}", old.spam_reasons);
}

fn own((name, value): (&str, &str)) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

fn borrowed(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

#[tokio::test]
async fn a_second_press_of_the_button_is_the_same_message() {
    let app = TestApp::new().await;
    let first = send(&app, &[]).await;
    assert_eq!(send(&app, &[]).await, first);
    assert_eq!(count(&app).await, 1);
    app.app.clock.advance(60 * 60 * 1000);
    assert_ne!(send(&app, &[]).await, first);
    assert_eq!(count(&app).await, 2);
}

#[tokio::test]
async fn the_same_text_from_many_addresses_is_suspicious() {
    let app = TestApp::new().await;
    send(&app, &[]).await;
    let second = send(&app, &[("email", "other@visitor.example"), ("name", "Other")]).await;
    assert!(message(&app, &second).await.spam_reasons.contains("same text came from another address"));
}

#[tokio::test]
async fn too_many_messages_have_to_wait_but_keep_their_text() {
    let app = TestApp::with(&["--contact-limit", "2", "--trusted-proxies", "127.0.0.1/32"]).await;
    let visitor = app.visitor();
    let form_token = form_token(&visitor).await;
    app.app.clock.advance(20_000);
    for _ in 0..5 {
        visitor.post("/contact", &contact_form(&[("email", "slip")])).await.is(422);
    }
    for name in ["One", "Two"] {
        visitor.post("/contact", &contact_form(&[("name", name), ("form_token", &form_token)])).await.is(303);
    }
    let third = contact_form(&[("name", "Three"), ("form_token", &form_token)]);
    let reply = visitor.post("/contact", &third).await.is(429).says("There is a problem").says("after Foundation?");
    assert!(reply.text.contains("value=\"Three\"") && reply.text.contains("minutes"));
    assert!(reply.header("retry-after").parse::<u64>().unwrap() > 60);
    assert_eq!(count(&app).await, 2);

    let elsewhere = visitor
        .request(Method::POST, "/contact")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("x-forwarded-for", "203.0.113.7")
        .body(Body::from(serde_html_form::to_string(&third).unwrap()))
        .unwrap();
    visitor.send(elsewhere).await.is(303);
}

#[tokio::test]
async fn a_message_that_cannot_be_stored_stays_in_the_form() {
    let app = TestApp::new().await;
    app.refuse_rows("message", true).await;
    let reply = app.visitor().post("/contact", &CONTACT_FORM).await.is(503).says("could not be stored");
    assert_eq!(reply.header("retry-after"), "60");
    reply.says("after Foundation?").says("value=\"zoe@visitor.example\"").does_not_say("disk is full");
}

#[tokio::test]
async fn what_could_not_be_stored_does_not_count_towards_the_limit() {
    let app = TestApp::with(&["--contact-limit", "2"]).await;
    let visitor = app.visitor();
    app.refuse_rows("message", true).await;
    for _ in 0..5 {
        visitor.post("/contact", &CONTACT_FORM).await.is(503);
    }
    app.refuse_rows("message", false).await;
    visitor.post("/contact", &CONTACT_FORM).await.is(303);
}

/// Lets there be so many messages like one, itself included.
pub async fn copies(app: &TestApp, one: &Message, all: i64) {
    let write = app.app.write(plinth::model::actor::Actor::system("test")).await.unwrap();
    let sql = "insert into message (reference, received_at, status, topic, name, email, sender, role, country, body, spam_score, \
        spam_reasons, kept_from, search_text) select reference || '-' || cast(cast($2 as bigint) as text), received_at, status, topic, \
        name, email, sender, role, country, body, spam_score, spam_reasons, kept_from, search_text from message where id = $1";
    for number in 1..all {
        write.execute(sql, (one.id, number)).await.unwrap();
    }
    write.record(audit_log::AuditEntry::new("message.sort", "message", Some(one.id), "Copies"));
    write.commit().await.unwrap();
}
