//! Webhooks: signed, without what is private, tried again, and never to an address that is not public.

use std::sync::{Arc, Mutex};

use hmac::{Hmac, KeyInit, Mac};
use plinth::{app::webhooks, model::actor::Role};
use sha2::Sha256;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use crate::{
    admin_messages::audit_log,
    contact::send,
    harness::{Reply, TestApp, TestUser},
};

const LIST: &str = "/admin/webhooks";
const FOR_TESTS: [&str; 2] = ["--webhooks", "insecure-loopback-for-tests"];
const ALL: [(&str, &str); 3] =
    [("event", "document.published"), ("event", "document.unpublished"), ("event", "inbox.received")];

/// A server that answers each request as it is told to, and keeps it.
struct Sink {
    url: String,
    answer: Arc<Mutex<&'static str>>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Sink {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook?key=sesame", listener.local_addr().unwrap());
        let sink = Self { url, answer: Arc::new(Mutex::new("204 No Content")), requests: Arc::default() };
        let (answer, requests) = (sink.answer.clone(), sink.requests.clone());
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut text = String::new();
                let mut piece = [0; 4096];
                while !is_whole(&text) {
                    let read = stream.read(&mut piece).await.unwrap();
                    text.push_str(std::str::from_utf8(&piece[..read]).unwrap());
                }
                requests.lock().unwrap().push(text);
                let status = *answer.lock().unwrap();
                let head = format!(
                    "HTTP/1.1 {status}\r\nlocation: /elsewhere\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
                );
                stream.write_all(head.as_bytes()).await.unwrap();
            }
        });
        sink
    }

    fn answer(&self, status: &'static str) {
        *self.answer.lock().unwrap() = status;
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.requests.lock().unwrap())
    }
}

/// Whether a request has come with all of its body.
fn is_whole(text: &str) -> bool {
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    header(head, "content-length").parse() == Ok(body.len())
}

fn header<'a>(request: &'a str, name: &str) -> &'a str {
    let head = request.split("\r\n\r\n").next().unwrap();
    let value = head.lines().find(|line| line.to_lowercase().starts_with(&format!("{name}: ")));
    value.map_or("", |line| &line[name.len() + 2..])
}

/// The signature as a receiver computes it.
fn signature(secret: &str, request: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(
        format!("{}.{}", header(request, "x-plinth-time"), request.split("\r\n\r\n").nth(1).unwrap()).as_bytes(),
    );
    format!("sha256={}", data_encoding::HEXLOWER.encode(&mac.finalize().into_bytes()))
}

async fn add(admin: &TestUser, url: &str) -> Reply {
    admin.post(LIST, &[&[("url", url)][..], &ALL].concat()).await
}

