//! Forms of the admin area, whatever they are about: nothing typed is cut, lost or overwritten.

use axum::{body::Body, http::Method};
use plinth::model::{faq::category, settings::Settings};

use crate::{
    contact,
    harness::{Reply, TestApp, TestUser},
};

/// The hidden fields of the form that posts to `action`, as a browser would send them.
#[track_caller]
pub fn hidden(screen: &Reply, action: &str) -> Vec<(String, String)> {
    let action = format!("action=\"{action}\"");
    let form = screen.text.split("<form ").find(|form| form.contains(&action)).expect("a form with this action");
    let form = form.split("</form>").next().unwrap();
    let attribute = |tag: &str, name: &str| {
        let value = tag.split(&format!("{name}=\"")).nth(1)?.split('"').next()?;
        Some(value.replace("&quot;", "\"").replace("&#39;", "'").replace("&lt;", "<").replace("&amp;", "&"))
    };
    form.split("<input type=\"hidden\"")
        .skip(1)
        .filter_map(|tag| Some((attribute(tag, "name")?, attribute(tag, "value")?)))
        .collect()
}

/// Fills in a form that was opened before, and sends it.
async fn send(who: &TestUser, action: &str, opened: &[(String, String)], typed: &[(&str, &str)]) -> Reply {
    let opened = opened.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let fields: Vec<_> = opened.chain(typed.iter().copied()).collect();
    who.post(action, &fields).await
}

const HOUR: i64 = 60 * 60 * 1000;
const SETTINGS: &str = "/admin/settings";

/// All fields of the settings with these changes.
fn settings<'a>(now: &'a Settings, changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("site_name", now.site_name.as_str()),
        ("tagline", &now.tagline),
        ("contact_address", &now.contact_address),
        ("footer", &now.footer),
        ("time_zone", &now.time_zone),
        ("retention_months", "24"),
    ];
    for (name, value) in changes {
        fields.iter_mut().find(|(known, _)| known == name).expect("a field of the form").1 = value;
    }
    fields
}

#[tokio::test]
async fn two_administrators_keep_what_both_changed_in_the_settings() {
    let app = TestApp::new().await;
    let (ada, eva) = (app.admin().await, app.admin().await);
    let before = Settings::load(app.app.read()).await.unwrap();
    let (hers, his) = (hidden(&ada.get(SETTINGS).await, SETTINGS), hidden(&eva.get(SETTINGS).await, SETTINGS));
    send(&ada, SETTINGS, &hers, &settings(&before, &[("tagline", "By Ada"), ("footer", "One\r\nTwo")])).await.is(303);
    send(&eva, SETTINGS, &his, &settings(&before, &[("time_zone", "Europe/Berlin")])).await.is(303);
    let after = Settings::load(app.app.read()).await.unwrap();
    assert_eq!((after.tagline.as_str(), after.footer.as_str()), ("By Ada", "One\nTwo"));
    assert_eq!((after.time_zone.as_str(), after.site_name.as_str()), ("Europe/Berlin", before.site_name.as_str()));

    let old = settings(&before, &[("tagline", "By Ada, from an old window")]);
    send(&ada, SETTINGS, &hers, &old).await.is(409).says("You, in another window").does_not_say("Ada Admin, <span");

    // Both change the same field.
    let late = [("tagline", "By Eva"), ("site_name", "Eva's portal")];
    let screen = send(&eva, SETTINGS, &his, &settings(&before, &late)).await.is(409);
    let screen = screen.says("changed while you were writing").says("value=\"By Eva\"").says("dir=\"auto\">By Eva</p>");
    let screen = screen.says("dir=\"auto\">By Ada</p>").says("data-guard=\"dirty\"").does_not_say(" checked");
    // Who changed it, and when, by the audit log; and nothing else needs a choice.
    let screen = screen.says("Tagline</a>: Ada Admin, <span class=\"when\">").does_not_say("keep_site_name");
    // What only others changed is in the form as they saved it.
    let screen = screen.says("value=\"Europe/Berlin\"").says("One\nTwo");
    assert_eq!(Settings::load(app.app.read()).await.unwrap(), after, "nothing was saved");
    let again = settings(&after, &late);
    let screen = send(&eva, SETTINGS, &hidden(&screen, SETTINGS), &again).await.is(422);
    let screen = screen.says("Tagline: choose which value to keep").says("href=\"#field-keep_tagline\"");
    let screen = screen.says("dir=\"auto\">By Ada</p>").says("value=\"By Eva\"").says("Ada Admin, <span");
    assert_eq!(Settings::load(app.app.read()).await.unwrap(), after, "a second time decides nothing");
    // The choice is kept through another fault.
    let opened = hidden(&screen, SETTINGS);
    let mut faulty = settings(&after, &[late[0], ("site_name", " ")]);
    faulty.push(("keep_tagline", "theirs"));
    let screen = send(&eva, SETTINGS, &opened, &faulty).await.is(422).says("Enter the name of the site");
    let screen = screen.says("value=\"theirs\" checked").says("value=\"By Eva\"");
    let chosen = [again, vec![("keep_tagline", "mine")]].concat();
    send(&eva, SETTINGS, &hidden(&screen, SETTINGS), &chosen).await.is(303);
    let last = Settings::load(app.app.read()).await.unwrap();
    assert_eq!((last.tagline.as_str(), last.site_name.as_str()), ("By Eva", "Eva's portal"));
    assert_eq!((last.footer.as_str(), last.time_zone.as_str()), ("One\nTwo", "Europe/Berlin"));
}

