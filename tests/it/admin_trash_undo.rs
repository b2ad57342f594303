//! "Undo" after something was moved to the trash: everything is as it was, or nothing happens.

use crate::{
    admin_republish::press,
    harness::{TestApp, TestUser},
};
use plinth::{
    clock::DAY,
    model::{
        audit_log::{self, AuditFilter, RecordedEntry},
        audit_log_check,
        document::record::Document,
        faq::location,
    },
};

const COURSE: &str = "/training/foundation-course";

/// The fields of a page, saved from version `base`.
fn page<'a>(base: &'a str, slug: &'a str, intent: &'a str) -> [(&'a str, &'a str); 7] {
    [
        ("base", base),
        ("title", "Foundation course"),
        ("slug", slug),
        ("body", "Another text."),
        ("menu", "main"),
        ("layout", "article"),
        ("do", intent),
    ]
}

async fn delete(user: &TestUser, id: i64) -> String {
    let to = user.confirm(&format!("/admin/pages/{id}/delete")).await.is(303).location();
    user.get(&to).await.says(">Undo<").text
}

/// Presses "Undo" in a window that was left open: no form that was sent before.
async fn undo(user: &TestUser, screen: &str) -> String {
    let value = |start: &str| screen.split(start).nth(1).unwrap().split('"').next().unwrap().to_owned();
    let action = format!("/admin/undo/{}", value("action=\"/admin/undo/"));
    user.post_and_follow(&action, &[("to", "/admin/trash")]).await.is(200).text
}

async fn is_live(app: &TestApp, id: i64) -> bool {
    Document::find(app.app.read(), id).await.unwrap().unwrap().is_live()
}

#[tokio::test]
async fn drafts_and_what_was_not_live_stay_as_they_were() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let (id, course) = (app.page_id("/training").await, app.page_id(COURSE).await);
    editor.post(&format!("/admin/pages/{course}"), &page("1", "course-one", "save")).await.is(303);
    let mut below = page("", "never-live", "save").to_vec();
    let under = id.to_string();
    below.push(("under", &under));
    editor.post("/admin/pages/new", &below).await.is(303);
    let never = app.page_id("/training/never-live").await;
    let before = Document::find(app.app.read(), course).await.unwrap().unwrap();

    let screen = delete(&editor, id).await;
    visitor.get(COURSE).await.is(410);
    let back = press(&editor, &screen).await;
    assert!(back.contains("“Training” and the 4 pages below it are back where they were."), "{back}");
    assert!(back.contains("Visitors see 4 of them again.") && !back.contains(">Undo<"), "{back}");
    visitor.get("/training").await.is(200);
    visitor.get(COURSE).await.is(200).does_not_say("Another text.");
    visitor.get("/training/course-one").await.is(404);
    let after = Document::find(app.app.read(), course).await.unwrap().unwrap();
    assert_eq!(
        (before.published_revision_id, before.latest_revision_id),
        (after.published_revision_id, after.latest_revision_id)
    );
    assert!(!is_live(&app, never).await);
    let screen = delete(&editor, never).await;
    let back = press(&editor, &screen).await;
    assert!(back.contains("is back where it was. Visitors do not see it."), "{back}");
}

#[tokio::test]
async fn what_was_unpublished_before_the_deletion_stays_unpublished() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let course = app.page_id(COURSE).await;
    editor.confirm(&format!("/admin/pages/{course}/unpublish")).await.is(303);
    let screen = delete(&editor, course).await;
    let back = press(&editor, &screen).await;
    assert!(back.contains("is back where it was. Visitors do not see it."), "{back}");
    assert!(!is_live(&app, course).await);
    visitor.get(COURSE).await.is(404);
}

