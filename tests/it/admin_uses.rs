//! What links to a document or goes by a redirect is listed, and visitors of a page that is taken away can be led to another.

use crate::harness::{TestApp, TestUser};

const NEW: &str = "/admin/pages/new";

/// Publishes a page; gives its id.
async fn publish(editor: &TestUser, to: &str, fields: &[(&str, &str)]) -> String {
    let fields = [&[("menu", "hidden"), ("layout", "article"), ("do", "publish")], fields].concat();
    editor.post(to, &fields).await.is(303).location().rsplit('/').next().unwrap().to_owned()
}

#[tokio::test]
async fn everything_that_links_to_a_document_is_listed() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let id = publish(&editor, NEW, &[("title", "Fees"), ("slug", "fees"), ("body", "[own](/fees)")]).await;
    let uses = format!("/admin/documents/{id}/uses");
    editor.get(&uses).await.is(200).says("No text links here").does_not_say("Old paths");
    publish(&editor, NEW, &[("title", "Live"), ("slug", "live"), ("body", "[x](/fees#part)")]).await;
    editor.post(NEW, &[("title", "Draft"), ("slug", "draft"), ("body", "[x](fees)")]).await.is(303);
    let changed = publish(&editor, NEW, &[("title", "Changed"), ("slug", "changed"), ("body", "[x](/fees)")]).await;
    let without = [("base", "1"), ("title", "Changed"), ("slug", "changed"), ("body", "x")];
    editor.post(&format!("/admin/pages/{changed}"), &without).await.is(303);
    let trashed = publish(&editor, NEW, &[("title", "Trashed"), ("slug", "trashed"), ("body", "[x](/fees)")]).await;
    editor.post(&format!("/admin/pages/{trashed}/delete"), &[]).await.is(303);
    let moved = [("base", "1"), ("title", "Fees"), ("slug", "prices"), ("body", "x")];
    publish(&editor, &format!("/admin/pages/{id}"), &moved).await;
    let late = [("title", "Late"), ("slug", "late"), ("body", "[x](/fees) [y](/prices)")];
    let late = publish(&editor, NEW, &late).await;

    let screen = editor.get(&uses).await.says(">Live</a>").says(">Draft</a>").says(">Late</a>").says(">Changed</a>");
    let screen = screen.says("version 1, which visitors see").says("version 1, not published");
    screen.does_not_say("Trashed").says("Old paths that lead here").says(">/fees</a>");
    editor.get(&format!("/admin/pages/{id}")).await.says(&format!("href=\"{uses}\">What links here</a>"));
    // The redirect is followed by those alone that were written after the move.
    let redirect: i64 = app.app.read().value("select id from redirect where path = $1", ("/fees",)).await.unwrap();
    let screen =
        editor.get(&format!("/admin/redirects/{redirect}")).await.is(200).says("Links in texts that go this way");
    screen.says(&format!("/admin/pages/{late}\" dir=\"auto\">Late</a>")).does_not_say(">Live</a>");

    let question = [("title", "Why?"), ("slug", "why"), ("body", "x"), ("category", "1"), ("do", "publish")];
    let why = editor.post("/admin/faq/new", &question).await.is(303).location();
    publish(&editor, NEW, &[("title", "Asks"), ("slug", "asks"), ("body", "[x](/faq#why) [y](/faq)")]).await;
    let why = why.rsplit('/').next().unwrap();
    editor.get(&format!("/admin/documents/{why}/uses")).await.says(">Asks</a>").does_not_say(">Live</a>");
    editor.get("/admin/documents/999999/uses").await.is(404);
}

#[tokio::test]
async fn a_link_that_goes_by_a_redirect_for_a_whole_section_is_known() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let section = publish(&editor, NEW, &[("title", "Section"), ("slug", "section"), ("body", "x")]).await;
    let fees = [("title", "Fees"), ("slug", "fees"), ("body", "x"), ("under", &*section)];
    let id = publish(&editor, NEW, &fees).await;
    editor.post("/admin/redirects", &[("from", "/old/*"), ("target", "/section")]).await.is(303);
    editor.get("/admin/report/orphans").await.says(">Fees<");
    publish(&editor, NEW, &[("title", "Linking"), ("slug", "linking"), ("body", "[x](/old/fees)")]).await;
    app.visitor().get("/old/fees").await.is(308);
    editor.get(&format!("/admin/documents/{id}/uses")).await.says(">Linking</a>");
    for verb in ["unpublish", "delete"] {
        editor.get(&format!("/admin/pages/{id}/{verb}")).await.says(">Linking</a> (page)");
        editor.get(&format!("/admin/pages/{section}/{verb}")).await.says(">Linking</a> (page)");
    }
    editor.get("/admin/report/orphans").await.does_not_say(">Fees<");
}

#[tokio::test]
async fn visitors_of_a_page_that_goes_can_be_led_to_another() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    for verb in ["unpublish", "delete"] {
        let old = publish(&editor, NEW, &[("title", "Old"), ("slug", "older"), ("body", "x")]).await;
        let moved = [("base", "1"), ("title", "Old"), ("slug", "old"), ("body", "x")];
        publish(&editor, &format!("/admin/pages/{old}"), &moved).await;
        let action = format!("/admin/pages/{old}/{verb}");
        editor.get(&action).await.is(200).says("Lead visitors to another page");
        let refused = editor.post(&action, &[("target", "/nowhere-at-all")]).await.is(422);
        refused.says("There is no page at /nowhere-at-all").says("value=\"/nowhere-at-all\"");
        visitor.get("/old").await.is(200);
        editor.post(&action, &[("target", "/old")]).await.is(422).says("would lead to itself");
        let done = editor.post_and_follow(&action, &[("target", "/about")]).await;
        done.says("Its path leads to /about now.");
        assert_eq!(visitor.get("/old").await.is(308).location(), "/about");
        editor.get("/admin/redirects").await.says("/old").says("by hand");
        if verb == "unpublish" {
            // So do the paths that it had before, and it can come back.
            assert_eq!(visitor.get("/older").await.is(308).location(), "/about");
            app.publish(old.parse().unwrap()).await;
            visitor.get("/old").await.is(200).says("Old");
            assert_eq!(visitor.get("/older").await.is(308).location(), "/old");
            editor.post(&format!("/admin/pages/{old}/delete"), &[("live", "yes")]).await.is(303);
            visitor.get("/old").await.is(410);
        }
    }
    let question = [("title", "Why?"), ("slug", "why"), ("body", "x"), ("category", "1"), ("do", "publish")];
    let edit = editor.post("/admin/faq/new", &question).await.is(303).location();
    editor.get(&format!("{edit}/unpublish")).await.is(200).does_not_say("Lead visitors");
}
