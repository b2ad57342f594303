//! Guessing and queueing at the sign-in, who is counted, and clocks that jump.

use crate::harness::{PASSWORD, Reply, TestApp, TestUser};
use axum::{
    body::Body,
    http::{Method, header},
};
use plinth::{
    app::background,
    clock::{DAY, HOUR},
    model::password::Cost,
    state::login_attempts::LIMIT,
};
use tokio::task::JoinSet;

/// A portal behind a proxy that is named.
const NAMED: [&str; 2] = ["--trusted-proxies", "127.0.0.0/8"];
const YEAR: i64 = 365 * DAY;

/// Sends a form, from the address that the proxy forwards for.
async fn post_from(who: &TestUser, address: &str, path: &str, fields: &[(&str, &str)]) -> Reply {
    let request = who
        .request(Method::POST, path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .header("x-forwarded-for", address)
        .body(Body::from(serde_html_form::to_string(fields).unwrap()))
        .unwrap();
    who.send(request).await
}

async fn sign_in_from(who: &TestUser, address: &str, email: &str, password: &str) -> Reply {
    post_from(who, address, "/admin/sign-in", &[("email", email), ("password", password)]).await
}

/// How many wrong passwords are accepted from clients that try one after the other, each for an account.
async fn borne(app: &TestApp, tries: impl IntoIterator<Item = (String, String)>) -> u32 {
    let who = app.visitor();
    let mut borne = 0;
    for (address, email) in tries {
        match sign_in_from(&who, &address, &email, "wrong").await.status.as_u16() {
            422 => borne += 1,
            429 => {}
            other => panic!("{other}"),
        }
    }
    borne
}

/// A new editor, and the browser with which they signed in before.
async fn owner(app: &TestApp) -> (String, TestUser) {
    let email = app.editor().await.email;
    let owner = app.visitor();
    sign_in_from(&owner, "198.51.100.1", &email, PASSWORD).await.is(303);
    owner.post("/admin/sign-out", &[]).await.is(303);
    (email, owner)
}

#[tokio::test]
async fn nobody_gets_more_than_ten_wrong_passwords_before_a_stop() {
    let app = TestApp::with(&NAMED).await;
    let (email, owner) = owner(&app).await;
    let one = borne(&app, (0..30).map(|_| ("203.0.113.9".to_owned(), email.clone()))).await;
    assert!((3..=10).contains(&one), "{one} from one address to one account");
    let stopped = sign_in_from(&app.visitor(), "203.0.113.9", &email, PASSWORD).await.is(429);
    assert!(stopped.header("retry-after").parse::<u64>().unwrap() > 60);
    let stopped = stopped.says("Try again in").says(&email).does_not_say(PASSWORD);
    // From elsewhere, without the device that is known; and on that device even from the guesser's network.
    sign_in_from(&app.visitor(), "192.0.2.77", &email, PASSWORD).await.is(303);
    sign_in_from(&owner, "203.0.113.9", &email, PASSWORD).await.is(303);
    let many = borne(&app, (0..30).map(|n| ("192.0.2.1".to_owned(), format!("a{n}@portal.example")))).await;
    assert_eq!(many, 10, "from one address to many accounts");
    // Unknown accounts behave in the same way.
    let nobody = "nobody@portal.example".to_owned();
    assert_eq!(borne(&app, (0..30).map(|_| ("198.51.100.9".to_owned(), nobody.clone()))).await, one);
    let like = sign_in_from(&app.visitor(), "198.51.100.9", &nobody, PASSWORD).await.is(429);
    assert_eq!(like.unmarked().replace(&nobody, &email), stopped.unmarked());
}

#[tokio::test]
async fn many_networks_gain_nothing_and_lock_nobody_out() {
    let app = TestApp::with(&NAMED).await;
    let (email, owner) = owner(&app).await;
    let home = borne(&app, (0..200).map(|n| (format!("2001:db8:1:{n:x}::1"), email.clone()))).await;
    assert!(home <= 10, "{home} from the networks of one /56");
    let all = home + borne(&app, (0..200).map(|n| (format!("2001:db8:{:x}::1", n + 2), email.clone()))).await;
    assert_eq!(all, LIMIT, "from all networks together");
    sign_in_from(&app.visitor(), "192.0.2.77", &email, PASSWORD).await.is(429);
    sign_in_from(&owner, "2001:db8:1:1::1", &email, PASSWORD).await.is(303);
    // Without more guesses, the rest of the allowance refills evenly.
    app.app.clock.advance(HOUR / i64::from(LIMIT));
    sign_in_from(&app.visitor(), "192.0.2.77", &email, PASSWORD).await.is(303);
}

#[tokio::test]
async fn larger_networks_count_too() {
    let app = TestApp::with(&NAMED).await;
    let account = |n: u32| format!("a{n}@portal.example");
    let from_56 = borne(&app, (0..200).map(|n| (format!("2001:db8:1:{n:x}::1"), account(n)))).await;
    assert_eq!(from_56, 30);
    let from_48 = borne(&app, (0..200).map(|n| (format!("2001:db8:2:{n:x}00::1"), account(n)))).await;
    assert_eq!(from_48, 100);
    let from_24 = borne(&app, (0..200).map(|n| (format!("203.0.113.{n}"), account(n)))).await;
    assert_eq!(from_24, 30);
}

#[tokio::test]
async fn a_known_device_has_an_allowance_of_its_own_and_no_more() {
    let app = TestApp::with(&NAMED).await;
    let (email, owner) = owner(&app).await;
    for n in 0..LIMIT {
        sign_in_from(&owner, &format!("203.0.{n}.9"), &email, "wrong").await.is(422);
    }
    sign_in_from(&owner, "203.0.113.9", &email, PASSWORD).await.is(429);
    sign_in_from(&app.visitor(), "203.0.113.9", &email, PASSWORD).await.is(303);
}

#[tokio::test]
async fn the_id_of_a_device_cannot_be_made_up() {
    let app = TestApp::new().await;
    let (owner, other) = (app.editor().await, app.editor().await);
    let fields = [("email", other.email.as_str()), ("password", PASSWORD)];
    let reply = app.visitor().post("/admin/sign-in", &fields).await.is(303);
    let set = reply.headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap());
    let genuine = set.into_iter().find(|cookie| cookie.starts_with("plinth-device=")).unwrap();
    let genuine = genuine.split(';').next().unwrap().to_owned();
    // Someone else's cookie, and the same with the owner's id written over it.
    let id = other.actor.id.unwrap().to_string();
    let forged = genuine.replacen(&format!("={id}."), &format!("={}.", owner.actor.id.unwrap()), 1);
    assert_ne!(genuine, forged);
    borne(&app, (0..LIMIT).map(|_| (String::new(), owner.email.clone()))).await;
    for cookie in [genuine, forged] {
        let request = app
            .visitor()
            .request(Method::POST, "/admin/sign-in")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .header(header::COOKIE, &cookie);
        let body = serde_html_form::to_string([("email", owner.email.as_str()), ("password", PASSWORD)]).unwrap();
        app.visitor().send(request.body(Body::from(body)).unwrap()).await.is(429);
    }
}

