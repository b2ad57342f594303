//! The same done with several pages or questions at once, and undone.

use plinth::model::{
    audit_log_check,
    document::{record::Document, revision},
    faq::{category, item},
};

use crate::{
    admin_republish::press,
    forms::hidden,
    harness::{Reply, TestApp, TestUser},
};

/// The screen that says what would be done.
async fn ask(user: &TestUser, list: &str, what: &str, ids: &[i64]) -> Reply {
    let ticked = ids.iter().map(|id| format!("&document={id}")).collect::<Vec<_>>().concat();
    user.get(&format!("{list}/bulk?do={what}{ticked}")).await
}

/// Presses its button, with these fields besides.
async fn confirm(user: &TestUser, list: &str, screen: &Reply, more: &[(&str, &str)]) -> Reply {
    let action = format!("{list}/bulk");
    let fields = hidden(screen, &action);
    let mut fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.extend(more);
    user.post(&action, &fields).await
}

async fn done(user: &TestUser, reply: Reply) -> Reply {
    let to = reply.is(303).location();
    user.get(&to).await.is(200)
}

const PAGES: &str = "/admin/pages";
const FAQ: &str = "/admin/faq";

async fn make(editor: &TestUser, slug: &str, intent: &str) -> i64 {
    let fields = [("title", slug), ("slug", slug), ("body", "Text."), ("do", intent)];
    let to = editor.post("/admin/pages/new", &fields).await.is(303).location();
    to.split(['/', '?']).find_map(|part| part.parse().ok()).unwrap()
}

#[tokio::test]
async fn several_pages_are_published_and_that_is_undone() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let (one, two) = (make(&editor, "one", "save").await, make(&editor, "two", "save").await);
    let about = app.page_id("/about").await;
    let under = one.to_string();
    let below = [("title", "Below"), ("slug", "below"), ("body", "x"), ("under", under.as_str()), ("do", "save")];
    editor.post("/admin/pages/new", &below).await.is(303);
    let child = app.page_id("/one/below").await;
    let dead = [("title", "Dead"), ("slug", "dead"), ("body", "[a](/nowhere-at-all)"), ("do", "save")];
    editor.post("/admin/pages/new", &dead).await.is(303);
    let dead = app.page_id("/dead").await;
    // The one below alone cannot be published, with the one above it can.
    ask(&editor, PAGES, "publish", &[child])
        .await
        .is(200)
        .says("Publish the page above first: “")
        .says("Nothing of this");
    let screen = ask(&editor, PAGES, "publish", &[child, two, one, about, dead]).await.is(200);
    let screen = screen.says("Publish 3 pages").says("Its newest version is published already").says("leads nowhere");
    let reply = confirm(&editor, PAGES, &screen, &[]).await;
    let notice = done(&editor, reply).await.says("Published 3 pages.").says("2 were left as before.").says(">Undo<");
    for path in ["/one", "/two", "/one/below"] {
        visitor.get(path).await.is(200);
    }
    visitor.get("/dead").await.is(404);
    let back = press(&editor, &notice.text).await;
    assert!(back.contains("Visitors see of 3 pages what they saw before."), "{back}");
    for path in ["/one", "/two", "/one/below"] {
        visitor.get(path).await.is(404);
    }
    // In a window that was left open.
    let path = notice.text.split("action=\"/admin/undo/").nth(1).unwrap().split('"').next().unwrap();
    editor
        .post_and_follow(&format!("/admin/undo/{path}"), &[])
        .await
        .says("Nothing was undone: this was undone before");
}

#[tokio::test]
async fn what_was_published_before_is_shown_again_when_that_is_undone() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let one = make(&editor, "one", "publish").await;
    let change = |base: &'static str, body: &'static str, intent: &'static str| {
        [("base", base), ("title", "one"), ("slug", "one"), ("body", body), ("do", intent)]
    };
    editor.post(&format!("{PAGES}/{one}"), &change("1", "Newer.", "save")).await.is(303);
    let screen = ask(&editor, PAGES, "publish", &[one]).await.is(200).says("Publish 1 page").says("See version 2");
    let reply = confirm(&editor, PAGES, &screen, &[]).await;
    let notice = done(&editor, reply).await;
    visitor.get("/one").await.says("Newer.");
    let back = press(&editor, &notice.text).await;
    assert!(back.contains("Visitors see “one” as they did before."), "{back}");
    visitor.get("/one").await.says("Text.").does_not_say("Newer.");
    assert_eq!(revision::latest(app.app.read(), one).await.unwrap().version, 2);

    // Published by someone else since: that stays.
    let screen = ask(&editor, PAGES, "publish", &[one]).await;
    let reply = confirm(&editor, PAGES, &screen, &[]).await;
    let notice = done(&editor, reply).await;
    editor.post(&format!("{PAGES}/{one}"), &change("2", "Newest.", "publish")).await.is(303);
    let refused = press(&editor, &notice.text).await;
    assert!(refused.contains("Nothing was undone: “one” was published or unpublished since."), "{refused}");
    visitor.get("/one").await.says("Newest.");
    let report = audit_log_check::check(app.app.read(), None, |_| {}).await.unwrap();
    assert!(report.is_good(), "{:?}", report.sentences());
}

