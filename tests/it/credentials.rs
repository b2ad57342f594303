//! What a change of password, role or activation ends: sessions, links, known devices, and sign-ins under way.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll, ready},
};

use crate::harness::{PASSWORD, Reply, TestApp, TestUser};
use axum::{
    body::Body,
    http::{Method, header},
};
use bytes::Bytes;
use http_body::Frame;
use plinth::{
    clock::{DAY, HOUR},
    model::{
        actor::{Actor, Role},
        invitation,
        password::Cost,
        policy::Action,
        roles, user,
    },
};
use tokio::task::JoinSet;

const NEW: &str = "copper lantern willow drum";
const MINUTE: i64 = 60_000;

async fn sign_in(who: &TestUser, email: &str, password: &str) -> Reply {
    who.post("/admin/sign-in", &[("email", email), ("password", password)]).await
}

/// An administrator who has signed in with a password, and has confirmed nothing yet.
async fn signed_in_admin(app: &TestApp) -> TestUser {
    let admin = app.admin().await;
    sign_in(&admin, &admin.email, PASSWORD).await.is(303);
    admin
}

fn cookie(who: &TestUser, name: &str) -> String {
    let request = who.request(Method::GET, "/").body(Body::empty()).unwrap();
    let line = request.headers().get(header::COOKIE).map_or("", |line| line.to_str().unwrap()).to_owned();
    line.split("; ").find_map(|pair| pair.strip_prefix(&format!("{name}="))).unwrap_or_default().to_owned()
}

async fn with_cookie(app: &TestApp, cookie: &str, path: &str) -> Reply {
    let who = app.visitor();
    let request = who.request(Method::GET, path).header(header::COOKIE, cookie).body(Body::empty()).unwrap();
    who.send(request).await
}

fn link(page: &Reply) -> String {
    let from = page.text.find("/admin/invitations/").expect("a link");
    page.text[from..].split(['"', '<']).next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sign_ins_that_wait_while_the_password_changes_open_nothing() {
    let app = TestApp::new().await;
    let app = TestApp::with_cost(app.data.clone(), &[], Cost::Usual).await;
    let editor = app.editor().await;
    let user = user::get(app.app.read(), editor.actor.id.unwrap()).await.unwrap();
    let hashed = app.app.hasher.hash_new(NEW, &[]).await.unwrap();
    let mut waiting = JoinSet::new();
    for _ in 0..8 {
        let (who, email) = (app.visitor(), editor.email.clone());
        waiting.spawn(async move {
            let reply = sign_in(&who, &email, PASSWORD).await;
            (who, reply.status.as_u16())
        });
    }
    let first = loop {
        // More attempts at once than one network has.
        match waiting.join_next().await.expect("one who signs in").unwrap() {
            (who, 303) => break who,
            (_, status) => assert_eq!(status, 429),
        }
    };
    let write = app.app.write(Actor::system("test")).await.unwrap();
    user::set_password(&write, &user, &hashed).await.unwrap();
    write.commit().await.unwrap();
    let mut refused = 0;
    first.get("/admin/account").await.is(303);
    while let Some(ended) = waiting.join_next().await {
        let (who, status) = ended.unwrap();
        refused += usize::from(status == 422);
        who.get("/admin/account").await.is(303);
    }
    assert!(refused > 0, "none was waiting");
    sign_in(&app.visitor(), &editor.email, NEW).await.is(303);
}

#[tokio::test]
async fn a_session_under_other_credentials_has_ended() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    editor.get("/admin/account").await.is(200);
    let stored = "update users set credential_version = credential_version + 1 where id = $1";
    let tx = plinth::db::transaction::Transaction::begin(&app.app.db).await.unwrap();
    tx.execute(stored, (editor.actor.id.unwrap(),)).await.unwrap();
    tx.commit().await.unwrap();
    editor.get("/admin/account").await.is(303);
}

