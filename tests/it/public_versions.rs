//! The published versions of a page, and what changed between them, as visitors reach them.

use crate::harness::{TestApp, TestUser, save_content};

async fn publish_body(app: &TestApp, user: &TestUser, id: i64, body: &str) {
    save_body(app, user, id, body).await;
    app.publish(id).await;
}

async fn save_body(app: &TestApp, user: &TestUser, id: i64, body: &str) {
    let write = app.app.write(user.actor.clone()).await.unwrap();
    save_content(&write, id, |mut content| {
        body.clone_into(&mut content.body);
        content.change_note = format!("Note {}", body.len());
        content
    })
    .await;
    write.commit().await.unwrap();
}

#[tokio::test]
async fn visitors_read_published_versions_and_what_changed() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let id = app.page_id("/about").await;
    publish_body(&app, &editor, id, "Four levels.").await;
    save_body(&app, &editor, id, "A secret draft.").await;
    publish_body(&app, &editor, id, "Five levels.").await;
    save_body(&app, &editor, id, "Another draft.").await;

    let page = visitor.get("/about").await.is(200).says(&format!("/versions/P-{id}/4\""));
    page.says(&format!("/versions/P-{id}/4/since/2\"")).does_not_say(&format!("/versions/P-{id}/3\""));

    let list = visitor.get(&format!("/versions/P-{id}")).await.is(200).says("Note 12").says("(in force)");
    list.says("(test)</bdi>, ").says("noindex").does_not_say("secret");

    let old =
        visitor.get(&format!("/versions/P-{id}/2")).await.is(200).says("Four levels.").says("not in force any more");
    let old = old.says("noindex").says(&format!("/versions/P-{id}/2</a>")).says("href=\"/about\"");
    let old = old
        .says(&format!("rel=\"prev\" href=\"/versions/P-{id}/1\""))
        .says(&format!("rel=\"next\" href=\"/versions/P-{id}/4\""));
    old.does_not_say("Five levels.</p>");
    visitor.get(&format!("/versions/P-{id}/4")).await.is(200).says("Five levels.").says("in force");

    let changes = visitor.get(&format!("/versions/P-{id}/4/since/2")).await.is(200);
    let changes = changes.says("removed: </span>Four</del>").says("added: </span>Five</ins>").says("noindex");
    changes.does_not_say("secret").says(&format!("/versions/P-{id}/4/since/2</a>"));
}

#[tokio::test]
async fn what_was_never_public_or_is_not_any_more_has_no_address() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let id = app.page_id("/about").await;
    save_body(&app, &editor, id, "A secret draft.").await;
    publish_body(&app, &editor, id, "Public.").await;
    for path in ["2", "9", "0", "-1", "x", "3/since/2", "1/since/3", "3/since/3", "3/since/x", "99999999999999999999"] {
        visitor.get(&format!("/versions/P-{id}/{path}")).await.is(404);
    }
    for document in ["P-0", "P-999999", "P-01", "p-1", "1", "P-"] {
        visitor.get(&format!("/versions/{document}")).await.is(404);
        visitor.get(&format!("/versions/{document}/1")).await.is(404);
    }
    visitor.get(&format!("/versions/P-{id}/1")).await.is(200);

    editor.post(&format!("/admin/pages/{id}/unpublish"), &[]).await.is(303);
    visitor.get("/about").await.is(404);
    for path in ["", "/1", "/3/since/1"] {
        visitor.get(&format!("/versions/P-{id}{path}")).await.is(404);
    }
}

#[tokio::test]
async fn a_new_publication_is_listed_at_once() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let id = app.page_id("/about").await;
    let list = format!("/versions/P-{id}");
    visitor.get(&list).await.is(200).does_not_say("Version 2");
    publish_body(&app, &editor, id, "Rewritten.").await;
    visitor.get(&list).await.is(200).says("Version 2");
}
