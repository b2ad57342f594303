//! Users, invitations, the first administrator.

use crate::harness::{PASSWORD, Reply, TestApp, TestUser};
use plinth::{
    app::first_run,
    clock::DAY,
    db::transaction::Transaction,
    model::{
        actor::Role,
        audit_log::{self, AuditFilter},
        audit_log_check,
    },
};

const NEW: &str = "copper lantern willow drum";

/// The path of the one-time link on a page.
fn link(page: &Reply) -> String {
    let from = page.text.find("/admin/invitations/").expect("a link");
    page.text[from..].split(['"', '<']).next().unwrap().to_owned()
}

async fn setup_path(app: &TestApp) -> Option<String> {
    let link = first_run::setup_link(&app.app).await.unwrap()?;
    Some(link.strip_prefix("http://127.0.0.1:3000").expect("the public address").to_owned())
}

async fn invite(admin: &TestUser, name: &str, email: &str) -> Reply {
    admin.post("/admin/users", &[("name", name), ("email", email), ("role", "editor")]).await.is(200)
}

#[tokio::test]
async fn the_first_administrator_comes_in_by_the_printed_link() {
    let app = TestApp::new().await;
    let older = setup_path(&app).await.unwrap();
    let path = setup_path(&app).await.unwrap();
    let who = app.visitor();
    // Another node may have printed it.
    who.get(&older).await.is(200);
    who.get(&path).await.is(200).says("Make the first administrator");

    let typed = [("name", "Ada <Admin>"), ("email", "ada@portal"), ("password", "iso 20000 portal")];
    let page = who.post(&path, &typed).await.is(422);
    page.says("Ada &lt;Admin&gt;").says("know about you").does_not_say("iso 20000 portal");
    let bad = [("name", ""), ("email", "ada"), ("password", "short")];
    who.post(&path, &bad).await.is(422).says("Enter a name").says("Enter an e-mail").says("at least 12");

    let good = [("name", "Ada Admin"), ("email", "Ada@Portal.example"), ("password", PASSWORD)];
    assert_eq!(who.post(&path, &good).await.is(303).location(), "/admin");
    who.get("/admin/users").await.is(200).says("Ada Admin").says("ada@portal.example");
    for used_up in [&path, &older] {
        app.visitor().post(used_up, &good).await.is(410).says("ask an administrator");
    }
    assert_eq!(setup_path(&app).await, None, "no more links once there is an administrator");
    let fields = [("email", "ada@portal.example"), ("password", PASSWORD)];
    app.visitor().post("/admin/sign-in", &fields).await.is(303);
    let entries =
        audit_log::list(app.app.read(), &AuditFilter { text: "user.create".to_owned(), ..Default::default() }, 9).await;
    assert_eq!(entries.unwrap()[0].actor_name, "Ada Admin");
    assert!(audit_log_check::check(app.app.read(), None, |_| {}).await.unwrap().is_good());
}

#[tokio::test]
async fn the_setup_link_dies_after_a_day_and_with_the_first_administrator() {
    let app = TestApp::new().await;
    let path = setup_path(&app).await.unwrap();
    app.app.clock.advance(DAY - 60_000);
    app.visitor().get(&path).await.is(200);
    app.app.clock.advance(60_000);
    app.visitor().get(&path).await.is(410).says("does not work any more").says("start Plinth again");

    let path = setup_path(&app).await.unwrap();
    app.visitor().get(&path).await.is(200);
    app.editor().await;
    app.visitor().get(&path).await.is(200);
    app.admin().await;
    let typed = [("name", "Eve"), ("email", "eve@portal.example"), ("password", PASSWORD)];
    app.visitor().post(&path, &typed).await.is(410).says("Go to the sign-in");
    app.visitor().get("/admin/setup/made-up").await.is(410);
}

#[tokio::test]
async fn a_user_is_invited_and_joins() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    admin.get("/admin/users/new").await.is(200).says("Invite a user");
    let bad = [("name", "Grace"), ("email", "grace"), ("role", "owner")];
    admin.post("/admin/users", &bad).await.is(422).says("Enter an e-mail").says("Choose a role").says("Grace");
    let page = invite(&admin, "Grace Hopper", "grace@portal.example").await.says("shown this once");
    assert_eq!(page.header("cache-control"), "no-store");
    let path = link(&page);
    admin.get("/admin/users").await.is(200).says("Invited").does_not_say(&path);
    let again = [("name", "Grace"), ("email", "GRACE@portal.example "), ("role", "editor")];
    admin.post("/admin/users", &again).await.is(422).says("There is already an account");

    let who = app.visitor();
    who.get(&path).await.is(200).says("Accept your invitation").says("grace@portal.example");
    who.get(&path.replace("invitations", "setup")).await.is(410);
    who.post(&path, &[("name", "Grace"), ("password", "grace hopper")]).await.is(422).says("know about you");
    // The e-mail is not theirs to choose.
    let typed = [("name", "Grace B. Hopper"), ("email", "x@portal.example"), ("password", NEW)];
    assert_eq!(who.post(&path, &typed).await.is(303).location(), "/admin");
    who.get("/admin/account").await.is(200).says("Grace B. Hopper").says("grace@portal.example");
    who.get("/admin/users").await.is(403);
    app.visitor().post(&path, &typed).await.is(410).says("ask an administrator");
    admin.get("/admin/users").await.is(200).says("Grace B. Hopper").does_not_say("Invited");
}