#[tokio::test]
async fn settings_without_a_base_overwrite_nothing() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let before = Settings::load(app.app.read()).await.unwrap();
    admin.post(SETTINGS, &settings(&before, &[("tagline", "Other")])).await.is(409).says("value=\"Other\"");
    assert_eq!(Settings::load(app.app.read()).await.unwrap(), before);
}

#[tokio::test]
async fn two_editors_rename_a_category() {
    let app = TestApp::new().await;
    let (one, two) = (app.editor().await, app.editor().await);
    let first = category::all(app.app.read()).await.unwrap().remove(0);
    let path = format!("/admin/faq/categories/{}", first.id);
    let (base, other) = (hidden(&one.get(&path).await, &path), hidden(&two.get(&path).await, &path));
    send(&one, &path, &base, &[("title", "Renamed"), ("slug", &first.slug)]).await.is(303);
    // The other one touches the address alone.
    send(&two, &path, &other, &[("title", &first.title), ("slug", "elsewhere")]).await.is(303);
    let now = category::get(app.app.read(), first.id).await.unwrap();
    assert_eq!((now.title.as_str(), now.slug.as_str()), ("Renamed", "elsewhere"));
    let screen = send(&two, &path, &other, &[("title", "Mine"), ("slug", "elsewhere")]).await.is(409);
    let screen = screen.says("value=\"Mine\"").says(">Renamed</p>").says("Title</a>: Edith Editor, ");
    let mut fields = vec![("title", "Mine"), ("slug", "elsewhere")];
    let screen = send(&two, &path, &hidden(&screen, &path), &fields).await.is(422).says("href=\"#field-keep_title\"");
    fields.push(("keep_title", "mine"));
    send(&two, &path, &hidden(&screen, &path), &fields).await.is(303);
    assert_eq!(category::get(app.app.read(), first.id).await.unwrap().title, "Mine");
}

#[tokio::test]
async fn names_and_roles_are_not_overwritten_from_an_old_screen() {
    let app = TestApp::new().await;
    let (ada, eva) = (app.admin().await, app.admin().await);
    let own = "/admin/account";
    let (one, two) = (hidden(&ada.get(own).await, own), hidden(&ada.get(own).await, own));
    send(&ada, own, &one, &[("name", "Ada One")]).await.is(303);
    let screen = send(&ada, own, &two, &[("name", "Ada Two")]).await.is(409);
    let screen = screen.says("value=\"Ada Two\"").says(">Ada One</p>").says("Name</a>: You, in another window");
    let screen = screen.says("Keep what is saved").says("Use what is typed here").does_not_say("theirs<");
    ada.get(own).await.says("value=\"Ada One\"");
    send(&ada, own, &hidden(&screen, own), &[("name", "Ada Two")]).await.is(422);
    send(&ada, own, &hidden(&screen, own), &[("name", "Ada Two"), ("keep_name", "mine")]).await.is(303);
    ada.get(own).await.says("value=\"Ada Two\"");

    let edith = app.editor().await.actor.id.unwrap();
    let (screen, action) = (format!("/admin/users/{edith}"), format!("/admin/users/{edith}/role"));
    let (one, two) = (hidden(&ada.get(&screen).await, &action), hidden(&eva.get(&screen).await, &action));
    let proof = ("confirm_password", crate::harness::PASSWORD);
    send(&ada, &action, &one, &[("role", "administrator"), proof]).await.is(303);
    // Eva did not touch the role, so nothing is undone.
    send(&eva, &action, &two, &[("role", "editor"), proof]).await.is(303);
    eva.get(&screen).await.says("value=\"administrator\" selected");
    let clash = send(&eva, &action, &[("was_role".to_owned(), "x".to_owned())], &[("role", "editor"), proof]).await;
    let clash = clash.is(409).says("Role</a>: Ada Two, ").says("name=\"keep_role\" value=\"theirs\"");
    send(&eva, &action, &hidden(&clash, &action), &[("role", "editor"), proof]).await.is(422);
    send(&eva, &action, &hidden(&clash, &action), &[("role", "editor"), ("keep_role", "theirs"), proof]).await.is(303);
    eva.get(&screen).await.says("value=\"administrator\" selected");
}