#[tokio::test]
async fn a_new_password_gives_a_new_session_and_devices_have_to_become_known_again() {
    let app = TestApp::with(&["--login-limit", "1"]).await;
    let editor = app.editor().await;
    sign_in(&editor, &editor.email, PASSWORD).await.is(303);
    let old = cookie(&editor, "plinth");
    let old_device = format!("plinth-device={}", cookie(&editor, "plinth-device"));
    let fields = [("current_password", PASSWORD), ("password", NEW)];
    editor.post_and_follow("/admin/account/password", &fields).await.is(200).says("Your password was changed");
    assert_ne!(cookie(&editor, "plinth"), old);
    with_cookie(&app, &format!("plinth={old}"), "/admin/account").await.is(303);
    // The network's allowance is spent: only a known device has one left.
    sign_in(&app.visitor(), "nobody@portal.example", "wrong").await.is(422);
    editor.post("/admin/sign-out", &[]).await.is(303);
    let body = serde_html_form::to_string([("email", editor.email.as_str()), ("password", NEW)]).unwrap();
    let with_old = app
        .visitor()
        .request(Method::POST, "/admin/sign-in")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .header(header::COOKIE, old_device)
        .body(Body::from(body))
        .unwrap();
    app.visitor().send(with_old).await.is(429);
    sign_in(&editor, &editor.email, NEW).await.is(303);
}

#[tokio::test]
async fn another_role_ends_the_sessions_and_ones_own_goes_on_under_a_new_id() {
    let app = TestApp::new().await;
    let (admin, other) = (signed_in_admin(&app).await, app.admin().await);
    let at = format!("/admin/users/{}/role", other.actor.id.unwrap());
    let fields = [("was_role", "administrator"), ("role", "editor"), ("confirm_password", PASSWORD)];
    admin.post_and_follow(&at, &fields).await.is(200).says("is an editor now");
    other.get("/admin/account").await.is(303);

    let third = app.admin().await;
    let old = cookie(&admin, "plinth");
    let at = format!("/admin/users/{}/role", admin.actor.id.unwrap());
    assert_eq!(
        admin.post(&at, &[("was_role", "administrator"), ("role", "editor")]).await.is(303).location(),
        "/admin"
    );
    assert_ne!(cookie(&admin, "plinth"), old);
    admin.get("/admin").await.is(200).says("editor");
    with_cookie(&app, &format!("plinth={old}"), "/admin/account").await.is(303);
    third.get("/admin/users").await.is(200);
}

/// A body whose bytes come when something else has been done.
struct Late(Option<Pin<Box<dyn Future<Output = Bytes> + Send>>>);

impl http_body::Body for Late {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let Some(bytes) = self.0.as_mut() else { return Poll::Ready(None) };
        let bytes = ready!(bytes.as_mut().poll(context));
        self.0 = None;
        Poll::Ready(Some(Ok(Frame::data(bytes))))
    }
}

#[tokio::test]
async fn a_change_under_way_stops_when_its_author_is_deactivated() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let id = editor.actor.id.unwrap();
    let state = app.app.clone();
    // The body arrives after the permission check and before the change begins.
    let body = Late(Some(Box::pin(async move {
        let write = state.write(Actor::system("test")).await.unwrap();
        roles::deactivate(&write, id).await.unwrap();
        write.commit().await.unwrap();
        Bytes::from_static(b"name=Mallory")
    })));
    let request = editor
        .request(Method::POST, "/admin/account")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .body(Body::new(body))
        .unwrap();
    app.respond(request).await.is(409).says("Sign in again");
    assert_eq!(user::get(app.app.read(), id).await.unwrap().name, "Edith Editor");
}