#[tokio::test]
async fn an_invitation_lasts_a_day_and_a_new_one_replaces_it() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let first = link(&invite(&admin, "Grace", "grace@portal.example").await);
    let id = user_id(&app, "grace@portal.example").await;
    let second = link(&admin.post(&format!("/admin/users/{id}/link"), &[]).await.is(200).says("works for 24 hours"));
    app.visitor().get(&first).await.is(410);
    // Another node may have made it, whose clock is minutes ahead; one that is hours ahead is wrong.
    for (sql, status) in [
        ("update invitation set created_at = created_at + 240000", 200),
        ("update invitation set created_at = created_at + 7200000", 410),
        ("update invitation set created_at = created_at - 7440000", 200),
    ] {
        let tx = Transaction::begin(&app.app.db).await.unwrap();
        tx.execute(sql, ()).await.unwrap();
        tx.commit().await.unwrap();
        app.visitor().get(&second).await.is(status);
    }
    app.app.clock.advance(DAY - 60_000);
    app.visitor().get(&second).await.is(200);
    app.app.clock.advance(60_000);
    app.visitor().get(&second).await.is(410);
    app.visitor().post(&second, &[("name", "Grace"), ("password", NEW)]).await.is(410);
}

async fn user_id(app: &TestApp, email: &str) -> i64 {
    plinth::model::user::with_email(app.app.read(), email).await.unwrap().unwrap().id
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_by_a_link() {
    let app = TestApp::new().await;
    let (admin, editor) = (app.admin().await, app.editor().await);
    let at = format!("/admin/users/{}", editor.actor.id.unwrap());
    let path = link(&admin.post(&format!("{at}/link"), &[]).await.is(200).says("works for one hour"));
    admin.get(&at).await.is(200).says("One-time link");
    let old = [("email", editor.email.as_str()), ("password", PASSWORD)];
    app.visitor().post("/admin/sign-in", &old).await.is(303);

    let who = app.visitor();
    who.get(&path).await.is(200).says("Choose a new password").does_not_say("Your name");
    who.post(&path, &[("password", NEW), ("name", "Someone Else")]).await.is(303);
    who.get("/admin/account").await.is(200).says("Edith Editor");
    editor.get("/admin/account").await.is(303);
    app.visitor().post("/admin/sign-in", &old).await.is(422);
    admin.get(&at).await.is(200).does_not_say("One-time link");
}

#[tokio::test]
async fn a_role_counts_from_the_next_request_on() {
    let app = TestApp::new().await;
    let (admin, editor) = (app.admin().await, app.editor().await);
    let at = format!("/admin/users/{}/role", editor.actor.id.unwrap());
    editor.get("/admin/users").await.is(403);
    admin.post(&at, &[("was_role", "editor"), ("role", "visitor")]).await.is(422).says("Choose a role");
    admin
        .post_and_follow(&at, &[("was_role", "editor"), ("role", "administrator")])
        .await
        .is(200)
        .says("is an administrator now");
    editor.get("/admin/users").await.is(303);
    let fields = [("email", editor.email.as_str()), ("password", PASSWORD)];
    editor.post("/admin/sign-in", &fields).await.is(303);
    editor.get("/admin/users").await.is(200);
    // Who gives up the right to the screen is led elsewhere.
    let fields = [("was_role", "administrator"), ("role", "editor"), ("confirm_password", PASSWORD)];
    assert_eq!(editor.post(&at, &fields).await.is(303).location(), "/admin");
    editor.get("/admin").await.is(200);
    editor.get("/admin/users").await.is(403);
    admin.post("/admin/users/999999/role", &[("role", "editor")]).await.is(404);
}

#[tokio::test]
async fn a_deactivated_user_is_out_at_once() {
    let app = TestApp::new().await;
    let (admin, editor) = (app.admin().await, app.editor().await);
    let at = format!("/admin/users/{}", editor.actor.id.unwrap());
    let path = link(&admin.post(&format!("{at}/link"), &[]).await.is(200));
    editor.get("/admin/account").await.is(200);
    let out = format!("{at}/deactivate");
    admin.post_and_follow(&out, &[]).await.is(200).says("is deactivated").says("Reactivate <bdi>Edith Editor</bdi>");
    admin.post(&out, &[]).await.is(303);
    editor.get("/admin/account").await.is(303);
    app.visitor().get(&path).await.is(410);
    let fields = [("email", editor.email.as_str()), ("password", PASSWORD)];
    app.visitor().post("/admin/sign-in", &fields).await.is(422);
    admin.post_and_follow(&format!("{at}/link"), &[]).await.says("Reactivate them first");

    admin.post_and_follow(&format!("{at}/reactivate"), &[]).await.is(200).says("is reactivated");
    editor.get("/admin/account").await.is(303);
    app.visitor().get(&path).await.is(410);
    app.visitor().post("/admin/sign-in", &fields).await.is(303);
    let entries = audit_log::list(app.app.read(), &AuditFilter { text: "Edith".to_owned(), ..Default::default() }, 9)
        .await
        .unwrap();
    let actions: Vec<_> = entries.iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(
        actions,
        [
            "user.sign_in",
            "user.reactivate",
            "user.sign_in_failed",
            "user.deactivate",
            "invitation.create",
            "user.create"
        ],
        "doing it twice is noted once"
    );
}

#[tokio::test]
async fn an_administrator_is_always_left() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let at = format!("/admin/users/{}", admin.actor.id.unwrap());
    // One who was invited but has not joined does not count.
    let typed = [("name", "Later"), ("email", "later@portal.example"), ("role", "administrator")];
    admin.post("/admin/users", &typed).await.is(200);
    admin
        .post(&format!("{at}/role"), &[("was_role", "administrator"), ("role", "editor")])
        .await
        .is(422)
        .says("nobody would be left");
    admin.post_and_follow(&format!("{at}/deactivate"), &[]).await.is(200).says("only administrator");
    admin.get("/admin/users").await.is(200);

    let other = app.user(Role::Administrator, "Other").await;
    admin.post_and_follow(&format!("{at}/deactivate"), &[]).await.is(200).says("cannot deactivate yourself");
    other.post_and_follow(&format!("{at}/deactivate"), &[]).await.is(200).says("is deactivated");
    let other_at = format!("/admin/users/{}", other.actor.id.unwrap());
    other
        .post(&format!("{other_at}/role"), &[("was_role", "administrator"), ("role", "editor")])
        .await
        .is(422)
        .says("nobody would be left");
}

