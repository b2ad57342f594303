//! The second factor: codes from an app, recovery codes, and those who have lost both.

use plinth::model::{
    audit_log::{self, AuditFilter},
    code_app,
    one_time_code::{self, CodeSecret},
    user,
};

use crate::{
    command_line::{fails, plinth, succeeds},
    harness::{PASSWORD, Reply, TestApp, TestUser},
};

const STEP: i64 = 30_000;
const MINUTE: i64 = 60_000;
const CODE: &str = "/admin/sign-in/code";
const APP: &str = "/admin/account/code-app";

/// What a user has in their hands.
pub struct Factor {
    secret: CodeSecret,
    pub recovery: Vec<String>,
}

impl Factor {
    /// The code that the app shows, so many steps away from now.
    pub fn code(&self, app: &TestApp, away: i64) -> String {
        self.secret.code(one_time_code::step(app.app.now()) + away)
    }
}

pub fn between(page: &Reply, before: &str, after: &str) -> Vec<String> {
    let parts = page.text.split(before).skip(1);
    parts.map(|rest| rest.split(after).next().unwrap().to_owned()).collect()
}

/// Adds a code app to a signed-in user. The code of this step is used then.
pub async fn add_app(app: &TestApp, who: &TestUser) -> Factor {
    let screen = who.post_and_follow("/admin/account/code-app/new", &[]).await.is(200);
    let secret = CodeSecret::parse(&between(&screen, "class=\"code-key\">", "<")[0]).unwrap();
    let code = secret.code(one_time_code::step(app.app.now()));
    let shown = who.post(APP, &[("code", &code)]).await.is(200).says("they will not be shown again");
    Factor { secret, recovery: between(&shown, "<li><code>", "<") }
}

async fn password(who: &TestUser, email: &str, password: &str) -> Reply {
    who.post("/admin/sign-in", &[("email", email), ("password", password), ("next", "/admin/account")]).await
}

/// Gives the right password, and then this code.
pub async fn sign_in(app: &TestApp, email: &str, code: &str) -> (TestUser, Reply) {
    let who = app.visitor();
    assert_eq!(password(&who, email, PASSWORD).await.is(303).location(), CODE);
    let reply = who.post(CODE, &[("code", code)]).await;
    (who, reply)
}

pub async fn actions(app: &TestApp) -> Vec<String> {
    let filter = AuditFilter { text: "user.".to_owned(), ..Default::default() };
    let entries = audit_log::list(app.app.read(), &filter, 100).await.unwrap();
    entries.into_iter().map(|e| format!("{} {} {}", e.action, e.actor_name, e.detail).trim_end().to_owned()).collect()
}

#[tokio::test]
async fn a_code_app_is_added_and_then_asked_for() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let elsewhere = app.visitor();
    password(&elsewhere, &editor.email, PASSWORD).await.is(303);
    editor.get("/admin/account").await.is(200).says("Your password alone lets you in");
    assert_eq!(editor.get(APP).await.is(303).location(), "/admin/account");

    let screen = editor.post_and_follow("/admin/account/code-app/new", &[]).await.is(200);
    let screen = screen.says("<svg class=\"qr-code\"").says("otpauth://totp/").does_not_say("style=");
    let secret = CodeSecret::parse(&between(&screen, "class=\"code-key\">", "<")[0]).unwrap();
    let now = one_time_code::step(app.app.now());
    let wrong = [("code", secret.code(now + 5))];
    editor.post(APP, &[("code", &wrong[0].1)]).await.is(422).says("This is not the code").says(&wrong[0].1);
    // Nothing is asked for before the first code was right.
    elsewhere.get("/admin/account").await.is(200);
    assert_eq!(password(&app.visitor(), &editor.email, PASSWORD).await.is(303).location(), "/admin/account");

    let shown = editor.post(APP, &[("code", &secret.code(now))]).await.is(200);
    assert_eq!(between(&shown, "<li><code>", "<").len(), 10);
    elsewhere.get("/admin/account").await.is(303);
    editor.get("/admin/account").await.is(200).says("you are asked for a code from an app").says("not used: 10");

    // The code that showed that the app works is used up; each other works once.
    let (who, reply) = sign_in(&app, &editor.email, &secret.code(now)).await;
    reply.is(422).says("or the code is not right");
    assert_eq!(who.get("/admin/account").await.is(303).location().split('?').next(), Some("/admin/sign-in"));
    app.app.clock.advance(STEP);
    let code = secret.code(now + 1);
    let spaced = format!(" {} {}", &code[..3], &code[3..]);
    assert_eq!(who.post(CODE, &[("code", &spaced)]).await.is(303).location(), "/admin/account");
    who.get("/admin/account").await.is(200).says(&editor.email);
    sign_in(&app, &editor.email, &code).await.1.is(422);
    // The clock of an app may be one step away, not two.
    sign_in(&app, &editor.email, &secret.code(now + 2)).await.1.is(303);
    sign_in(&app, &editor.email, &secret.code(now + 3)).await.1.is(422);
    let said = actions(&app).await;
    assert!(said.contains(&"user.add_code_app Edith Editor".to_owned()), "{said:#?}");
    assert!(said.contains(&"user.sign_in_failed A visitor with a wrong code".to_owned()), "{said:#?}");
}