#[tokio::test]
async fn a_move_means_the_same_when_others_moved_meanwhile() {
    let app = TestApp::new().await;
    let (one, two) = (app.editor().await, app.editor().await);
    let page = app.page_id("/faq").await;
    let order = || async {
        let all = category::all(app.app.read()).await.unwrap();
        all.into_iter().filter(|one| one.page_id == page).map(|one| one.id).collect::<Vec<_>>()
    };
    let start = order().await;
    let place = |id: i64| format!("/admin/faq/categories/{id}/position");
    let (a, b, c) = (start[0], start[1], start[2]);
    let screen = two.get("/admin/faq/categories").await;
    screen.says(&format!("name=\"before\" value=\"{b}\"")).says(&format!("name=\"after\" value=\"{b}\""));
    // Both saw a, b, c and both press "Up" at c.
    one.post(&place(c), &[("before", &b.to_string())]).await.is(303);
    two.post(&place(c), &[("before", &b.to_string())]).await.is(303);
    assert_eq!(order().await[..3], [a, c, b], "not moved twice");
    // The neighbour is gone.
    let extra = one.post("/admin/faq/categories/new", &[("title", "Extra")]).await.is(303);
    drop(extra);
    let last = *order().await.last().unwrap();
    one.press("/admin/faq/categories", &format!("/admin/faq/categories/{last}/delete")).await.is(303);
    let shown = two.post(&place(a), &[("after", &last.to_string())]).await.is(409);
    shown.says("Someone else changed this list").says(&format!("_category-{a}"));
    assert_eq!(order().await[..3], [a, c, b]);

    let (page, other) = (app.page_id("/training").await, app.page_id("/about").await);
    one.post(&format!("/admin/pages/{page}/position"), &[("before", &other.to_string())]).await.is(303);
    let gone = app.page_id("/training/foundation-course").await.to_string();
    two.post(&format!("/admin/pages/{page}/position"), &[("before", &gone)])
        .await
        .is(409)
        .says("Someone else changed this list");
    two.post(&format!("/admin/pages/{page}/position"), &[("before", "x")]).await.is(400);
    let item = "select document_id from faq_item order by category_id, position limit 1";
    let item: i64 = app.app.read().value(item, ()).await.unwrap();
    two.post(&format!("/admin/faq/{item}/position"), &[("after", &gone)])
        .await
        .is(409)
        .says("Someone else changed this list");
}

#[tokio::test]
async fn a_message_sent_twice_counts_once() {
    let app = TestApp::with(&["--contact-limit", "1"]).await;
    let visitor = app.visitor();
    let first = visitor.post("/contact", &contact::contact_form(&[])).await.is(303).location();
    assert_eq!(visitor.post("/contact", &contact::contact_form(&[])).await.is(303).location(), first);
    visitor.post("/contact", &contact::contact_form(&[("body", "Another one.")])).await.is(429).says("Another one.");
}