#[tokio::test]
async fn unpublishing_and_the_trash_take_along_what_is_below_and_come_back_whole() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let (training, about) = (app.page_id("/training").await, app.page_id("/about").await);
    let (course, home) = (app.page_id("/training/foundation-course").await, app.page_id("/").await);
    for (what, status, said) in
        [("unpublish", 404, "Unpublished 5 pages."), ("trash", 410, "Moved 5 pages to the trash.")]
    {
        // The course goes along with the page above it.
        let screen = ask(&editor, PAGES, what, &[course, about, training, home]).await.is(200);
        let screen = screen.says("with the 3 pages below it").says("The front page").says("Visitors");
        let reply = confirm(&editor, PAGES, &screen, &[]).await;
        let notice = done(&editor, reply).await.says(said);
        for path in ["/training", "/training/foundation-course", "/about"] {
            visitor.get(path).await.is(status);
        }
        let back = press(&editor, &notice.text).await;
        assert!(back.contains("5 pages"), "{back}");
        for path in ["/training", "/training/foundation-course", "/about"] {
            visitor.get(path).await.is(200);
        }
    }
}

#[tokio::test]
async fn pages_move_below_another_and_back_to_their_places() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let (about, contact) = (app.page_id("/about").await, app.page_id("/contact").await);
    let before = editor.get(PAGES).await.text.split("data-id=").count();
    let menu = visitor.get("/faq").await.text;
    let screen = ask(&editor, PAGES, "move", &[about, contact]).await.is(200).says("Below which page");
    confirm(&editor, PAGES, &screen, &[]).await.is(422).says("Choose where to");
    confirm(&editor, PAGES, &screen, &[("to", "/nowhere")]).await.is(422).says("There is no page at /nowhere");
    // One of them cannot go there: asked again, then the other is moved.
    let again = confirm(&editor, PAGES, &screen, &[("to", "/about")]).await.is(409);
    let again = again.says("cannot be moved below itself").says("Move 1 page");
    let reply = confirm(&editor, PAGES, &again, &[("to", "/about")]).await;
    let notice = done(&editor, reply).await.says("Moved 1 page below “");
    visitor.get("/about/contact").await.is(200);
    assert_eq!(visitor.get("/contact").await.is(308).location(), "/about/contact");
    press(&editor, &notice.text).await;
    visitor.get("/contact").await.is(200);

    let screen = ask(&editor, PAGES, "move", &[about, contact]).await;
    let reply = confirm(&editor, PAGES, &screen, &[("to", "/resources")]).await;
    let notice = done(&editor, reply).await.says("Moved 2 pages below “Resources”.");
    visitor.get("/resources/about").await.is(200);
    let back = press(&editor, &notice.text).await;
    assert!(back.contains("2 pages are back in their old places."), "{back}");
    assert_eq!(back.split("data-id=").count(), before);
    let links =
        |text: &str| text.split("<nav class=\"menu\"").nth(1).unwrap().split("</nav>").next().unwrap().to_owned();
    assert_eq!(links(&visitor.get("/faq").await.text), links(&menu), "in their old order");
}