#[tokio::test]
async fn a_used_code_is_used_on_other_nodes_and_after_a_restart() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let factor = add_app(&app, &editor).await;
    let other = TestApp::over(app.data.clone(), &[]).await;
    let code = factor.code(&app, 0);
    sign_in(&other, &editor.email, &code).await.1.is(422);
    let next = factor.code(&app, 1);
    sign_in(&app, &editor.email, &next).await.1.is(303);
    sign_in(&other, &editor.email, &next).await.1.is(422);
    // A password that was given to one node, a code to the other.
    other.app.clock.advance(MINUTE);
    app.app.clock.advance(MINUTE);
    let who = app.visitor();
    password(&who, &editor.email, PASSWORD).await.is(303);
    who.at(&other).post(CODE, &[("code", &factor.code(&app, 0))]).await.is(303);
    // A clock that was ahead and is set back locks nobody out.
    app.app.clock.jump(-20 * MINUTE);
    sign_in(&app, &editor.email, &factor.code(&app, 0)).await.1.is(303);
    sign_in(&app, &editor.email, &factor.code(&app, 0)).await.1.is(422);
}

#[tokio::test]
async fn a_recovery_code_works_once() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let factor = add_app(&app, &editor).await;
    let typed = factor.recovery[3].to_lowercase().replace('-', " ");
    let (who, reply) = sign_in(&app, &editor.email, &typed).await;
    reply.is(303);
    who.get("/admin/account").await.is(200).says("You used a recovery code, and 9 are left").says("not used: 9");
    sign_in(&app, &editor.email, &factor.recovery[3]).await.1.is(422);
    assert!(actions(&app).await.contains(&"user.use_recovery_code Edith Editor 9 left".to_owned()));

    // They belong to one user.
    let other = app.editor().await;
    add_app(&app, &other).await;
    sign_in(&app, &other.email, &factor.recovery[0]).await.1.is(422);
    let renewed = editor.post("/admin/account/recovery-codes", &[]).await.is(200);
    let renewed = between(&renewed, "<li><code>", "<");
    sign_in(&app, &editor.email, &factor.recovery[0]).await.1.is(422);
    sign_in(&app, &editor.email, &renewed[0]).await.1.is(303);
}

#[tokio::test]
async fn nothing_that_leaves_the_tables_has_a_secret() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let factor = add_app(&app, &admin).await;
    let mut stored = actions(&app).await;
    let salt: String = app.app.read().value("select salt from code_app", ()).await.unwrap();
    stored.push(app.app.read().value("select max(data) from session", ()).await.unwrap());
    for code in &factor.recovery {
        let sql = "select count(*) from recovery_code where code_hash = $1 or code_hash = $2";
        let found: i64 = app.app.read().value(sql, (code.as_str(), code.replace('-', ""))).await.unwrap();
        assert_eq!(found, 0);
    }
    stored.push(salt.clone());
    let secret = between(&admin.get("/admin/audit-log").await.is(200), "<td", "</td>");
    stored.extend(secret);
    for text in &stored {
        assert!(CodeSecret::parse(text).is_none_or(|found| found != factor.secret), "{text}");
        for code in &factor.recovery {
            assert!(!text.contains(code.as_str()) && !text.contains(&code.replace('-', "")), "{text}");
        }
    }
    // A salt of one user is of no use for another.
    let id = admin.actor.id.unwrap();
    assert!(code_app::secret(&app.app.signing_key, id, &salt) == factor.secret);
    assert!(code_app::secret(&app.app.signing_key, id + 1, &salt) != factor.secret);
}