#[tokio::test]
async fn a_question_keeps_its_slug_and_its_draft() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let fields = [("title", "Why?"), ("slug", "why"), ("body", "Because."), ("category", "1"), ("do", "publish")];
    let edit = editor.post("/admin/faq/new", &fields).await.is(303).location();
    let id: i64 = edit.rsplit('/').next().unwrap().parse().unwrap();
    let draft = [("base", "1"), fields[0], ("slug", "wherefore"), ("body", "Later."), fields[3], ("do", "save")];
    editor.post(&edit, &draft).await.is(303);
    let screen = editor.post_and_follow(&format!("{edit}/delete"), &[]).await.text;
    visitor.get("/faq").await.does_not_say("id=\"why\"");
    press(&editor, &screen).await;
    visitor.get("/faq").await.says("id=\"why\"").says("Because.").does_not_say("wherefore").does_not_say("Later.");
    assert_eq!(location::of(app.app.read(), id).await.unwrap().slug.as_deref(), Some("why"));
    let former_slugs: i64 = app.app.read().value("select count(*) from faq_former_slug", ()).await.unwrap();
    assert_eq!(former_slugs, 0);
    editor.get(&edit).await.says("Later.</textarea>").says("value=\"wherefore\"");
}

#[tokio::test]
async fn what_cannot_be_as_it_was_is_offered_to_be_restored() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let (id, course) = (app.page_id("/training").await, app.page_id(COURSE).await);
    // Its path is taken.
    let screen = delete(&editor, course).await;
    let mut other = page("", "foundation-course", "publish").to_vec();
    let under = id.to_string();
    other.push(("under", &under));
    editor.post("/admin/pages/new", &other).await.is(303);
    let refused = press(&editor, &screen).await;
    assert!(
        refused.contains(
            "Nothing was undone: its path is taken by the page “Foundation course”. Restoring “The Foundation Course”"
        ),
        "{refused}"
    );
    assert!(refused.contains("brings it back unpublished") && refused.contains(">Restore<"), "{refused}");
    assert!(Document::find(app.app.read(), course).await.unwrap().unwrap().trashed_at.is_some());
    let back = press(&editor, &refused).await;
    assert!(back.contains("/training/foundation-course-2 now instead of"), "{back}");
    assert!(!is_live(&app, course).await);
    visitor.get(COURSE).await.says("Another text.");

    // The page above is not published any more, then is in the trash itself.
    let live = app.page_id(COURSE).await;
    let screen = delete(&editor, live).await;
    editor.confirm(&format!("/admin/pages/{id}/unpublish")).await.is(303);
    let refused = undo(&editor, &screen).await;
    assert!(refused.contains("Nothing was undone: the page above it is not published."), "{refused}");
    delete(&editor, id).await;
    let refused = undo(&editor, &screen).await;
    assert!(refused.contains("Nothing was undone: the page above it is in the trash."), "{refused}");
    assert!(!is_live(&app, live).await);
}

#[tokio::test]
async fn an_old_button_undoes_no_later_deletion() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let course = app.page_id(COURSE).await;
    let screen = delete(&editor, course).await;
    editor.post(&format!("/admin/trash/{course}/restore"), &[]).await.is(303);
    let nothing = undo(&editor, &screen).await;
    assert!(nothing.contains("Nothing was undone: “The Foundation Course” was restored since."), "{nothing}");
    app.app.clock.advance(1000);
    delete(&editor, course).await;
    let refused = undo(&editor, &screen).await;
    assert!(refused.contains("Nothing was undone: it was restored and moved to the trash again"), "{refused}");
    visitor.get(COURSE).await.is(410);
    app.visitor().post("/admin/undo/1", &[]).await.is(401);
    editor.post_and_follow("/admin/undo/99999", &[]).await.says("was undone before, or is too long ago");
}