#[tokio::test]
async fn the_list_is_searched_and_turned() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    for n in 0..60 {
        app.user(Role::Editor, &format!("User {n:02}")).await;
    }
    let first = admin.get("/admin/users").await.is(200).says("User 48").does_not_say("User 49");
    let at = first.text.find("/admin/users?after=").expect("a next page");
    let next = first.text[at..].split('"').next().unwrap();
    let second = admin.get(next).await.is(200).says("User 49").says("User 59").does_not_say("User 48").says("Previous");
    let at = second.text.find("/admin/users?before=").expect("the page before");
    let previous = second.text[at..].split('"').next().unwrap();
    admin.get(previous).await.is(200).says("User 00").says("User 48").does_not_say("User 49").says("Next");
    admin.get("/admin/users?q=user+07").await.is(200).says("User 07").does_not_say("User 08");
    admin.get("/admin/users?q=100%25").await.is(200).says("No user was found");
    admin.get(&format!("/admin/users?q={}", admin.email)).await.is(200).says("Ada Admin");
    admin.get("/admin/users?after=x").await.is(200);
    admin.get("/admin/users/999999").await.is(404);
}

#[tokio::test]
async fn a_used_link_tells_a_signed_in_user_that_they_need_none() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let fields = [("name", "Nora New"), ("email", "nora@portal.example"), ("role", "editor")];
    let path = link(&admin.post("/admin/users", &fields).await.is(200).says("<textarea").says("Copy</button>"));
    let nora = app.visitor();
    nora.post(&path, &[("name", "Nora New"), ("password", NEW)]).await.is(303);
    for link in [&path, "/admin/setup/made-up"] {
        let screen = nora.get(link).await.is(410).says("You are signed in as <strong dir=\"auto\">Nora New</strong>");
        screen.says("href=\"/admin\">Go to the admin area</a>").does_not_say("Go to the sign-in");
    }
    nora.post(&path, &[("name", "Nora New"), ("password", NEW)]).await.is(410).says("Go to the admin area");
    app.visitor().get(&path).await.is(410).says("Go to the sign-in").does_not_say("admin area");
}