#[tokio::test]
async fn a_guesser_does_not_learn_whether_the_password_was_right() {
    let app = TestApp::with(&["--login-limit", "1000"]).await;
    let editor = app.editor().await;
    let factor = add_app(&app, &editor).await;
    let (right, wrong, nobody) = (app.visitor(), app.visitor(), app.visitor());
    let replies = [
        password(&right, &editor.email, PASSWORD).await.is(303),
        password(&wrong, &editor.email, "wrong").await.is(303),
        // Everyone has a second factor here, so an address without an account is asked too.
        password(&nobody, "nobody@portal.example", PASSWORD).await.is(303),
    ];
    for reply in &replies {
        assert_eq!((reply.location().as_str(), reply.text.as_str()), (CODE, ""));
    }
    app.app.clock.advance(STEP);
    let code = factor.code(&app, 0);
    let mut pages = Vec::new();
    for (who, typed) in [(&wrong, &code), (&nobody, &code), (&right, &factor.code(&app, 7))] {
        let page = who.get(CODE).await.is(200).unmarked();
        pages.push(page + &who.post(CODE, &[("code", typed)]).await.is(422).unmarked());
        who.get("/admin/account").await.is(303);
    }
    assert_eq!(pages[0], pages[1]);
    assert_eq!(pages[0], pages[2]);
    right.post(CODE, &[("code", &code)]).await.is(303);
    // On a known device the owner is told at once.
    password(&right, &editor.email, "wrong").await.is(422).says("The e-mail address or the password is not right");
    // An account without a second factor answers as before.
    let plain = app.editor().await;
    password(&app.visitor(), &plain.email, "wrong").await.is(422);
    assert_eq!(app.visitor().get(CODE).await.is(303).location(), "/admin/sign-in");
    app.visitor().post(CODE, &[("code", &code)]).await.is(303);
}

#[tokio::test]
async fn codes_cannot_be_guessed() {
    let app = TestApp::with(&["--login-limit", "1000"]).await;
    let editor = app.editor().await;
    let factor = add_app(&app, &editor).await;
    let owner = sign_in(&app, &editor.email, &factor.code(&app, 1)).await.0;
    app.app.clock.advance(MINUTE);
    let mut borne = 0;
    while sign_in(&app, &editor.email, "000000").await.1.status == 422 {
        borne += 1;
        assert!(borne < 20);
    }
    assert_eq!(borne, 6, "from one network");
    let page = sign_in(&app, &editor.email, &factor.code(&app, 0)).await.1.is(429);
    assert!(page.header("retry-after").parse::<u64>().unwrap() > 60);
    page.says("Too many wrong codes");
    // Nobody locks the owner out of a device that they have used.
    password(&owner, &editor.email, PASSWORD).await.is(303);
    owner.post(CODE, &[("code", &factor.code(&app, 0))]).await.is(303);
}

#[tokio::test]
async fn the_second_step_ends_with_the_password_and_after_ten_minutes() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let factor = add_app(&app, &editor).await;
    let who = app.visitor();
    password(&who, &editor.email, PASSWORD).await.is(303);
    who.post(CODE, &[("code", " ")]).await.is(422).says("Enter the code");
    app.app.clock.advance(10 * MINUTE);
    assert_eq!(who.post(CODE, &[("code", &factor.code(&app, 0))]).await.is(303).location(), "/admin/sign-in");
    password(&who, &editor.email, PASSWORD).await.is(303);
    let typed = [("current_password", PASSWORD), ("password", "copper lantern willow drum")];
    editor.post("/admin/account/password", &typed).await.is(303);
    who.post(CODE, &[("code", &factor.code(&app, 0))]).await.is(422);
    who.get("/admin/account").await.is(303);
}

