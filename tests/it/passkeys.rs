//! Passkeys: adding them, signing in with them, what is refused, and the way back without them.

use crate::{
    authenticator::{Authenticator, ORIGIN, SITE},
    harness::{PASSWORD, Reply, TestApp, TestUser},
    second_factor::{actions, add_app, between},
};

const MINUTE: i64 = 60_000;
const NEW: &str = "/admin/account/passkeys/new";
const SIGN_IN: &str = "/admin/sign-in/passkey";
const ASK: &str = "/admin/sign-in/passkey/challenge";
const CODE: &str = "/admin/sign-in/code";
const HOST: &str = "localhost:3000";

async fn portal() -> TestApp {
    TestApp::with(&["--public-url", ORIGIN, "--login-limit", "1000"]).await
}

fn at_home(mut who: TestUser) -> TestUser {
    HOST.clone_into(&mut who.host);
    who
}

fn plain(text: &str) -> String {
    text.replace("&quot;", "\"").replace("&#39;", "'").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// What a screen has its script ask the browser for.
fn options(screen: &Reply, name: &str) -> String {
    plain(&between(screen, &format!("{name}=\""), "\"")[0])
}

/// Adds a passkey to a signed-in user; gives the recovery codes too, if they were shown.
pub async fn add_passkey(who: &TestUser) -> (Authenticator, Vec<String>) {
    let screen = who.post_and_follow("/admin/account/passkeys", &[]).await.is(200);
    let (key, answer) = Authenticator::make(&options(&screen, "data-passkey-new"));
    let reply = who.post(NEW, &[("name", "Telephone"), ("answer", &answer)]).await;
    (key, if reply.status == 200 { between(&reply, "<li><code>", "<") } else { Vec::new() })
}

async fn ask(who: &TestUser) -> String {
    who.post(ASK, &[]).await.is(200).text
}

/// Signs in with a passkey that says what it says.
async fn sign_in(who: &TestUser, key: &Authenticator) -> Reply {
    let answer = key.sign(&ask(who).await);
    who.post(SIGN_IN, &[("answer", &answer), ("next", "/admin/account")]).await
}

#[tokio::test]
async fn a_passkey_is_added_signs_in_alone_and_is_removed() {
    let app = portal().await;
    let editor = at_home(app.editor().await);
    let elsewhere = at_home(app.visitor());
    let typed = [("email", editor.email.as_str()), ("password", PASSWORD)];
    elsewhere.post("/admin/sign-in", &typed).await.is(303);
    let screen = editor.post_and_follow("/admin/account/passkeys", &[]).await.is(200).does_not_say("style=");
    let (_, foreign) = Authenticator::make_at(&options(&screen, "data-passkey-new"), "https://evil.example");
    let page = editor.post(NEW, &[("name", "My key"), ("answer", &foreign)]).await.is(422);
    let page = page.says("The passkey was not made for this site").says("value=\"My key\"");
    let (_, answer) = Authenticator::make(&options(&page, "data-passkey-new"));
    editor.post(NEW, &[("name", " "), ("answer", &answer)]).await.is(422).says("Enter a name");
    editor.post(NEW, &[("name", "Again"), ("answer", &answer)]).await.is(422).says("or too late");
    let (mut key, recovery) = add_passkey(&editor).await;
    assert_eq!(recovery.len(), 10);
    elsewhere.get("/admin/account").await.is(303);
    editor
        .get("/admin/account")
        .await
        .is(200)
        .says("Telephone")
        .says("Never")
        .says("not used: 10")
        .says("on one device");

    let who = at_home(app.visitor());
    who.get("/admin/sign-in").await.is(200).says("data-passkey hidden").says("username webauthn");
    assert!(who.cookies.lock().unwrap().is_empty(), "a cookie before anything is asked");
    key.count = 1;
    assert_eq!(sign_in(&who, &key).await.is(303).location(), "/admin/account");
    who.get("/admin/account").await.is(200).says(&editor.email).does_not_say("Never");
    who.post(ASK, &[]).await.is(204);
    who.get("/admin/account").await.is(200);
    let said = actions(&app).await;
    for line in ["user.add_passkey Edith Editor Telephone", "user.sign_in Edith Editor with a passkey"] {
        assert!(said.contains(&line.to_owned()), "{said:#?}");
    }
    // The password is not enough any more; with a recovery code it is.
    let lost = at_home(app.visitor());
    assert_eq!(lost.post("/admin/sign-in", &typed).await.is(303).location(), CODE);
    lost.get(CODE).await.is(200).says("data-passkey hidden");
    lost.get("/admin/account").await.is(303);
    lost.post(CODE, &[("code", &recovery[0])]).await.is(303);
    lost.post("/admin/account/passkeys", &[("confirm_password", PASSWORD)]).await.is(303);
    let id = between(&lost.get("/admin/account").await, "/admin/account/passkeys/", "/remove")[0].clone();
    let path = format!("/admin/account/passkeys/{id}/remove");
    let other = at_home(app.editor().await);
    other.post_and_follow(&path, &[]).await.is(200).says("This passkey was removed before");
    lost.post_and_follow(&path, &[]).await.is(200).says("The passkey was removed here").says("Your password alone");
    who.get("/admin/account").await.is(303);
    key.count = 2;
    sign_in(&at_home(app.visitor()), &key).await.is(422).says("No account here has this passkey");
    assert_eq!(app.app.read().value::<i64>("select count(*) from recovery_code", ()).await.unwrap(), 0);
    at_home(app.visitor()).post("/admin/sign-in", &typed).await.is(303);
}

#[tokio::test]
async fn what_a_passkey_signs_counts_once_in_one_session_and_for_five_minutes() {
    let app = portal().await;
    let editor = at_home(app.editor().await);
    let (mut key, _) = add_passkey(&editor).await;
    key.count = 1;
    let who = at_home(app.visitor());
    let question = ask(&who).await;
    let answer = key.sign(&question);
    let send = [("answer", answer.as_str())];
    // Others cannot send it.
    let thief = at_home(app.visitor());
    thief.post(SIGN_IN, &send).await.is(422);
    ask(&thief).await;
    thief.post(SIGN_IN, &send).await.is(422);
    // Two at once, with the same cookies, on two nodes.
    let copy = at_home(app.visitor());
    copy.cookies.lock().unwrap().clone_from(&who.cookies.lock().unwrap());
    let other = TestApp::over(app.data.clone(), &["--public-url", ORIGIN]).await;
    let copy = copy.at(&other);
    let (one, two) = tokio::join!(who.post(SIGN_IN, &send), copy.post(SIGN_IN, &send));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 422]);
    // Late.
    let late = at_home(app.visitor());
    key.count = 2;
    let answer = key.sign(&ask(&late).await);
    app.app.clock.advance(5 * MINUTE);
    late.post(SIGN_IN, &[("answer", &answer)]).await.is(422).says("it took too long");
    late.post(SIGN_IN, &[("answer", "no JSON")]).await.is(422);
    sign_in(&late, &key).await.is(303);
}

