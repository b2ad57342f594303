//! Pages in the admin area.

use plinth::model::{cursor::Cursor, document::revision};

use crate::{
    admin_republish::press,
    harness::{TestApp, TestUser},
};

/// What the form of a page sends, with these fields changed.
fn form<'a>(base: &'a str, changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("base", base),
        ("title", "A page"),
        ("slug", "a-page"),
        ("summary", "What it says."),
        ("body", "Some *text*."),
        ("menu", "main"),
        ("layout", "article"),
        ("do", "save"),
    ];
    for (name, value) in changes {
        fields.retain(|(known, _)| known != name);
        fields.push((*name, *value));
    }
    fields
}

async fn create(user: &TestUser, changes: &[(&str, &str)]) -> String {
    let reply = user.post("/admin/pages/new", &form("0", changes)).await.is(303);
    reply.location()
}

#[tokio::test]
async fn a_page_is_public_only_after_publishing() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let edit = create(&editor, &[]).await;
    visitor.get("/a-page").await.is(404);
    editor.get(&edit).await.is(200).says("Visitors do not see this page").says("Publish version 1");
    editor.post_and_follow(&edit, &form("1", &[("do", "publish")])).await.is(200).says("is published");
    visitor.get("/a-page").await.is(200).says("Some <em>text</em>.");

    editor.post_and_follow(&edit, &form("1", &[("body", "New text.")])).await.says("Visitors still see");
    visitor.get("/a-page").await.says("Some <em>text</em>.").does_not_say("New text.");
    editor.get(&format!("{edit}/preview")).await.is(200).says("New text.").says("noindex");
    editor.post(&edit, &form("2", &[("body", "New text."), ("do", "publish")])).await.is(303);
    visitor.get("/a-page").await.says("New text.");
}

#[tokio::test]
async fn a_preview_shows_what_is_typed_and_saves_nothing() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let id = app.page_id("/about").await;
    let before = revision::latest(app.app.read(), id).await.unwrap().version;
    let path = format!("/admin/pages/{id}/preview");
    let reply = editor.post(&path, &form("1", &[("body", "Only <b>seen</b> here"), ("slug", "No Good")])).await.is(200);
    assert!(reply.header("content-security-policy").contains("frame-ancestors 'self'"));
    assert!(reply.header("content-security-policy").contains("sandbox"));
    reply.says("Only &lt;b&gt;seen&lt;/b&gt; here");
    assert_eq!(revision::latest(app.app.read(), id).await.unwrap().version, before);
    editor.post("/admin/pages/new/preview", &form("0", &[("title", "")])).await.is(200).says("Untitled");
}

#[tokio::test]
async fn two_editors_at_once_lose_nothing() {
    let app = TestApp::new().await;
    let (first, second) = (app.editor().await, app.user(plinth::model::actor::Role::Editor, "Otto Other").await);
    let edit = create(&first, &[]).await;
    second.post(&edit, &form("1", &[("body", "What Otto wrote.")])).await.is(303);
    let reply = first.post(&edit, &form("1", &[("body", "What Edith wrote."), ("title", "Mine")])).await.is(409);
    let reply = reply.says("What Otto wrote.").says("What Edith wrote.").says("Otto Other").says("Mine");
    assert!(reply.text.contains("name=\"base\" value=\"2\""), "{}", reply.text);
    first.post(&edit, &form("2", &[("body", "Both.")])).await.is(303);
    let id: i64 = edit.rsplit('/').next().unwrap().parse().unwrap();
    let bodies: Vec<_> = revision::history(app.app.read(), id, Cursor::default(), 10)
        .await
        .unwrap()
        .into_iter()
        .map(|r| r.content.body)
        .collect();
    assert_eq!(bodies, ["Both.", "What Otto wrote.", "Some *text*."]);
}

#[tokio::test]
async fn a_page_trashed_while_a_user_writes_keeps_what_they_typed() {
    let app = TestApp::new().await;
    let (first, second) = (app.editor().await, app.editor().await);
    let edit = create(&first, &[]).await;
    second.post(&format!("{edit}/delete"), &[]).await.is(303);
    let fields = form("1", &[("body", "An afternoon of work.")]);
    first.post(&edit, &fields).await.is(409).says("An afternoon of work.").says("Restore the page from the trash");
    let id = edit.rsplit('/').next().unwrap();
    second.post(&format!("/admin/trash/{id}/restore"), &[]).await.is(303);
    first.post(&edit, &fields).await.is(303);
}