#[tokio::test]
async fn a_link_for_a_new_password_does_not_replace_the_second_factor() {
    let app = TestApp::new().await;
    let (admin, editor) = (app.admin().await, app.editor().await);
    let factor = add_app(&app, &editor).await;
    let shown = admin.post(&format!("/admin/users/{}/link", editor.actor.id.unwrap()), &[]).await.is(200);
    let link = format!("/admin/invitations/{}", &between(&shown, "/admin/invitations/", "\"")[0][..43]);
    let who = app.visitor();
    assert_eq!(who.post(&link, &[("password", "copper lantern willow drum")]).await.is(303).location(), CODE);
    who.get("/admin/account").await.is(303);
    let count = |said: Vec<String>| said.iter().filter(|line| line.starts_with("user.sign_in ")).count();
    assert_eq!(count(actions(&app).await), 0);
    who.post(CODE, &[("code", &factor.code(&app, 1))]).await.is(303);
    who.get("/admin/account").await.is(200);
    assert_eq!(count(actions(&app).await), 1);
}

#[tokio::test]
async fn second_factors_are_removed_by_their_user_and_by_an_administrator() {
    let app = TestApp::new().await;
    let (admin, editor) = (app.admin().await, app.editor().await);
    let at = format!("/admin/users/{}", editor.actor.id.unwrap());
    admin.get(&at).await.is(200).does_not_say("factors/remove");
    admin.post_and_follow(&format!("{at}/factors/remove"), &[]).await.says("has no second factor");
    add_app(&app, &editor).await;
    admin.get(&at).await.is(200).says("factors/remove");
    editor.post(&format!("{at}/factors/remove"), &[]).await.is(403);
    admin.post_and_follow(&format!("{at}/factors/remove"), &[]).await.says("were removed");
    editor.get("/admin/account").await.is(303);
    assert_eq!(password(&app.visitor(), &editor.email, PASSWORD).await.is(303).location(), "/admin/account");
    assert!(actions(&app).await.contains(&"user.remove_factors Ada Admin".to_owned()));

    let factor = add_app(&app, &admin).await;
    let own = format!("/admin/users/{}", admin.actor.id.unwrap());
    admin.post_and_follow(&format!("{own}/factors/remove"), &[]).await.says("This is your own account");
    let elsewhere = sign_in(&app, &admin.email, &factor.code(&app, 1)).await.0;
    admin.post_and_follow("/admin/account/code-app/remove", &[]).await.is(200).says("Your code app was removed");
    elsewhere.get("/admin/account").await.is(303);
    for table in ["select count(*) from code_app", "select count(*) from recovery_code"] {
        assert_eq!(app.app.read().value::<i64>(table, ()).await.unwrap(), 0, "{table}");
    }
}

#[tokio::test]
async fn changes_of_the_own_factors_ask_for_the_password_or_a_code() {
    let app = TestApp::new().await;
    let email = app.admin().await.email;
    let admin = app.visitor();
    password(&admin, &email, PASSWORD).await.is(303);
    let ask = admin.post("/admin/account/code-app/new", &[]).await.is(200).says("Confirm with your password");
    ask.says("href=\"/admin/account\">Cancel").does_not_say("or a code");
    let reply = admin.post("/admin/account/code-app/new", &[("confirm_password", PASSWORD)]).await.is(303);
    let screen = admin.get(&reply.location()).await.is(200);
    let secret = CodeSecret::parse(&between(&screen, "class=\"code-key\">", "<")[0]).unwrap();
    let code = |away| secret.code(one_time_code::step(app.app.now()) + away);
    admin.post(APP, &[("code", &code(0))]).await.is(200);

    app.app.clock.advance(11 * MINUTE);
    let path = "/admin/account/recovery-codes";
    admin.post(path, &[]).await.is(200).says("Your password or a code");
    let first = code(0);
    admin.post(path, &[("confirm_password", &code(5))]).await.is(422).says("This is not the code");
    admin.post(path, &[("confirm_password", &first)]).await.is(200).says("will not be shown again");
    app.app.clock.advance(11 * MINUTE);
    admin.post(path, &[("confirm_password", &first)]).await.is(422);
    admin.post(path, &[("confirm_password", PASSWORD)]).await.is(200).says("will not be shown again");
    // A code that confirmed something signs nobody in.
    app.app.clock.advance(11 * MINUTE);
    let used = code(0);
    admin.post(path, &[("confirm_password", &used)]).await.is(200).says("will not be shown again");
    sign_in(&app, &email, &used).await.1.is(422);
}