#[tokio::test]
async fn another_program_is_told_what_happens_and_by_whom_it_is_told() {
    let (app, sink) = (TestApp::with(&FOR_TESTS).await, Sink::start().await);
    let (admin, editor) = (app.admin().await, app.editor().await);
    editor.get(LIST).await.is(403);
    let page = add(&admin, &sink.url).await.is(200).says("it is shown this once").says("None was taken yet");
    let secret = page.text.split("<code>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    assert_eq!(secret.len(), 40, "{secret}");
    admin.get(LIST).await.is(200).does_not_say(&secret).says("/hook?key=sesame");
    add(&admin, &sink.url).await.is(422).says("There is a webhook with this address already");
    admin.post(LIST, &[("url", "https://hooks.example/")]).await.is(422).says("Choose at least one event");
    let said = "Ada Admin 127.0.0.1 (document.published document.unpublished inbox.received)";
    assert_eq!(audit_log(&app, "webhook.create").await, [said], "the rest of an address may be secret");

    let reference = send(&app, &[("body", "A private question")]).await;
    let id = app.page_id("/contact").await;
    editor.confirm(&format!("/admin/pages/{id}/unpublish")).await.is(303);
    webhooks::send_due(&app.app).await.unwrap();
    let told = sink.take();
    let message = told.iter().find(|request| header(request, "x-plinth-event") == "inbox.received").expect("a message");
    assert!(message.starts_with("POST /hook?key=sesame HTTP/1.1\r\n") && message.contains(&reference), "{message}");
    for private in ["zoe", "Zoë", "private question"] {
        assert!(!message.contains(private), "{message}");
    }
    let page = told.iter().find(|request| header(request, "x-plinth-event") == "document.unpublished").expect("a page");
    assert!(page.contains("\"path\":\"/contact\"") && told.len() == 2, "{told:?}");
    assert_eq!(header(message, "x-plinth-signature"), signature(&secret, message));
    assert_ne!(header(message, "x-plinth-signature"), signature("another", message));
    webhooks::send_due(&app.app).await.unwrap();
    assert!(sink.take().is_empty(), "each is sent once");
    admin.get(LIST).await.says("Taken last").does_not_say("id=\"_unsent\"");
}

#[tokio::test]
async fn what_is_not_taken_is_tried_again_and_can_be_sent_again() {
    let (app, sink) = (TestApp::with(&FOR_TESTS).await, Sink::start().await);
    let admin = app.admin().await;
    add(&admin, &sink.url).await.is(200);
    sink.answer("302 Found");
    send(&app, &[]).await;
    webhooks::send_due(&app.app).await.unwrap();
    let told = sink.take();
    assert_eq!(told.len(), 1, "a redirect is not followed: {told:?}");
    let screen = admin
        .get(LIST)
        .await
        .is(200)
        .says(">Waiting<")
        .says("127.0.0.1 answered 302, a redirect, and none is followed.");
    webhooks::send_due(&app.app).await.unwrap();
    assert!(sink.take().is_empty(), "it pauses");
    app.app.clock.advance(61_000);
    sink.answer("410 Gone");
    webhooks::send_due(&app.app).await.unwrap();
    let again = sink.take();
    assert_eq!(
        header(&again[0], "x-plinth-delivery"),
        header(&told[0], "x-plinth-delivery"),
        "it is known by its number"
    );
    admin.get(LIST).await.says(">Failed<").says("127.0.0.1 answered 410.");
    admin.get("/admin").await.says("delivery of a webhook that failed").says(&format!("href=\"{LIST}\""));
    app.editor().await.get("/admin").await.does_not_say("of a webhook");
    sink.answer("200 OK");
    let path = screen.text.split("action=\"").find(|rest| rest.starts_with("/admin/webhooks/deliveries/")).unwrap();
    let path = path.split('"').next().unwrap();
    admin.post_and_follow(path, &[]).await.says("It is sent again.");
    webhooks::send_due(&app.app).await.unwrap();
    assert_eq!(sink.take().len(), 1);
    admin.get("/admin").await.does_not_say("of a webhook that failed");
    admin.get(LIST).await.does_not_say("id=\"_unsent\"");
    admin.post(path, &[]).await.is(303);
    admin.get(LIST).await.says("It is not in the list any more.");
}

#[tokio::test]
async fn a_receiver_that_is_not_reached_is_asked_once_for_all_that_wait_and_holds_up_no_other() {
    let (app, dead, live) = (TestApp::with(&FOR_TESTS).await, Sink::start().await, Sink::start().await);
    let admin = app.admin().await;
    add(&admin, &dead.url).await.is(200);
    add(&admin, &live.url).await.is(200);
    dead.answer("is no status");
    for body in ["The first question", "The second question", "The third question"] {
        send(&app, &[("body", body)]).await;
    }
    webhooks::send_due(&app.app).await.unwrap();
    let first = dead.take();
    assert_eq!((first.len(), live.take().len()), (1, 3), "the others do not wait for it");
    app.app.clock.advance(61_000);
    webhooks::send_due(&app.app).await.unwrap();
    let again = dead.take();
    assert_eq!(again.len(), 1, "its pauses are those of one");
    assert_eq!(header(&again[0], "x-plinth-delivery"), header(&first[0], "x-plinth-delivery"));
    dead.answer("204 No Content");
    app.app.clock.advance(121_000);
    webhooks::send_due(&app.app).await.unwrap();
    assert_eq!(dead.take().len(), 3, "once it is reached, it is told all");

    dead.answer("is no status");
    send(&app, &[("body", "The fourth question")]).await;
    send(&app, &[("body", "The fifth question")]).await;
    for _ in 0..20 {
        webhooks::send_due(&app.app).await.unwrap();
        app.app.clock.advance(4 * 60 * 60 * 1000 + 1000);
    }
    assert_eq!(dead.take().len(), 20);
    // Their sessions have ended by now.
    let other = app.user(Role::Administrator, "Bea Admin").await;
    other.get(LIST).await.is(200).says(">Failed<").does_not_say(">Waiting<");
}

#[tokio::test]
async fn no_webhook_leads_to_an_address_that_is_not_public() {
    let app = TestApp::with(&["--webhooks", "on"]).await;
    let admin = app.admin().await;
    for url in [
        "http://hooks.example/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://169.254.169.254/",
        "https://a:b@c.example/",
    ] {
        add(&admin, url).await.is(422);
    }
    // A name says nothing before it is resolved.
    add(&admin, "https://localhost:9/").await.is(200);
    send(&app, &[]).await;
    webhooks::send_due(&app.app).await.unwrap();
    admin.get(LIST).await.says(">Failed<").says("which is not a public address");

    let off = TestApp::new().await;
    let admin = off.admin().await;
    admin.get(LIST).await.is(200).says("Webhooks are off.").does_not_say("Add the webhook");
    add(&admin, "https://hooks.example/").await.is(303);
}