#[tokio::test]
async fn a_deleted_path_is_gone_and_an_unpublished_one_is_not_there() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let course = app.page_id(COURSE).await;
    let post = async |what: &str| editor.post(&format!("/admin/{what}"), &[]).await.is(303);
    visitor.get(COURSE).await.is(200);
    post(&format!("pages/{course}/unpublish")).await;
    visitor.get(COURSE).await.is(404);
    // Unpublished before or not, restored in between or not: visitors knew this path.
    for _ in 0..2 {
        post(&format!("pages/{course}/delete")).await;
        visitor.get(COURSE).await.is(410);
        post(&format!("trash/{course}/restore")).await;
        visitor.get(COURSE).await.is(404);
    }
    app.publish(course).await;
    visitor.get(COURSE).await.is(200);
    // A path from before a move is gone with the page, and leads to it again.
    editor.post(&format!("/admin/pages/{course}/move"), &[("parent", "/resources")]).await.is(303);
    let moved = "/resources/foundation-course";
    assert_eq!(visitor.get(COURSE).await.is(308).location(), moved);
    let screen = delete(&editor, course).await;
    for path in [COURSE, moved] {
        visitor.get(path).await.is(410);
    }
    press(&editor, &screen).await;
    assert_eq!(visitor.get(COURSE).await.is(308).location(), moved);
    // What visitors never saw leaves no trace.
    let mut never = page("", "never-live", "save");
    never[1] = ("title", "Never");
    editor.post("/admin/pages/new", &never).await.is(303);
    let never = app.page_id("/never-live").await;
    post(&format!("pages/{never}/delete")).await;
    visitor.get("/never-live").await.is(404);
}

/// The document control of a public page.
pub async fn control(app: &TestApp, path: &str) -> String {
    let text = app.visitor().get(path).await.is(200).text;
    text.split("<section class=\"control\"").nth(1).unwrap().split("</section>").next().unwrap().to_owned()
}

/// How many entries of this kind the audit log has.
pub async fn entries(app: &TestApp, action: &str) -> Vec<RecordedEntry> {
    let filter = AuditFilter { text: action.to_owned(), ..AuditFilter::default() };
    let mut found = audit_log::list(app.app.read(), &filter, 500).await.unwrap();
    found.retain(|entry| entry.action == action);
    found
}

/// Since when visitors see the published version again; none when they see it since it was published.
async fn restored_at(app: &TestApp, id: i64) -> Option<i64> {
    let sql = "select restored_at from publication where document_id = $1 and ended_at is null";
    app.app.read().value(sql, (id,)).await.unwrap()
}

#[tokio::test]
async fn who_published_what_and_when_is_as_before() {
    let app = TestApp::new().await;
    let (id, course) = (app.page_id("/training").await, app.page_id(COURSE).await);
    let admin = app.admin().await;
    admin.post(&format!("/admin/pages/{course}"), &page("1", "foundation-course", "publish")).await.is(303);
    let before = (control(&app, "/training").await, control(&app, COURSE).await);
    assert!(before.1.contains("Ada Admin"), "{}", before.1);
    let published = entries(&app, "page.publish").await.len();
    assert_eq!(restored_at(&app, course).await, None);
    for again in [false, true] {
        app.app.clock.advance(40 * DAY);
        let editor = app.editor().await;
        if again {
            let action = format!("/admin/pages/{id}/unpublish");
            let screen = editor.confirm(&action).await;
            press(&editor, &editor.get(&screen.location()).await.text).await;
        } else {
            let screen = editor.confirm(&format!("/admin/pages/{id}/delete")).await.is(303);
            press(&editor, &editor.get(&screen.location()).await.text).await;
        }
        assert_eq!((control(&app, "/training").await, control(&app, COURSE).await), before);
        assert!(restored_at(&app, course).await.is_some_and(|at| at > app.app.now().0 - DAY));
        assert_eq!(entries(&app, "page.publish").await.len(), published, "nobody published anything");
        let action = if again { "page.republish" } else { "page.restore_publication" };
        let restored = entries(&app, action).await;
        assert_eq!(restored.len(), 4);
        assert!(restored.iter().all(|entry| entry.actor_name == "Edith Editor"));
        assert!(restored.iter().any(|entry| entry.detail == "version 2, as published by Ada Admin"), "{restored:?}");
    }
    let report = audit_log_check::check(app.app.read(), None, |_| {}).await.unwrap();
    assert!(report.is_good(), "{:?}", report.sentences());
    // The editor's own screen names the one who published it, too.
    let editor = app.editor().await;
    editor.get(&format!("/admin/pages/{course}")).await.says("published 2 months ago by Ada Admin");
}