#[tokio::test]
async fn saving_without_a_change_makes_no_version() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let edit = create(&editor, &[]).await;
    editor.post_and_follow(&edit, &form("1", &[])).await.says("You changed nothing");
    editor.get(&edit).await.says("name=\"base\" value=\"1\"");
}

#[tokio::test]
async fn faults_come_back_with_what_was_typed() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let long = "x".repeat(201);
    let fields = form(
        "0",
        &[("title", &long), ("slug", "Not Good"), ("review_by", "soon"), ("layout", "cinema"), ("body", "Kept")],
    );
    let reply = editor.post("/admin/pages/new", &fields).await.is(422);
    reply
        .says("There is a problem")
        .says("Shorten the title to 200 characters or fewer")
        .says("href=\"#field-slug\"")
        .says("Enter a day as year-month-day")
        .says(&long)
        .says("Kept");
    let id = app.page_id("/about").await;
    editor.post(&format!("/admin/pages/{id}"), &form("1", &[("title", " ")])).await.is(422).says("Enter a title");
    let taken = editor.post("/admin/pages/new", &form("0", &[("slug", "about")])).await.is(422);
    taken.says("The path /about belongs to the page");
    editor.post("/admin/pages/new", &form("0", &[("slug", "admin")])).await.is(422).says("used by the portal itself");
    editor.get("/admin/pages/999999").await.is(404);
    editor.post("/admin/pages/999999", &form("1", &[])).await.is(404);
    editor.get("/admin/pages/abc").await.is(404);
}

#[tokio::test]
async fn a_changed_slug_leads_on_for_it_and_everything_below() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let id = app.page_id("/scheme").await;
    let newest = revision::latest(app.app.read(), id).await.unwrap();
    let base = newest.version.to_string();
    let fields = form(&base, &[("title", "The Scheme"), ("slug", "certification"), ("layout", "section")]);
    editor.post(&format!("/admin/pages/{id}"), &fields).await.is(303);
    visitor.get("/scheme/levels/foundation").await.is(200);
    app.publish(id).await;
    visitor.get("/certification/levels/foundation").await.is(200);
    for (old, new) in [
        ("/scheme", "/certification"),
        ("/scheme/", "/certification"),
        ("/scheme/levels/foundation", "/certification/levels/foundation"),
    ] {
        assert_eq!(visitor.get(old).await.is(308).location(), new);
    }
    // Back again: the page has its first path again, and there is no redirect loop.
    let base = (newest.version + 1).to_string();
    let fields = form(&base, &[("title", "The Scheme"), ("slug", "scheme"), ("layout", "section"), ("do", "publish")]);
    editor.post(&format!("/admin/pages/{id}"), &fields).await.is(303);
    visitor.get("/scheme/levels").await.is(200);
    assert_eq!(visitor.get("/certification/levels").await.is(308).location(), "/scheme/levels");
}

#[tokio::test]
async fn a_moved_page_leads_on() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let id = app.page_id("/scheme/frameworks").await;
    let path = format!("/admin/pages/{id}/move");
    editor.get(&path).await.is(200).says("/scheme/frameworks");
    for (target, fault) in [
        ("/nowhere", "There is no page at /nowhere"),
        ("/scheme/frameworks/itil", "cannot be moved below itself"),
        ("/scheme/frameworks", "cannot be moved below itself"),
    ] {
        editor.post(&path, &[("parent", target)]).await.is(422).says(fault);
    }
    editor.post_and_follow(&path, &[("parent", "/resources")]).await.says("/resources/frameworks");
    visitor.get("/resources/frameworks/itil").await.is(200);
    assert_eq!(visitor.get("/scheme/frameworks/itil").await.is(308).location(), "/resources/frameworks/itil");
}

#[tokio::test]
async fn only_places_where_a_page_can_go_are_offered() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let id = app.page_id("/scheme/frameworks").await;
    let under = app.page_id("/resources").await.to_string();
    create(&editor, &[("title", "Draft"), ("slug", "draft")]).await;
    create(&editor, &[("title", "Taken"), ("slug", "frameworks"), ("under", &under), ("do", "publish")]).await;
    let screen = editor.get(&format!("/admin/pages/{id}/move")).await.is(200);
    for none in ["/", "/scheme/frameworks", "/scheme/frameworks/itil", "/draft", "/resources"] {
        let is_offered = screen.text.contains(&format!("<option value=\"{none}\""));
        assert_eq!(is_offered, none == "/", "{none}");
        if none != "/" {
            editor.post(&format!("/admin/pages/{id}/move"), &[("parent", none)]).await.is(422);
        }
    }
    for some in ["/scheme", "/resources/frameworks", "/about"] {
        assert!(screen.text.contains(&format!("<option value=\"{some}\"")), "{some}");
    }
    let draft = app.page_id("/draft").await;
    editor.get(&format!("/admin/pages/{draft}/move")).await.says("<option value=\"/resources\"");
}