#[tokio::test]
async fn what_changed_since_the_screen_was_shown_is_asked_again() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let training = app.page_id("/training").await;
    let screen = ask(&editor, PAGES, "trash", &[training]).await.is(200);
    let under = training.to_string();
    let below = [("title", "Late"), ("slug", "late"), ("body", "x"), ("under", under.as_str()), ("do", "save")];
    editor.post("/admin/pages/new", &below).await.is(303);
    let again = confirm(&editor, PAGES, &screen, &[]).await.is(409).says("Nothing is changed yet");
    visitor.get("/training").await.is(200);
    confirm(&editor, PAGES, &again.says("with the 4 pages below it"), &[]).await.is(303);
    visitor.get("/training").await.is(410);

    editor.get("/admin/pages/bulk?do=trash&list=open%3D5").await.is(303);
    editor.get("/admin/pages?open=5").await.says("tick at least one page first");
    editor.get("/admin/pages/bulk?do=paint&document=1").await.is(400);
    let many = (1..=201).map(|id| format!("&document={id}")).collect::<Vec<_>>().concat();
    editor.get(&format!("/admin/pages/bulk?do=trash{many}")).await.is(303);
    editor.get(PAGES).await.says("tick at most 200 at a time");
    // A question is no page.
    ask(&editor, FAQ, "trash", &[training]).await.is(200).says("Nothing of this can be done.");
}

#[tokio::test]
async fn questions_move_to_another_category_and_back() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let items = item::list(app.app.read(), "").await.unwrap();
    let (from, to) = (items[0].category_id, items.iter().find(|item| item.category_id != items[0].category_id));
    let to = to.unwrap().category_id;
    let [one, two] = [&items[0], &items[1]];
    let places = async || {
        let items = item::list(app.app.read(), "").await.unwrap();
        items.iter().map(|item| (item.category_id, item.id)).collect::<Vec<_>>()
    };
    let before = places().await;
    let shown = visitor.get("/faq").await.text;
    let screen = ask(&editor, FAQ, "move", &[one.id, two.id]).await.is(200).says("To which category");
    confirm(&editor, FAQ, &screen, &[("to", "")]).await.is(422).says("Choose where to");
    let target = to.to_string();
    let reply = confirm(&editor, FAQ, &screen, &[("to", &target)]).await;
    let notice = done(&editor, reply).await.says("Moved 2 questions to another category.");
    let after = places().await;
    assert!(after.contains(&(to, one.id)) && after.contains(&(to, two.id)));
    assert_ne!(visitor.get("/faq").await.text, shown);
    assert!(Document::get(app.app.read(), one.id).await.unwrap().is_live());
    let back = press(&editor, &notice.text).await;
    assert!(back.contains("2 questions are back in their old places."), "{back}");
    assert_eq!(places().await, before);

    // What is not published would become public with it.
    let title = category::get(app.app.read(), from).await.unwrap().title;
    let newest = revision::latest(app.app.read(), one.id).await.unwrap();
    let (base, own) = (newest.version.to_string(), from.to_string());
    let fields = [
        ("base", base.as_str()),
        ("title", &newest.content.title),
        ("slug", &newest.content.slug),
        ("body", "Not public yet."),
        ("category", &own),
        ("do", "save"),
    ];
    editor.post(&format!("{FAQ}/{}", one.id), &fields).await.is(303);
    let screen = ask(&editor, FAQ, "move", &[one.id, two.id]).await;
    let again = confirm(&editor, FAQ, &screen, &[("to", &target)]).await.is(409);
    again.says("It has changes that are not published").says("Move 1 question").says(&title);
    visitor.get("/faq").await.does_not_say("Not public yet.");
}

#[tokio::test]
async fn changes_are_undone_from_the_audit_log_while_all_is_as_they_left_it() {
    let app = TestApp::new().await;
    let (admin, visitor) = (app.admin().await, app.visitor());
    let (about, training) = (app.page_id("/about").await, app.page_id("/training").await);
    let buttons = async || {
        let log = admin.get("/admin/audit-log").await.is(200).text;
        let links = log.split("action=\"/admin/undo/").skip(1);
        links.map(|rest| format!("/admin/undo/{}", rest.split('"').next().unwrap())).collect::<Vec<_>>()
    };
    assert!(buttons().await.is_empty());
    admin.confirm(&format!("{PAGES}/{training}/unpublish")).await.is(303);
    admin.post(&format!("{PAGES}/{about}/move"), &[("parent", "/resources")]).await.is(303);
    admin.post(&format!("{PAGES}/{about}/delete"), &[]).await.is(303);
    // The notice has the same button.
    admin.get("/admin").await.says(">Undo<");
    let offered = buttons().await;
    let [trash, moved, unpublished] = &offered[..] else { panic!("{offered:?}") };
    admin.get("/admin/audit-log").await.says("Undo 4 entries<");
    // The move while it is in the trash, then in order.
    let undo = async |path: &str| admin.post_and_follow(path, &[("to", "/admin/audit-log")]).await.is(200);
    undo(moved).await.says("Nothing was undone: “").says("was moved to the trash since.").says("Audit log");
    undo(trash).await.says("is back where it was");
    visitor.get("/resources/about").await.is(200);
    undo(moved).await.says("is back in its old place.");
    visitor.get("/about").await.is(200);
    undo(unpublished).await.says("Visitors see of 4 pages what they saw before.");
    visitor.get("/training/foundation-course").await.is(200);
    assert!(buttons().await.is_empty(), "what was undone is not offered again");
    // It leads nowhere but into the admin area.
    for to in ["https://x.example/", "//x.example", "/administration", "/admin/é", ""] {
        let to = admin.post("/admin/undo/1", &[("to", to)]).await.is(303).location();
        assert_eq!(to, "/admin");
    }
}