#[tokio::test]
async fn whatever_changes_who_may_come_in_asks_for_the_password_again() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let id = editor.actor.id.unwrap().to_string();
    let mut walked = 0;
    let dangerous = [
        Action::ManageUsers,
        Action::ChangeOwnFactors,
        Action::ExportMessages,
        Action::DownloadBackups,
        Action::HandlePersonalData,
        Action::ManageWebhooks,
    ];
    for route in app.routes.iter().filter(|r| r.method == Method::POST && dangerous.contains(&r.action)) {
        let admin = signed_in_admin(&app).await;
        let path = route.path.replace("{id}", &id);
        let fields = [("role", "administrator"), ("name", "Eve <Eve>"), ("email", "eve@portal.example")];
        let page = admin.post(&path, &fields).await.is(200).says("Confirm with your password");
        page.says(&format!("action=\"{path}\"")).says("name=\"name\" value=\"Eve &lt;Eve&gt;\"");
        let wrong = [&fields[..], &[("confirm_password", "wrong")]].concat();
        admin.post(&path, &wrong).await.is(422).says("not your present password").does_not_say("value=\"wrong\"");
        walked += 1;
    }
    assert!(walked > 11);
    let user = user::get(app.app.read(), editor.actor.id.unwrap()).await.unwrap();
    assert_eq!((user.role, user.active), (Role::Editor, true));
    assert!(user::with_email(app.app.read(), "eve@portal.example").await.unwrap().is_none());
    editor.get("/admin/account").await.is(200);
}

#[tokio::test]
async fn a_confirmation_lasts_ten_minutes() {
    let app = TestApp::new().await;
    let (admin, editor) = (signed_in_admin(&app).await, app.editor().await);
    let at = format!("/admin/users/{}/link", editor.actor.id.unwrap());
    admin.post(&at, &[("confirm_password", PASSWORD)]).await.is(200).says("/admin/invitations/");
    app.app.clock.advance(9 * MINUTE);
    app.app.clock.jump(DAY);
    admin.post(&at, &[]).await.is(200).says("/admin/invitations/");
    app.app.clock.advance(MINUTE);
    app.app.clock.jump(-2 * DAY);
    admin.post(&at, &[]).await.is(200).says("Confirm with your password");
    for _ in 0..10 {
        admin.post(&at, &[("confirm_password", "wrong")]).await.is(422);
    }
    admin.post(&at, &[("confirm_password", PASSWORD)]).await.is(429).says("Try again in 6 minutes");
}

#[tokio::test]
async fn links_live_a_day_or_an_hour() {
    let app = TestApp::new().await;
    let (admin, editor) = (app.admin().await, app.editor().await);
    let typed = [("name", "Grace"), ("email", "grace@portal.example"), ("role", "editor")];
    let invited = link(&admin.post("/admin/users", &typed).await.is(200).says("24 hours"));
    let at = format!("/admin/users/{}", editor.actor.id.unwrap());
    let renewed = link(&admin.post(&format!("{at}/link"), &[]).await.is(200).says("one hour"));
    for (path, life) in [(renewed, HOUR), (invited, DAY - HOUR)] {
        app.app.clock.advance(life - MINUTE);
        app.visitor().get(&path).await.is(200);
        app.app.clock.advance(MINUTE);
        app.visitor().get(&path).await.is(410);
        app.visitor().post(&path, &[("name", "Grace"), ("password", NEW)]).await.is(410);
    }
}

#[tokio::test]
async fn a_link_from_a_clock_that_was_ahead_dies_with_the_error() {
    let app = TestApp::new().await;
    let (admin, editor) = (app.admin().await, app.editor().await);
    let at = format!("/admin/users/{}/link", editor.actor.id.unwrap());
    let before = link(&admin.post(&at, &[]).await.is(200));
    app.app.clock.jump(DAY);
    app.visitor().get(&before).await.is(410);
    app.app.clock.jump(-DAY);
    app.visitor().get(&before).await.is(200);
    app.app.clock.jump(DAY);
    let ahead = link(&admin.post(&at, &[]).await.is(200));
    app.app.clock.jump(-DAY);
    app.visitor().get(&ahead).await.is(410);
}

#[tokio::test]
async fn another_role_ends_the_links() {
    let app = TestApp::new().await;
    let (admin, editor) = (app.admin().await, app.editor().await);
    let at = format!("/admin/users/{}", editor.actor.id.unwrap());
    let path = link(&admin.post(&format!("{at}/link"), &[]).await.is(200));
    admin.post(&format!("{at}/role"), &[("was_role", "editor"), ("role", "administrator")]).await.is(303);
    app.visitor().get(&path).await.is(410);
}