#[tokio::test]
async fn what_is_too_long_is_kept_and_refused_with_its_number() {
    let app = TestApp::with(&["--contact-limit", "1000"]).await;
    let admin = app.admin().await;
    // A character that takes nine bytes on the way.
    let text = |count: usize| "字".repeat(count);
    let kept = |reply: Reply, text: &str, count: &str| {
        reply.is(422).says(text).says(&format!("or fewer; it has {count}"));
    };
    let visitor = app.visitor();
    let form_token = contact::form_token(&visitor).await;
    for count in [7522, 20_000] {
        let long = text(count);
        let mut fields = contact::contact_form(&[("body", &long)]);
        fields.push(("form_token", &form_token));
        let number = format!("{},{:03}", count / 1000, count % 1000);
        kept(visitor.post("/contact", &fields).await, &long, &number);
    }
    let long = text(7522);
    for (path, fields) in [
        ("/admin/pages/new", vec![("title", long.as_str())]),
        ("/admin/pages/new", vec![("title", "x"), ("summary", &long)]),
        ("/admin/pages/new", vec![("title", "x"), ("note", &long)]),
        ("/admin/faq/new", vec![("title", &long), ("category", "1"), ("body", "x")]),
        ("/admin/faq/new", vec![("title", "x"), ("category", "1"), ("body", "x"), ("owner", &long)]),
        ("/admin/faq/categories/new", vec![("title", &long)]),
        (SETTINGS, vec![("tagline", &long)]),
        (SETTINGS, vec![("footer", &long)]),
    ] {
        kept(admin.post(path, &fields).await, &long, "7,522");
    }
    let id = contact::send(&app, &[]).await;
    let id = admin
        .get("/admin/messages")
        .await
        .text
        .split("/admin/messages/")
        .find_map(|rest| {
            let id = rest.split(['?', '"']).next()?;
            id.parse::<i64>().ok()
        })
        .unwrap_or_else(|| panic!("no message {id}"));
    let longest = text(10_001);
    kept(admin.post(&format!("/admin/messages/{id}"), &[("do", "note"), ("note", &longest)]).await, &longest, "10");
}

#[tokio::test]
async fn who_was_signed_out_sees_what_they_typed() {
    let app = TestApp::new().await;
    let gone = app.visitor();
    let typed = [
        ("base", "3"),
        ("title", "A <title>"),
        ("body", "Line 1\r\nLine 2"),
        ("note", ""),
        ("was_title", "Old"),
        ("do", "save"),
        ("submission", "x"),
        ("current_password", "secret"),
    ];
    let screen = gone.post("/admin/pages/7", &typed).await.is(401);
    let screen = screen.says("A &lt;title&gt;</textarea>").says("Line 1\r\nLine 2</textarea>").says(">Title</label>");
    let screen = screen.says("You pressed “Save”.").says("Send it again: Save").says(">Text</label>");
    let screen = screen.says("data-guard=\"dirty\"").does_not_say("secret").does_not_say(">Base</label>");
    let mut hidden: Vec<_> = hidden(&screen, "/admin/pages/7").into_iter().map(|(name, _)| name).collect();
    hidden.sort();
    assert_eq!(hidden, ["base", "do", "note", "submission", "was_title"]);
}

#[tokio::test]
async fn a_page_can_ask_whether_the_session_is_open() {
    let app = TestApp::new().await;
    let check = "/admin/session-check";
    let ends_in = |reply: Reply| {
        let (_, rest) =
            reply.text.split_once("\"signed_in\":true,\"ends_in\":").unwrap_or_else(|| panic!("{}", reply.text));
        rest.split(',').next().unwrap().parse::<i64>().unwrap()
    };
    let near = |left: i64, expected: i64| assert!((left - expected).abs() < 10, "{left}");
    let editor = app.editor().await;
    near(ends_in(editor.get(check).await.is(200)), 7200);
    let screen = editor.get("/admin/account").await.is(200);
    let (_, rest) = screen.text.split_once("data-session-ends-in=\"").unwrap();
    near(rest.split('"').next().unwrap().parse().unwrap(), 7200);
    // Asking is not a use of the session; typing is.
    app.app.clock.advance(HOUR);
    near(ends_in(editor.get(check).await), 3600);
    near(ends_in(editor.get(check).await), 3600);
    near(ends_in(editor.post(check, &[]).await), 7200);
    app.app.clock.advance(HOUR + HOUR / 2);
    near(ends_in(editor.get(check).await), 1800);
    app.app.clock.advance(HOUR);
    let out = editor.get(check).await.is(200).says("\"signed_in\":false");
    out.says("You were signed out because nothing was opened or saved here for 2 hours.");
    app.visitor().get(check).await.is(200).says("\"signed_in\":false").says("\"why\":\"\"");
}