#[tokio::test]
async fn a_page_is_copied_with_those_below_it_and_the_copy_can_be_undone() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let training = app.page_id("/training").await;
    let path = format!("{PAGES}/{training}/duplicate");
    editor.get(PAGES).await.says(&format!("href=\"{path}\""));
    editor.get(&path).await.is(200).says("with 3 pages below it").says("Copy 4 pages");
    let notice =
        editor.post_and_follow(&path, &[]).await.says("Made “Copy of Training”").says("and the 3 pages below it.");
    let copy = app.page_id("/training-copy/foundation-course").await;
    visitor.get("/training-copy").await.is(404);
    let order = async |path: &str| {
        let id = app.page_id(path).await;
        let text = editor.get(&format!("{PAGES}?under={id}")).await.text;
        text.split("data-name=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(order("/training-copy").await, order("/training").await);
    let original = app.page_id("/training/foundation-course").await;
    let body = async |id: i64| revision::latest(app.app.read(), id).await.unwrap().content.body;
    assert_eq!(body(copy).await, body(original).await);
    let back = press(&editor, &notice.text).await;
    assert!(back.contains("“Copy of Training” is in the trash."), "{back}");

    // One that was worked on stays.
    let notice = editor.post_and_follow(&path, &[]).await;
    let copy = app.page_id("/training-copy/foundation-course").await;
    let change = [("base", "1"), ("title", "Mine"), ("slug", "foundation-course"), ("body", "Mine."), ("do", "save")];
    editor.post(&format!("{PAGES}/{copy}"), &change).await.is(303);
    let refused = press(&editor, &notice.text).await;
    assert!(refused.contains("Nothing was undone: “Copy of Training” was changed since."), "{refused}");
    let home = app.page_id("/").await;
    editor.post_and_follow(&format!("{PAGES}/{home}/duplicate"), &[]).await.says("At most 500 pages");
}

#[tokio::test]
async fn who_takes_several_pages_away_is_told_what_breaks_and_can_lead_visitors_on() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let publish = async |slug: &str, body: &str| {
        let fields = [("title", slug), ("slug", slug), ("body", body), ("menu", "hidden"), ("layout", "article")];
        let fields = [&fields[..], &[("do", "publish")]].concat();
        let at = editor.post(&format!("{PAGES}/new"), &fields).await.is(303).location();
        at.rsplit('/').next().unwrap().parse::<i64>().unwrap()
    };
    let one = publish("one", "x").await;
    let two = publish("two", "[x](/one)").await;
    publish("other", "[x](/one) [y](/two)").await;
    for what in ["unpublish", "trash"] {
        let screen = ask(&editor, PAGES, what, &[one, two]).await;
        let screen =
            screen.says(">other</a> (page)").does_not_say(">two</a> (page)").says("Lead visitors to another page");
        let refused = confirm(&editor, PAGES, &screen, &[("lead_to", "/nowhere")]).await.is(422);
        refused.says("There is no page at /nowhere").says("value=\"/nowhere\"");
        visitor.get("/one").await.is(200);
        let reply = confirm(&editor, PAGES, &screen, &[("lead_to", "/about")]).await;
        let notice = done(&editor, reply).await.says("Visitors who come to the old paths are led to /about.");
        for path in ["/one", "/two"] {
            assert_eq!(visitor.get(path).await.is(308).location(), "/about");
        }
        let undo = notice.text.split("action=\"/admin/undo/").nth(1).unwrap().split('"').next().unwrap();
        editor.post(&format!("/admin/undo/{undo}"), &[("to", "/admin")]).await.is(303);
        visitor.get("/one").await.is(200);
        visitor.get("/two").await.is(200);
    }
    ask(&editor, PAGES, "move", &[one, two]).await.does_not_say("Lead visitors").does_not_say(">other</a> (page)");
}