#[tokio::test]
async fn a_new_page_is_the_last_of_the_menu_under_its_own_label() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    for (slug, label) in [("first", ""), ("second", "In short")] {
        create(&editor, &[("title", slug), ("slug", slug), ("menu_label", label), ("do", "publish")]).await;
    }
    let text = visitor.get("/second").await.is(200).text;
    let menu = text.split("aria-label=\"Main\"").nth(1).unwrap().split("</nav>").next().unwrap();
    let links: Vec<_> = menu.split("<a href=\"").skip(1).collect();
    let [.., first, second] = links[..] else { panic!("{links:?}") };
    assert!(first.starts_with("/first\"") && first.contains(">first</a>"), "{menu}");
    assert!(second.starts_with("/second\"") && second.contains(">In short</a>"), "{menu}");
}

#[tokio::test]
async fn the_order_is_changed_with_buttons() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let id = app.page_id("/contact").await;
    editor.get("/admin/pages").await.is(200).says("Move How to contact the portal up");
    editor.post_and_follow(&format!("/admin/pages/{id}/position"), &[("index", "0")]).await.is(200);
    let text = visitor.get("/").await.text;
    assert!(text.find("href=\"/contact\"").unwrap() < text.find("href=\"/standards\"").unwrap());
    editor.post(&format!("/admin/pages/{id}/position"), &[("index", "nonsense")]).await.is(400);
}

#[tokio::test]
async fn order_and_moves_can_be_undone_and_take_one_line() {
    let app = TestApp::new().await;
    let (admin, visitor) = (app.admin().await, app.visitor());
    let id = app.page_id("/contact").await;
    let menu =
        |text: &str| text.split("<nav class=\"menu\"").nth(1).unwrap().split("</nav>").next().unwrap().to_owned();
    let before = menu(&visitor.get("/about").await.text);
    let place = format!("/admin/pages/{id}/position");
    let first = admin.post_and_follow(&place, &[("index", "0")]).await.says(">Undo<");
    assert_ne!(menu(&visitor.get("/about").await.text), before);
    let back = press(&admin, &first.text).await;
    assert!(back.contains("is back in its old place.") && !back.contains(">Undo<"), "{back}");
    assert_eq!(menu(&visitor.get("/about").await.text), before);
    for place_of in ["0", "1", "2", "3"] {
        admin.post(&place, &[("index", place_of)]).await.is(303);
    }
    admin.get("/admin").await.says("the last of 6 moves");
    let audit_log = admin.get("/admin/audit-log").await.is(200);
    assert_eq!(audit_log.text.matches("How to contact the portal").count(), 1, "{}", audit_log.text);
    audit_log.says("place 4; the last of 6 moves");
    // Another page is another line, even between moves of the first.
    let about = app.page_id("/about").await;
    for moved in [id, about, id] {
        for place_of in ["0", "1"] {
            admin.post(&format!("/admin/pages/{moved}/position"), &[("index", place_of)]).await.is(303);
        }
    }
    let audit_log = admin.get("/admin/audit-log").await.is(200);
    assert_eq!(audit_log.text.matches("the last of 2 moves").count(), 2, "{}", audit_log.text);
    assert_eq!(audit_log.text.matches("the last of 8 moves").count(), 1, "{}", audit_log.text);
    for place_of in ["0", "1", "2", "3"] {
        admin.post(&place, &[("index", place_of)]).await.is(303);
    }

    let course = app.page_id("/training/foundation-course").await;
    let list = format!("/admin/pages?under={}", app.page_id("/training").await);
    let before = admin.get(&list).await.text.split("<tbody").nth(1).unwrap().matches("Move ").count();
    let order = |text: &str| text.find("foundation-course").map(|at| text[..at].matches("data-id=").count());
    let at = order(&admin.get(&list).await.text);
    assert!(at.is_some());
    let to = format!("/admin/pages/{course}/move");
    let moved = admin.post_and_follow(&to, &[("parent", "resources")]).await.says("/resources/foundation-course");
    let moved = moved.says("Its old path leads there").says(">Undo<").text;
    assert!(press(&admin, &moved).await.contains("is back in its old place."));
    visitor.get("/training/foundation-course").await.is(200);
    admin.get(&to).await.is(200);
    let back = admin.get(&list).await.text;
    assert_eq!(order(&back), at);
    assert_eq!(back.split("<tbody").nth(1).unwrap().matches("Move ").count(), before);
}