#[tokio::test]
async fn the_question_for_the_password_guards_what_it_holds() {
    let app = TestApp::new().await;
    let (admin, editor) = (app.admin().await, app.editor().await);
    app.app.clock.advance(HOUR / 2);
    let fields = [("name", "Nora New"), ("email", "nora@portal.example"), ("role", "editor")];
    admin.post("/admin/users", &fields).await.is(200).says("Your password").says("data-guard=\"dirty\"");
    let end = format!("/admin/users/{}/sessions/end", editor.actor.id.unwrap());
    admin.post(&end, &[("submission", "x")]).await.is(200).says("Your password").does_not_say("data-guard");
}

#[tokio::test]
async fn screens_are_valid_where_browsers_are_lenient() {
    let app = TestApp::new().await;
    let (admin, visitor) = (app.admin().await, app.visitor());
    let id = app.page_id("/about").await;
    contact::send(&app, &[]).await;
    let screens = [
        format!("/admin/pages/{id}"),
        "/admin/pages/new".to_owned(),
        "/admin/faq/new".to_owned(),
        "/admin/users/new".to_owned(),
        "/admin/messages/1".to_owned(),
        format!("/admin/users/{}", admin.actor.id.unwrap()),
    ];
    let mut seen = 0;
    for path in screens {
        let screen = admin.get(&path).await.is(200);
        seen += selects(&screen.text, &path);
    }
    seen += selects(&visitor.get("/contact").await.text, "/contact");
    assert!(seen > 5);
    // The title says first that something is wrong, where a form came back, and nowhere else.
    admin.post("/admin/pages/new", &[]).await.is(422).says("<title>Error: New page");
    visitor.post("/contact", &[]).await.is(422).says("<title>Error: ");
    visitor.post("/admin/sign-in", &[]).await.is(422).says("<title>Error: Sign in");
    admin.get("/admin/pages/new").await.says("<title>New page");
    visitor.get("/nowhere").await.is(404).does_not_say("<title>Error");
}

/// Every select that requires a choice begins with an empty one, as HTML wants it.
fn selects(html: &str, path: &str) -> usize {
    let selects: Vec<_> = html.split("<select").skip(1).collect();
    for select in &selects {
        let (tag, rest) = select.split_once('>').unwrap();
        let first = rest.split("<option").nth(1).unwrap_or_default();
        assert!(!tag.contains(" required") || first.starts_with(" value=\"\""), "{path}: {tag}");
    }
    selects.len()
}

#[tokio::test]
async fn thanks_do_not_speak_of_a_form_that_is_not_there() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    visitor.get("/contact").await.says("form on this page").says("name=\"body\"");
    let reference = contact::send(&app, &[]).await;
    let page = visitor.get(&format!("/contact?sent={reference}")).await.is(200).says(&reference);
    page.does_not_say("form on this page")
        .does_not_say("name=\"body\"")
        .says("href=\"/contact\">Write another message");
}

#[tokio::test]
async fn scripts_find_the_files_they_were_made_with() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let screen = editor.get("/admin").await;
    let main =
        screen.text.split("src=\"").find_map(|rest| rest.split('"').next().filter(|src| src.ends_with("/main.js")));
    let main = main.expect("the script of the admin area");
    let mut seen = 0;
    let mut waiting = vec![main.to_owned()];
    let mut known = waiting.clone();
    while let Some(path) = waiting.pop() {
        seen += 1;
        let reply = editor.send(editor.request(Method::GET, &path).body(Body::empty()).unwrap()).await.is(200);
        assert!(reply.header("cache-control").contains("immutable"), "{path}: {}", reply.header("cache-control"));
        let directory = path.rsplit_once('/').unwrap().0;
        for name in reply.text.split("\"./").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            let path = format!("{directory}/{name}");
            if !known.contains(&path) {
                known.push(path.clone());
                waiting.push(path);
            }
        }
    }
    assert!(seen > 10);
    let other = main.replace("/static/", "/static/0");
    assert_eq!(editor.get(&other).await.is(200).header("cache-control"), "no-store");
}
