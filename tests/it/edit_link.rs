//! What a public page offers to an editor who looks at it.

use crate::harness::{TestApp, save_content};

#[tokio::test]
async fn a_page_leads_an_editor_to_its_form_and_to_publishing() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let id = app.page_id("/about").await;
    let link = "/admin/edit-link?path=/about";
    let found = editor.get(link).await.is(200).says(&format!("\"edit\":\"/admin/pages/{id}\""));
    found.says("\"publish\":\"\"");
    let write = app.app.write(editor.actor.clone()).await.unwrap();
    save_content(&write, id, |mut content| {
        content.body = "Newer.".to_owned();
        content
    })
    .await;
    write.commit().await.unwrap();
    let found = editor.get(link).await.is(200).says("\"version\":2");
    found.says(&format!("\"publish\":\"/admin/documents/{id}/publication\""));
    editor.get("/admin/edit-link?path=/nowhere").await.is(404);
    editor.get("/admin/edit-link").await.is(404);
    visitor.get(link).await.is(303);
    visitor.get("/about").await.is(200).does_not_say("Edit this page");
}