#[tokio::test]
async fn a_link_used_twice_at_once_opens_once() {
    let app = TestApp::new().await;
    let (admin, editor) = (app.admin().await, app.editor().await);
    let at = format!("/admin/users/{}/link", editor.actor.id.unwrap());
    let path = link(&admin.post(&at, &[]).await.is(200));
    let (one, other) = (app.visitor(), app.visitor());
    let fields = [("password", NEW)];
    let (first, second) = tokio::join!(one.post(&path, &fields), other.post(&path, &fields));
    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 410]);
    let id = editor.actor.id.unwrap();
    assert!(invitation::pending(app.app.read(), id, app.app.now()).await.unwrap().is_none());
}

#[tokio::test]
async fn sessions_are_seen_and_ended() {
    let app = TestApp::new().await;
    let (admin, editor, elsewhere) = (app.admin().await, app.editor().await, app.visitor());
    sign_in(&elsewhere, &editor.email, PASSWORD).await.is(303);
    let page = editor.get("/admin/account").await.is(200).says("Where you are signed in");
    let page = page.says("Firefox on Linux").says("Unknown browser").says("This session, in use now");
    let from = page.text.find("/admin/account/sessions/").expect("a button");
    let end = page.text[from..].split(['"', '<']).next().unwrap().to_owned();
    // Nobody else's.
    admin.post(&end, &[]).await.is(303);
    elsewhere.get("/admin/account").await.is(200);
    editor.post_and_follow(&end, &[]).await.is(200).says("was ended").does_not_say(&end);
    elsewhere.get("/admin/account").await.is(303);

    sign_in(&elsewhere, &editor.email, PASSWORD).await.is(303);
    elsewhere.post_and_follow("/admin/account/sessions/end", &[]).await.is(200);
    editor.get("/admin/account").await.is(303);
    elsewhere.get("/admin/account").await.is(200).does_not_say("Firefox on Linux");

    let at = format!("/admin/users/{}", editor.actor.id.unwrap());
    admin.get(&at).await.is(200).says("Unknown browser");
    let page = admin.post_and_follow(&format!("{at}/sessions/end"), &[]).await.is(200).says("were ended");
    page.does_not_say("Unknown browser");
    elsewhere.get("/admin/account").await.is(303);
    admin.get("/admin/audit-log?q=ended+sessions").await.is(200).says("ended sessions of");
    // Where nothing is left to end, nothing is recorded.
    let sql = "select count(*) from audit_log where action = 'user.end_sessions'";
    let recorded: i64 = app.app.read().value(sql, ()).await.unwrap();
    assert_eq!(recorded, 3);
    admin.post(&format!("{at}/sessions/end"), &[]).await.is(303);
    admin.post("/admin/account/sessions/end", &[]).await.is(303);
    assert_eq!(app.app.read().value::<i64>(sql, ()).await.unwrap(), recorded);
}

#[tokio::test]
async fn signing_out_leaves_nothing_but_the_known_device() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    sign_in(&editor, &editor.email, PASSWORD).await.is(303);
    let reply = editor.post("/admin/sign-out", &[]).await.is(303);
    assert_eq!(reply.header("clear-site-data"), "\"cache\", \"storage\"");
    assert_eq!(cookie(&editor, "plinth"), "");
    assert_ne!(cookie(&editor, "plinth-device"), "");
}

#[tokio::test]
async fn a_hash_that_costs_too_little_is_made_again_at_the_sign_in() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let sql = "select password_hash from users where id = $1";
    let hash = async || app.app.read().value::<String>(sql, (editor.actor.id.unwrap(),)).await.unwrap();
    let before = hash().await;
    sign_in(&app.visitor(), &editor.email, PASSWORD).await.is(303);
    assert_eq!(hash().await, before, "it costs as much as hashes do here");
    let costly = TestApp::with_cost(app.data.clone(), &[], Cost::Usual).await;
    sign_in(&costly.visitor(), &editor.email, "wrong").await.is(422);
    assert_eq!(hash().await, before);
    sign_in(&costly.visitor(), &editor.email, PASSWORD).await.is(303);
    let after = hash().await;
    assert!(after.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{after}");
    editor.get("/admin/account").await.is(200);
    sign_in(&app.visitor(), &editor.email, PASSWORD).await.is(303);
    assert_eq!(hash().await, after, "it is never made to cost less");
}