#[tokio::test]
async fn a_passkey_that_is_not_right_lets_nobody_in() {
    let app = portal().await;
    let (editor, other) = (at_home(app.editor().await), at_home(app.editor().await));
    let (mut key, _) = add_passkey(&editor).await;
    let (stranger, _) = add_passkey(&other).await;
    key.count = 5;
    sign_in(&at_home(app.visitor()), &key).await.is(303);
    let right = (key.handle.clone(), key.id.clone());
    let refuse = async |what: &str, key: &Authenticator| {
        let who = at_home(app.visitor());
        let reply = sign_in(&who, key).await;
        assert_eq!(reply.status, 422, "{what}");
        reply.says("No account here has this passkey");
        assert_eq!(who.get("/admin/account").await.status, 303, "{what}");
    };
    key.count = 5;
    refuse("a copy, whose count goes back", &key).await;
    key.count = 6;
    key.origin = "https://evil.example".to_owned();
    refuse("another site shows it", &key).await;
    key.origin = ORIGIN.to_owned();
    key.site = "evil.example".to_owned();
    refuse("a passkey of another site", &key).await;
    key.site = SITE.to_owned();
    key.is_unlocked = false;
    refuse("nobody has unlocked it", &key).await;
    key.is_unlocked = true;
    key.handle.clone_from(&stranger.handle);
    refuse("it says that it is another user's", &key).await;
    key.id.clone_from(&stranger.id);
    refuse("another key has signed", &key).await;
    (key.handle, key.id) = right;
    let said = actions(&app).await;
    let failures = said.iter().filter(|line| line.ends_with("with a passkey that was refused")).count();
    assert_eq!(failures, 6, "{said:#?}");
    at_home(app.admin().await)
        .post(&format!("/admin/users/{}/deactivate", editor.actor.id.unwrap()), &[])
        .await
        .is(303);
    refuse("its user is deactivated", &key).await;
    at_home(app.admin().await)
        .post(&format!("/admin/users/{}/reactivate", editor.actor.id.unwrap()), &[])
        .await
        .is(303);
    sign_in(&at_home(app.visitor()), &key).await.is(303);
}