#[tokio::test]
async fn the_host_always_lets_the_owner_back_in() {
    if crate::postgres::skips("the command is given the folder of SQLite") {
        return;
    }
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let command = ["user", "remove-factors", "--email", &admin.email];
    fails(&plinth(app.data.path(), &command, ""), 1, &["has no second factor"]);
    add_app(&app, &admin).await;
    succeeds(&plinth(app.data.path(), &command, ""));
    admin.get("/admin/account").await.is(303);
    password(&admin, &admin.email, PASSWORD).await.is(303);
    admin.get("/admin/account").await.is(200);
    assert!(!user::get(app.app.read(), admin.actor.id.unwrap()).await.unwrap().has_second_factor);
    assert!(actions(&app).await.iter().any(|line| line.starts_with("user.remove_factors ")));
}

const RULE: &str = "/admin/users/second-factor";

#[tokio::test]
async fn a_role_that_needs_a_second_factor_can_do_nothing_else_without_one() {
    let app = TestApp::new().await;
    let (admin, editor) = (app.admin().await, app.editor().await);
    editor.post(RULE, &[("for_editors", "yes")]).await.is(403);
    admin.get("/admin/users").await.is(200).says(RULE);
    admin.get(RULE).await.is(200).says("1 has none yet");
    // Nobody stops themselves.
    admin
        .post(RULE, &[("for_administrators", "yes")])
        .await
        .is(422)
        .says("Add a passkey or a code app to your own account first");
    admin.get("/admin/users").await.is(200);
    admin.post_and_follow(RULE, &[("for_editors", "yes")]).await.is(200).says("was saved");
    admin.post_and_follow(RULE, &[("for_editors", "yes")]).await.is(200).says("Nothing was changed");
    assert!(actions(&app).await.contains(&"user.require_second_factor Ada Admin".to_owned()));

    let lead = "/admin/account/second-factor";
    for path in ["/admin", "/admin/pages", "/admin/account", "/admin/account/password"] {
        assert_eq!(editor.get(path).await.is(303).location(), lead, "{path}");
    }
    editor.get(lead).await.is(200).says("Add a code app");
    let page = [("title", "A page"), ("slug", "a-page"), ("body", "Typed text")];
    editor.post("/admin/pages/new", &page).await.is(409).says("your role needs a second factor").says("Typed text");
    // A new sign-in leads there too.
    let again = app.visitor();
    let to = password(&again, &editor.email, PASSWORD).await.is(303).location();
    assert_eq!(again.get(&to).await.is(303).location(), lead);
    again.post("/admin/sign-out", &[]).await.is(303);

    add_app(&app, &editor).await;
    editor.get("/admin/pages").await.is(200);
    assert_eq!(editor.get(lead).await.is(303).location(), "/admin/account");
    let new = editor.post("/admin/pages/new", &page).await.is(303).location();
    editor.get(&new).await.is(200).says("Typed text");
    admin.get("/admin/users").await.is(200).says("second factor</span>");
    // For administrators too, by one who has a second factor.
    let factor = add_app(&app, &admin).await;
    admin.post_and_follow(RULE, &[("for_administrators", "yes")]).await.is(200).says("was saved");
    let other = app.admin().await;
    assert_eq!(other.get("/admin/users").await.is(303).location(), lead);
    app.app.clock.advance(STEP);
    let (who, reply) = sign_in(&app, &admin.email, &factor.code(&app, 0)).await;
    reply.is(303);
    who.get("/admin/users").await.is(200);
    // Who removes theirs is led to add another one.
    admin.post("/admin/account/code-app/remove", &[]).await.is(303);
    assert_eq!(admin.get("/admin/account").await.is(303).location(), lead);
}
