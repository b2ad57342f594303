//! The devices on which a user has signed in: their list, the notice of a new one, forgetting one.

use axum::{
    body::Body,
    http::{Method, header},
};
use plinth::{app::background, clock::DAY};

use crate::{
    harness::{PASSWORD, Reply, TestApp, TestUser},
    second_factor::between,
};

const MINUTE: i64 = 60_000;
const ACCOUNT: &str = "/admin/account";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const PHONE: &str =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1";

async fn sign_in(who: &TestUser, agent: &str, email: &str, password: &str) -> Reply {
    let fields = [("email", email), ("password", password), ("next", ACCOUNT)];
    let request = who
        .request(Method::POST, "/admin/sign-in")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::USER_AGENT, agent)
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(serde_html_form::to_string(fields).unwrap()))
        .unwrap();
    who.send(request).await
}

fn forget_path(page: &Reply, place: usize) -> String {
    format!("/admin/account/devices/{}/forget", between(page, "/admin/account/devices/", "/forget")[place])
}

#[tokio::test]
async fn devices_are_listed_told_when_new_and_forgotten() {
    let app = TestApp::with(&["--login-limit", "1000"]).await;
    let (email, other) = (app.editor().await.email, app.editor().await);
    let (home, phone) = (app.visitor(), app.visitor());
    sign_in(&home, FIREFOX, &email, PASSWORD).await.is(303);
    home.get(ACCOUNT).await.is(200).says("Firefox on Linux").says("127.0.0.0/24").does_not_say("someone signed in");
    home.post("/admin/sign-out", &[]).await.is(303);
    app.app.clock.advance(MINUTE);
    sign_in(&phone, PHONE, &email, PASSWORD).await.is(303);
    phone.get(ACCOUNT).await.is(200).says("Safari on iPhone").does_not_say("someone signed in");
    app.app.clock.advance(MINUTE);
    // On the device that was used before, once.
    sign_in(&home, FIREFOX, &email, PASSWORD).await.is(303);
    let page = home.get(ACCOUNT).await.is(200).says("on a new device: Safari on iPhone, from 127.0.0.0/24");
    assert_eq!(between(&page, "/admin/account/devices/", "/forget").len(), 2, "the same device is one");
    let path = forget_path(&page, 1);
    sign_in(&home, FIREFOX, &email, PASSWORD).await.is(303);
    home.get(ACCOUNT).await.is(200).does_not_say("someone signed in");
    // Each of their own only.
    other.post_and_follow(&path, &[]).await.is(200).says("This device was forgotten before");
    let page = home.post_and_follow(&path, &[]).await.is(200).says("The device was forgotten");
    assert_eq!(between(&page, "/admin/account/devices/", "/forget").len(), 1);
    home.post_and_follow(&path, &[]).await.is(200).says("This device was forgotten before");
    // It is like any other now, and this one is not.
    let guesser = app.visitor();
    while sign_in(&guesser, PHONE, &email, "wrong").await.status == 422 {}
    sign_in(&phone, PHONE, &email, PASSWORD).await.is(429);
    sign_in(&home, FIREFOX, &email, PASSWORD).await.is(303);
    // A new password keeps the list, and the device its place in it.
    let typed = [("current_password", PASSWORD), ("password", "copper lantern willow drum")];
    home.post("/admin/account/password", &typed).await.is(303);
    assert_eq!(between(&home.get(ACCOUNT).await, "/admin/account/devices/", "/forget").len(), 1);
    app.app.clock.advance(181 * DAY);
    background::tick(&app.app).await.unwrap();
    assert_eq!(app.app.read().value::<i64>("select count(*) from known_device", ()).await.unwrap(), 0);
}