#[tokio::test]
async fn taking_back_and_deleting_take_along_what_is_below() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let id = app.page_id("/training").await;
    editor.get(&format!("/admin/pages/{id}/unpublish")).await.says("The 3 published pages");
    editor.confirm(&format!("/admin/pages/{id}/unpublish")).await.is(303);
    visitor.get("/training").await.is(404);
    visitor.get("/training/foundation-course").await.is(404);

    let course = app.page_id("/training/foundation-course").await;
    let newest = revision::latest(app.app.read(), course).await.unwrap();
    let base = newest.version.to_string();
    let fields = form(&base, &[("slug", "foundation-course"), ("do", "publish")]);
    let sheet = editor.post_and_follow(&format!("/admin/pages/{course}"), &fields).await;
    sheet.says("Published with it").says(">Training<").says("Publish both");
    visitor.get("/training").await.is(404);
    let version = (newest.version + 1).to_string();
    let publication = format!("/admin/documents/{course}/publication");
    editor.post_and_follow(&publication, &[("version", &version)]).await.says("was unpublished in the meantime");
    let above = format!("{id}.1");
    editor.post_and_follow(&publication, &[("version", &version), ("above", &above)]).await.says("is published");
    visitor.get("/training").await.is(200);
    visitor.get("/training/foundation-course").await.is(200);

    let id = app.page_id("/scheme").await;
    editor.confirm(&format!("/admin/pages/{id}/delete")).await.is(303);
    visitor.get("/scheme").await.is(410);
    visitor.get("/scheme/levels/foundation").await.is(410);
    editor.get(&format!("/admin/pages/{id}")).await.is(404);

    let home = app.page_id("/").await;
    editor.post_and_follow(&format!("/admin/pages/{home}/delete"), &[]).await.says("cannot be deleted");
    editor.post_and_follow(&format!("/admin/pages/{home}/unpublish"), &[]).await.says("always published");
    visitor.get("/").await.is(200);
}

#[tokio::test]
async fn pages_are_found_by_title_number_and_address() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    editor.get("/admin/pages?q=8.2.4").await.is(200).says("Service catalogue management");
    editor.get("/admin/pages?q=%25").await.is(200).says("No page was found");
    let first = editor.get("/admin/pages?q=e").await.is(200);
    assert!(first.text.contains("after="), "more than one screen of pages");
}

#[tokio::test]
async fn a_draft_takes_no_path_away_from_visitors() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let edit = create(&editor, &[("slug", "alpha"), ("do", "publish")]).await;
    editor.post(&edit, &form("1", &[("slug", "beta"), ("do", "publish")])).await.is(303);
    assert_eq!(visitor.get("/alpha").await.is(308).location(), "/beta");
    let draft = create(&editor, &[("slug", "alpha"), ("title", "Gamma")]).await;
    editor.post(&draft, &form("1", &[("slug", "alpha"), ("title", "Gamma two")])).await.is(303);
    assert_eq!(visitor.get("/alpha").await.is(308).location(), "/beta");
    let fields = form("2", &[("slug", "alpha"), ("title", "Gamma two"), ("do", "publish")]);
    editor.post(&draft, &fields).await.is(303);
    visitor.get("/alpha").await.is(200).says("Gamma two");
}

#[tokio::test]
async fn an_address_that_visitors_knew_leads_on_even_if_it_was_unpublished() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let edit = create(&editor, &[("slug", "q1"), ("do", "publish")]).await;
    editor.post(&format!("{edit}/unpublish"), &[]).await.is(303);
    visitor.get("/q1").await.is(404);
    editor.post(&edit, &form("1", &[("slug", "q2"), ("do", "publish")])).await.is(303);
    assert_eq!(visitor.get("/q1").await.is(308).location(), "/q2");
    editor.post(&format!("{edit}/unpublish"), &[]).await.is(303);
    editor.post(&format!("{edit}/delete"), &[]).await.is(303);
    visitor.get("/q2").await.is(410);
    visitor.get("/q1").await.is(410);
}
