//! Signing in and out, sessions, throttling.

use axum::{
    body::Body,
    http::{Method, header},
};
use plinth::{
    app::background,
    model::audit_log::{self, AuditEntry, AuditFilter},
};

use crate::harness::{PASSWORD, Reply, TestApp, TestUser};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

#[tokio::test]
async fn before_the_first_administrator_the_sign_in_says_what_to_do() {
    let app = TestApp::new().await;
    let page = app.visitor().get("/admin/sign-in").await.is(200).says("This portal has no administrator yet");
    page.says("in its log").says("plinth user add").does_not_say("ask an administrator").does_not_say("<form");
    for (email, password) in [("owner@portal.example", "wrong"), ("", "")] {
        let again = sign_in(&app.visitor(), email, password).await.is(422);
        again.says("This portal has no administrator yet").does_not_say("<form");
    }
    // An editor can sign in all the same.
    app.editor().await;
    app.visitor().get("/admin/sign-in").await.says("no administrator yet").says("name=\"password\"");
    app.admin().await;
    let page = app.visitor().get("/admin/sign-in").await.is(200).says("ask an administrator");
    page.does_not_say("no administrator yet");
}

async fn sign_in(who: &TestUser, email: &str, password: &str) -> Reply {
    who.post("/admin/sign-in", &[("email", email), ("password", password)]).await
}

fn cookies(reply: &Reply) -> Vec<String> {
    reply.headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap().to_owned()).collect()
}

async fn actions(app: &TestApp) -> Vec<String> {
    let entries = audit_log::list(app.app.read(), &AuditFilter { text: "user.".to_owned(), ..Default::default() }, 50)
        .await
        .unwrap();
    entries.into_iter().map(|e| format!("{} {} {}", e.action, e.actor_name, e.detail).trim_end().to_owned()).collect()
}

#[tokio::test]
async fn an_editor_signs_in_and_out() {
    let app = TestApp::new().await;
    let email = app.editor().await.email;
    let who = app.visitor();
    who.get("/admin/account").await.is(303);
    let asked = who.get("/admin/account?x=1").await.is(303).location();
    assert_eq!(asked, "/admin/sign-in?next=%2Fadmin%2Faccount%3Fx%3D1");
    who.get(&asked).await.is(200).says("Sign in").says("/admin/account?x=1");

    let folded = format!("  {} ", email.to_uppercase());
    let fields = [("email", folded.as_str()), ("password", PASSWORD), ("next", "/admin/account?x=1")];
    let reply = who.post("/admin/sign-in", &fields).await.is(303);
    assert_eq!(reply.location(), "/admin/account?x=1");
    who.get("/admin/account").await.is(200).says(&email);
    assert_eq!(who.get("/admin/sign-in?next=/admin/account").await.is(303).location(), "/admin/account");

    who.post_and_follow("/admin/sign-out", &[]).await.is(200).says("You are signed out");
    who.get("/admin/account").await.is(303);
    who.post("/admin/sign-out", &[]).await.is(303);
    let entries = actions(&app).await;
    assert_eq!(entries[0], "user.sign_out Edith Editor");
    assert_eq!(entries[1], "user.sign_in Edith Editor");
}

#[tokio::test]
async fn foreign_places_are_not_gone_to() {
    let app = TestApp::new().await;
    let email = app.editor().await.email;
    for next in ["//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example"] {
        let fields = [("email", email.as_str()), ("password", PASSWORD), ("next", next)];
        assert_eq!(app.visitor().post("/admin/sign-in", &fields).await.is(303).location(), "/admin", "{next}");
    }
}

#[tokio::test]
async fn every_refusal_reads_the_same() {
    let app = TestApp::new().await;
    let (known, out) = (app.editor().await, app.editor().await);
    let write = app.app.write(app.admin().await.actor).await.unwrap();
    plinth::model::roles::deactivate(&write, out.actor.id.unwrap()).await.unwrap();
    write.commit().await.unwrap();
    let mut pages = Vec::new();
    for (email, password) in
        [(known.email.as_str(), "wrong"), (&out.email, PASSWORD), ("nobody@portal.example", PASSWORD)]
    {
        let who = app.visitor();
        let reply = sign_in(&who, email, password).await.is(422).says("is not right").does_not_say(password);
        assert!(cookies(&reply).is_empty());
        pages.push(reply.says(&format!("value=\"{email}\"")).unmarked().replace(email, "…"));
    }
    assert_eq!(pages[0], pages[1]);
    assert_eq!(pages[0], pages[2]);
    // Failures for unknown accounts are in the security log only: strangers do not fill the audit log.
    let entries = actions(&app).await;
    let failed: Vec<_> = entries.iter().filter(|entry| entry.starts_with("user.sign_in_failed")).collect();
    assert_eq!(failed.len(), 2, "{failed:?}");
    assert_eq!(*failed[1], "user.sign_in_failed A visitor", "no address is kept for ever");
}