#[tokio::test]
async fn strangers_behind_an_unnamed_proxy_lock_nobody_out() {
    let app = TestApp::with(&["--public-url", "https://portal.example"]).await;
    let visitor = || {
        let mut visitor = app.visitor();
        "portal.example".clone_into(&mut visitor.host);
        visitor
    };
    let email = app.editor().await.email;
    let known = visitor();
    sign_in_from(&known, "192.0.2.1", &email, PASSWORD).await.is(303);
    for n in 0..30 {
        sign_in_from(&visitor(), "203.0.113.9", &format!("a{n}@portal.example"), "wrong").await;
    }
    sign_in_from(&visitor(), "192.0.2.2", &email, PASSWORD).await.is(303);
    // Even when all the proxy's allowance is spent.
    for n in 0..120 {
        sign_in_from(&visitor(), &format!("203.0.{n}.9"), &format!("b{n}@portal.example"), "wrong").await;
    }
    sign_in_from(&visitor(), "192.0.2.3", &email, PASSWORD).await.is(429);
    sign_in_from(&known, "192.0.2.1", &email, PASSWORD).await.is(303);
}

async fn send_message(app: &TestApp, address: &str, n: usize) -> u16 {
    let body = format!("Message {n} asks something that nobody has asked before.");
    let fields = [
        ("topic", "other"),
        ("name", "Vera Visitor"),
        ("email", "vera@visitor.example"),
        ("role", ""),
        ("country", ""),
        ("body", body.as_str()),
        ("consent", "yes"),
    ];
    let mut visitor = app.visitor();
    if app.app.config.public_url.is_some() {
        "portal.example".clone_into(&mut visitor.host);
    }
    post_from(&visitor, address, "/contact", &fields).await.status.as_u16()
}