#[tokio::test]
async fn dangerous_acts_take_a_passkey_in_place_of_the_password() {
    let app = portal().await;
    let admin = at_home(app.admin().await);
    let path = "/admin/account/recovery-codes";
    let (mut key, _) = add_passkey(&admin).await;
    let other = at_home(app.admin().await);
    let (stranger, _) = add_passkey(&other).await;
    app.app.clock.advance(11 * MINUTE);
    let asked = admin.post(path, &[]).await.is(200).says("Use a passkey").does_not_say("or a code from");
    let foreign = stranger.sign(&options(&asked, "data-passkey-confirm"));
    let asked = admin.post(path, &[("confirm_passkey", &foreign)]).await.is(422).says("not a passkey of yours");
    key.count = 1;
    let answer = key.sign(&options(&asked, "data-passkey-confirm"));
    admin
        .post(path, &[("confirm_passkey", &answer), ("confirm_password", "")])
        .await
        .is(200)
        .says("not be shown again");
    app.app.clock.advance(11 * MINUTE);
    admin.post(path, &[("confirm_passkey", &answer)]).await.is(422);
    admin
        .post(path, &[("confirm_passkey", ""), ("confirm_password", PASSWORD)])
        .await
        .is(200)
        .says("not be shown again");
}

#[tokio::test]
async fn a_passkey_is_the_second_factor_that_a_role_needs() {
    let app = portal().await;
    let (admin, editor) = (at_home(app.admin().await), at_home(app.editor().await));
    admin.post_and_follow("/admin/users/second-factor", &[("for_editors", "yes")]).await.is(200);
    let lead = "/admin/account/second-factor";
    assert_eq!(editor.get("/admin/pages").await.is(303).location(), lead);
    editor.get(lead).await.is(200).says("Add a passkey");
    let (mut key, _) = add_passkey(&editor).await;
    editor.get("/admin/pages").await.is(200);
    key.count = 1;
    let who = at_home(app.visitor());
    sign_in(&who, &key).await.is(303);
    who.get("/admin/pages").await.is(200);
    // A code app beside it: removing one leaves the other, and the recovery codes.
    add_app(&app, &editor).await;
    let removed = editor.post_and_follow("/admin/account/code-app/remove", &[]).await.is(200);
    removed.says("Your code app was removed. Your").says("not used: 10");
    let at = format!("/admin/users/{}/factors/remove", editor.actor.id.unwrap());
    admin.post_and_follow(&at, &[]).await.is(200).says("were removed");
    key.count = 2;
    sign_in(&at_home(app.visitor()), &key).await.is(422);
}

#[tokio::test]
async fn without_a_secure_address_there_are_no_passkeys_and_a_sentence_says_why() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let sentence = "PLINTH_PUBLIC_URL";
    editor.get("/admin/account").await.is(200).says(sentence).does_not_say("action=\"/admin/account/passkeys\"");
    editor.post_and_follow("/admin/account/passkeys", &[]).await.is(200).says(sentence);
    assert_eq!(editor.get(NEW).await.is(303).location(), "/admin/account");
    app.visitor().get("/admin/sign-in").await.is(200).does_not_say("data-passkey");
    app.visitor().post(ASK, &[]).await.is(404);
    app.visitor().post(SIGN_IN, &[("answer", "{}")]).await.is(404);
}