#[tokio::test]
async fn empty_fields_are_named() {
    let app = TestApp::new().await;
    app.editor().await;
    app.visitor()
        .post("/admin/sign-in", &[])
        .await
        .is(422)
        .says("Enter your e-mail address")
        .says("Enter your password");
}

#[tokio::test]
async fn a_planted_session_id_is_not_taken_over() {
    let app = TestApp::new().await;
    let (attacker, victim) = (app.editor().await, app.editor().await);
    let planted = cookie_line(&attacker);
    // The victim's browser holds the attacker's session when the victim signs in.
    sign_in(&attacker, &victim.email, PASSWORD).await.is(303);
    assert!(!cookie_line(&attacker).contains(&planted));
    attacker.get("/admin/account").await.is(200).says(&victim.email);
    let request = app.visitor().request(Method::GET, "/admin/account").header(header::COOKIE, planted);
    app.visitor().send(request.body(Body::empty()).unwrap()).await.is(303);
}

fn cookie_line(who: &TestUser) -> String {
    let request = who.request(Method::GET, "/").body(Body::empty()).unwrap();
    request.headers()[header::COOKIE].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn cookies_are_kept_from_scripts_and_over_https_from_others() {
    let app = TestApp::with(&["--public-url", "https://portal.example"]).await;
    let email = app.editor().await.email;
    let mut who = app.visitor();
    who.host = "portal.example".to_owned();
    let reply = sign_in(&who, &email, PASSWORD).await.is(303);
    let set = cookies(&reply);
    assert_eq!(set.len(), 2, "{set:?}");
    for (cookie, name) in set.iter().zip(["__Host-plinth-device=", "__Host-plinth="]) {
        assert!(cookie.starts_with(name), "{cookie}");
        for part in ["; HttpOnly", "; SameSite=Lax", "; Secure", "; Path=/"] {
            assert!(cookie.contains(part), "{cookie} has no {part}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
    who.get("/admin/account").await.is(200);
    let gone = cookies(&who.post("/admin/sign-out", &[]).await.is(303));
    let forget = |c: &String| c.starts_with("__Host-plinth=;") && c.contains("Max-Age=0") && c.contains("Secure");
    assert!(gone.iter().any(forget), "{gone:?}");

    let plain = TestApp::new().await;
    let email = plain.editor().await.email;
    for cookie in cookies(&sign_in(&plain.visitor(), &email, PASSWORD).await) {
        assert!(!cookie.contains("Secure") && cookie.contains("HttpOnly"), "{cookie}");
    }
    assert!(cookies(&plain.visitor().get("/admin/sign-in").await.is(200)).is_empty());
}

#[tokio::test]
async fn an_idle_session_ends_and_a_used_one_lasts_till_the_evening() {
    let app = TestApp::new().await;
    let email = app.editor().await.email;
    let who = app.visitor();
    sign_in(&who, &email, PASSWORD).await.is(303);
    app.app.clock.advance(2 * HOUR - MINUTE);
    who.get("/admin/account").await.is(200);
    app.app.clock.advance(2 * HOUR + MINUTE);
    // What ended is remembered for a while, so that the reason can be told, and said once.
    background::tick(&app.app).await.unwrap();
    let location = who.get("/admin/account?x=1").await.is(303).location();
    assert_eq!(location, "/admin/sign-in?next=%2Fadmin%2Faccount%3Fx%3D1&why=idle");
    let screen = who.get(&location).await.is(200).says("value=\"/admin/account?x=1\"");
    screen.says("You were signed out because nothing was opened or saved here for 2 hours. Sign in to go on.");
    assert_eq!(who.get("/admin").await.is(303).location(), "/admin/sign-in");
    app.visitor().get("/admin/sign-in?why=nonsense").await.is(200).does_not_say("signed out because");

    let who = app.visitor();
    sign_in(&who, &email, PASSWORD).await.is(303);
    for _ in 0..11 {
        app.app.clock.advance(HOUR);
        who.get("/admin/account").await.is(200);
    }
    app.app.clock.advance(HOUR);
    assert_eq!(who.get("/admin").await.is(303).location(), "/admin/sign-in?why=expired");
    let left: i64 = app
        .app
        .read()
        .value("select count(*) from session where expires_at > $1 and user_id is not null", (app.app.now(),))
        .await
        .unwrap();
    assert_eq!(left, 0);
    app.run_days(4).await;
    background::tick(&app.app).await.unwrap();
    let rows: i64 = app.app.read().value("select count(*) from session", ()).await.unwrap();
    assert_eq!(rows, 0);

    // Ended by someone.
    let (who, again) = (app.visitor(), app.visitor());
    for browser in [&who, &again] {
        sign_in(browser, &email, PASSWORD).await.is(303);
    }
    again.post("/admin/account/sessions/end", &[]).await.is(303);
    let location = who.get("/admin").await.is(303).location();
    who.get(&location).await.says("because your session was ended");
}

#[tokio::test]
async fn a_failing_storage_is_told_as_such_at_the_sign_in() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    // Their session has ended, and its row cannot be deleted, which must not be an error for a reader.
    let write = app.app.write(editor.actor.clone()).await.unwrap();
    let change = "update users set credential_version = credential_version + 1 where id = $1";
    write.execute(change, (editor.actor.id,)).await.unwrap();
    write.record(AuditEntry::new("test", "test", None, "test"));
    write.commit().await.unwrap();
    app.fail_next_write().await;
    assert_eq!(editor.get("/admin").await.is(303).location(), "/admin/sign-in?why=ended");

    let who = app.visitor();
    app.fail_next_write().await;
    let reply = sign_in(&who, &editor.email, PASSWORD).await.is(503).says("The storage of this site does not work");
    let reply = reply.says(&format!("value=\"{}\"", editor.email)).does_not_say(PASSWORD);
    assert_eq!(reply.header("retry-after"), "60");
    sign_in(&who, &editor.email, PASSWORD).await.is(303);
    // The browser forgets the session, and its user is told that the server has not ended it.
    app.fail_next_write().await;
    let reply = who.post("/admin/sign-out", &[("submission", "x")]).await.is(503);
    let reply = reply.says("This browser is signed out. The server could not end the session");
    assert!(reply.header("set-cookie").contains("Max-Age=0") && reply.header("clear-site-data").contains("cache"));
    assert_eq!(reply.header("retry-after"), "60");
    who.get("/admin/account").await.is(303);
}

#[tokio::test]
async fn what_was_typed_survives_the_end_of_a_session() {
    let app = TestApp::new().await;
    let email = app.editor().await.email;
    let who = app.visitor();
    sign_in(&who, &email, PASSWORD).await.is(303);
    app.app.clock.advance(3 * HOUR);
    let fields = [("name", "Edith \"E\" <Editor>"), ("name", "twice"), ("password", "never shown")];
    let page = who.post("/admin/account?x=1", &fields).await.is(401);
    let page = page
        .says("Nothing you typed is lost")
        .says("target=\"_blank\"")
        .says("action=\"/admin/account?x=1\"")
        .says(">Your name</label>")
        .says("name=\"name\" rows=\"1\" readonly>\nEdith &quot;E&quot; &lt;Editor&gt;</textarea>")
        .says("twice</textarea>")
        .says("<h1>You have been signed out</h1>")
        .says("You were signed out because nothing was opened or saved here for 2 hours.")
        .does_not_say("never shown");
    assert_eq!(page.header("cache-control"), "no-store");
    // For scripts, which show no page.
    assert!(page.header("x-signed-out").contains("for 2 hours"));
    assert_eq!(page.header("x-deactivated"), "");
    // In the new tab, then the button.
    sign_in(&who, &email, PASSWORD).await.is(303);
    who.post_and_follow("/admin/account", &[("was_name", "Edith Editor"), ("name", "Edith E")])
        .await
        .is(200)
        .says("Your name was saved");
}

#[tokio::test]
async fn a_deactivated_user_is_told_so() {
    let app = TestApp::new().await;
    let (admin, editor) = (app.admin().await, app.editor().await);
    let who = app.visitor();
    sign_in(&who, &editor.email, PASSWORD).await.is(303);
    let id = editor.actor.id.unwrap();
    admin.post(&format!("/admin/users/{id}/deactivate"), &[]).await.is(303);
    let kept = editor.post("/admin/account", &[("name", "Edna Editor")]).await.is(401).says("Edna Editor");
    let kept = kept.says("Your account was deactivated").does_not_say("Sign in again");
    let kept = kept.says("account is active again, you can sign in in another tab");
    assert_eq!(kept.header("x-deactivated"), "yes");
    let to = who.get("/admin/account").await.is(303).location();
    who.get(&to).await.is(200).says("Your account was deactivated").does_not_say("Sign in to go on");
    // Reactivated, they can sign in again.
    admin.post(&format!("/admin/users/{id}/reactivate"), &[]).await.is(303);
    sign_in(&who, &editor.email, PASSWORD).await.is(303);
    let sessions = app.app.read().value::<i64>("select count(*) from session where user_id = $1", (id,)).await;
    assert_eq!(sessions.unwrap(), 1, "what was ended does not come back");
}