#[tokio::test]
async fn one_strangers_messages_behind_an_unnamed_proxy_do_not_shut_the_form() {
    let app = TestApp::with(&["--contact-limit", "3", "--public-url", "https://portal.example"]).await;
    for n in 0..3 {
        assert_eq!(send_message(&app, "203.0.113.9", n).await, 303);
    }
    assert_eq!(send_message(&app, "203.0.113.9", 3).await, 429);
    assert_eq!(send_message(&app, "192.0.2.1", 4).await, 303);
    let mut taken = 4;
    for n in 5..50 {
        taken += usize::from(send_message(&app, &format!("192.0.{n}.1"), n).await == 303);
    }
    assert_eq!(taken, 30, "the proxy's own allowance is larger, and has an end");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn six_hundred_strangers_keep_no_editor_waiting() {
    let app = TestApp::new().await;
    let app = TestApp::with_cost(app.data.clone(), &NAMED, Cost::Usual).await;
    let (email, owner) = owner(&app).await;
    let mut strangers = JoinSet::new();
    for n in 0..600 {
        let who = app.visitor();
        strangers.spawn(async move {
            let address = format!("2001:db8:{n:x}::1");
            sign_in_from(&who, &address, &format!("a{n}@portal.example"), "wrong").await
        });
    }
    let mut looked_at = 0;
    // The first refusal says that the line is full.
    let refused = loop {
        let reply = strangers.join_next().await.expect("a refusal").unwrap();
        match reply.status.as_u16() {
            503 => break reply.says("Wait a few seconds"),
            _ => looked_at += 1,
        }
    };
    assert!(refused.header("retry-after").parse::<u64>().is_ok());
    sign_in_from(&owner, "198.51.100.1", &email, PASSWORD).await.is(303);
    while let Some(reply) = strangers.join_next().await {
        match reply.unwrap().status.as_u16() {
            422 => looked_at += 1,
            503 => {}
            other => panic!("{other}"),
        }
    }
    assert!((1..200).contains(&looked_at), "{looked_at}");
    // Refused attempts have spent nothing.
    sign_in_from(&app.visitor(), "2001:db8:257::1", "a599@portal.example", "wrong").await.is(422);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_from_one_network_leaves_a_turn_to_an_editor_on_a_new_device() {
    let app = TestApp::new().await;
    let options = [NAMED[0], NAMED[1], "--login-limit", "10000"];
    let app = TestApp::with_cost(app.data.clone(), &options, Cost::Usual).await;
    let email = app.editor().await.email;
    let mut strangers = JoinSet::new();
    for n in 0..300 {
        let who = app.visitor();
        strangers.spawn(async move {
            let address = format!("2001:db8:1:{n:x}::1");
            sign_in_from(&who, &address, &format!("a{n}@portal.example"), "wrong").await.status.as_u16()
        });
    }
    // The first refusal says that the line is full.
    while strangers.join_next().await.expect("a refusal").unwrap() != 503 {}
    sign_in_from(&app.visitor(), "192.0.2.77", &email, PASSWORD).await.is(303);
    let mut behind = 0;
    while let Some(status) = strangers.join_next().await {
        behind += usize::from(status.unwrap() == 422);
    }
    assert!(behind >= 30, "the editor went past those who came before, all but {behind}");
}

#[tokio::test]
async fn a_lock_out_lasts_as_long_as_it_is_whatever_the_clock_says() {
    let app = TestApp::with(&NAMED).await;
    let (email, _) = owner(&app).await;
    app.app.clock.jump(DAY);
    borne(&app, (0..20).map(|_| ("203.0.113.9".to_owned(), email.clone()))).await;
    app.app.clock.jump(-DAY);
    let guesser = app.visitor();
    sign_in_from(&guesser, "203.0.113.9", &email, PASSWORD).await.is(429);
    app.app.clock.jump(YEAR);
    sign_in_from(&guesser, "203.0.113.9", &email, PASSWORD).await.is(429);
    app.app.clock.jump(-2 * YEAR);
    app.app.clock.advance(HOUR);
    sign_in_from(&guesser, "203.0.113.9", &email, PASSWORD).await.is(303);
}

#[tokio::test]
async fn a_limit_on_messages_lasts_as_long_as_it_is_whatever_the_clock_says() {
    let app = TestApp::with(&["--contact-limit", "1"]).await;
    app.app.clock.jump(DAY);
    assert_eq!(send_message(&app, "192.0.2.1", 0).await, 303);
    assert_eq!(send_message(&app, "192.0.2.1", 1).await, 429);
    app.app.clock.jump(-DAY);
    app.app.clock.advance(HOUR);
    assert_eq!(send_message(&app, "192.0.2.1", 1).await, 303);
}

#[tokio::test]
async fn sessions_survive_a_clock_that_jumps_and_grow_no_longer() {
    let app = TestApp::new().await;
    let email = app.editor().await.email;
    let who = app.visitor();
    let sign_in = [("email", email.as_str()), ("password", PASSWORD)];
    app.app.clock.jump(YEAR);
    who.post("/admin/sign-in", &sign_in).await.is(303);
    for jump in [4 * YEAR, -5 * YEAR, -YEAR, YEAR] {
        app.app.clock.jump(jump);
        background::tick(&app.app).await.unwrap();
        who.get("/admin/account").await.is(200);
    }
    for _ in 0..11 {
        app.app.clock.advance(HOUR);
        who.get("/admin/account").await.is(200);
        app.app.clock.jump(-3 * HOUR);
    }
    app.app.clock.advance(HOUR);
    who.get("/admin/account").await.is(303);
}

#[tokio::test]
async fn what_began_while_the_clock_was_ahead_ends_with_the_next_start() {
    let app = TestApp::new().await;
    let mut editor = app.editor().await;
    app.app.clock.advance(YEAR);
    let mut who = app.visitor();
    who.post("/admin/sign-in", &[("email", &editor.email), ("password", PASSWORD)]).await.is(303);
    who.get("/admin/account").await.is(200);
    let later = TestApp::over(app.data.clone(), &[]).await;
    who.listener = later.listener.clone();
    who.get("/admin/account").await.is(303);
    editor.listener = later.listener.clone();
    editor.get("/admin/account").await.is(200);
}

#[tokio::test]
async fn a_device_stays_known_whatever_the_machines_clock_is_set_to() {
    let app = TestApp::with(&NAMED).await;
    let (email, owner) = owner(&app).await;
    borne(&app, (0..LIMIT).map(|n| (format!("203.0.{n}.9"), email.clone()))).await;
    for days in [400, -800] {
        app.app.clock.jump(days * DAY);
        sign_in_from(&app.visitor(), "192.0.2.77", &email, PASSWORD).await.is(429);
        sign_in_from(&owner, "192.0.2.77", &email, PASSWORD).await.is(303);
    }
}
