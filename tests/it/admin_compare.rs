//! Any two versions of a document compared, and one change of it brought back.

use plinth::model::{document::revision, faq::item};

use crate::harness::{TestApp, TestUser, save_content};

async fn save_body(app: &TestApp, user: &TestUser, id: i64, body: &str) {
    let write = app.app.write(user.actor.clone()).await.unwrap();
    save_content(&write, id, |mut content| {
        body.clone_into(&mut content.body);
        content
    })
    .await;
    write.commit().await.unwrap();
}

fn compare(id: i64) -> String {
    format!("/admin/documents/{id}/compare")
}

#[tokio::test]
async fn any_two_versions_are_compared_as_readers_see_them() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let id = app.page_id("/about").await;
    save_body(&app, &editor, id, "Four levels of <b>trust</b>.\n\nThe [scheme](/scheme).\n").await;
    save_body(&app, &editor, id, "Five levels of <b>trust</b>.\n\nThe [scheme](/certification).\n").await;
    save_body(&app, &editor, id, "Something else.\n").await;

    let list = editor.get(&format!("/admin/documents/{id}/revisions")).await.is(200);
    list.says("Compare the two that are chosen").says(&format!("action=\"{}\"", compare(id)));
    let page = editor.get(&format!("{}?old=2&new=3", compare(id))).await.is(200);
    let page =
        page.says("removed: </span>Four</del>").says("added: </span>Five</ins>").says("&lt;b&gt;trust&lt;/b&gt;");
    let page = page.says("A link or the markup differs").says("added: </span>certification</ins>");
    // Only what the newest version changed can be undone.
    page.does_not_say("Undo change");
    editor.get(&compare(id)).await.is(200).says("value=\"3\"").says("value=\"4\"").says("Undo change 1");
    // The wrong way round is a comparison too.
    editor.get(&format!("{}?old=3&new=2", compare(id))).await.is(200).says("added: </span>Four</ins>");
    editor.get(&format!("{}?old=2&new=2", compare(id))).await.is(200).says("Both versions say the same");
    for query in ["old=2&new=9", "old=0&new=1", "old=-1"] {
        editor.get(&format!("{}?{query}", compare(id))).await.is(404);
    }
    editor.get(&compare(999_999)).await.is(404);
}

#[tokio::test]
async fn one_change_alone_is_brought_back() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let id = app.page_id("/about").await;
    save_body(&app, &editor, id, "# A\n\nOne.\n\nTwo.\n\nThree.\n").await;
    save_body(&app, &editor, id, "# A\n\nONE.\n\nTwo.\n\nDREI.\n").await;
    let undo = format!("/admin/documents/{id}/revisions/2/restore-change");
    let form = |base, change| [("base", base), ("field", "body"), ("change", change)];

    let live = app.visitor().get("/about").await.is(200);
    live.does_not_say("DREI");
    editor.post(&undo, &form("3", "2")).await.is(303);
    let now = revision::latest(app.app.read(), id).await.unwrap();
    assert_eq!((now.version, now.content.body.as_str()), (4, "# A\n\nONE.\n\nTwo.\n\nThree."));
    assert_eq!(now.content.change_note, "Brings back a part of version 2");
    app.visitor().get("/about").await.does_not_say("ONE.");

    // Someone has saved since: the numbers of changes may be others.
    editor.post_and_follow(&undo, &form("3", "1")).await.says("in the meantime");
    for (base, change) in [("4", "2"), ("4", "0"), ("4", "x")] {
        editor.post(&undo, &form(base, change)).await.is(404);
    }
    editor.post(&undo, &[("base", "4"), ("field", "title"), ("change", "1")]).await.is(404);
    assert_eq!(revision::latest(app.app.read(), id).await.unwrap().version, 4);
    editor.post_and_follow(&undo, &form("4", "1")).await.says("A part of version 2 is back, and saved as version 5");
}

#[tokio::test]
async fn a_change_that_would_make_the_text_too_long_is_not_brought_back() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let id = app.page_id("/about").await;
    let long = "word ".repeat(50_000);
    save_body(&app, &editor, id, &format!("{long}\n\nOne.\n")).await;
    save_body(&app, &editor, id, &format!("One.\n\n{}\n", "other ".repeat(50_000))).await;
    let undo = format!("/admin/documents/{id}/revisions/2/restore-change");
    editor.post(&undo, &[("base", "3"), ("field", "body"), ("change", "1")]).await;
    assert_eq!(revision::latest(app.app.read(), id).await.unwrap().version, 3);
}

#[tokio::test]
async fn questions_are_compared_too() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let id = item::list(app.app.read(), "law").await.unwrap()[0].id;
    save_body(&app, &editor, id, "A new answer.").await;
    editor.get(&compare(id)).await.is(200).says("A new answer.").says("Undo change 1");
}
