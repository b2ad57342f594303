//! Filters of lists that users save under a name.

use crate::{forms::hidden, harness::TestApp, stale_forms::send_seen};

#[tokio::test]
async fn a_filter_is_saved_offered_replaced_and_removed() {
    let app = TestApp::new().await;
    let (editor, other) = (app.editor().await, app.editor().await);
    editor.get("/admin/pages").await.is(200).does_not_say("Save this filter").says("No views yet");
    let list = "/admin/pages?q=clause&owner=mine";
    editor.get(&format!("{list}&after=%2Fa&unknown=")).await.says("name=\"query\" value=\"q=clause&amp;owner=mine\"");
    let form = [("list", "/admin/pages"), ("query", "q=clause&owner=mine&after=%2Fa"), ("name", " My  clauses ")];
    let saved = editor.post_and_follow("/admin/views", &form).await.is(200).says("was saved. Only you see it.");
    saved.says("<a href=\"/admin/pages?q=clause&amp;owner=mine\" aria-current=\"true\" dir=\"auto\">My clauses</a>");
    editor.get("/admin/faq").await.does_not_say("My clauses");
    other.get("/admin/pages").await.does_not_say("My clauses");

    let opened = hidden(&editor.get("/admin/pages?q=part").await, "/admin/views");
    send_seen(&editor, "/admin/views", &opened, &[("name", "My clauses")]).await.is(303);
    editor.get("/admin/pages").await.says("href=\"/admin/pages?q=part\"").does_not_say("?q=clause&amp;");
    for (name, fault) in [("", "Enter a name"), (&*"n".repeat(61), "it has 61")] {
        let form = [("list", "/admin/pages"), ("query", "q=x"), ("name", name)];
        editor.post_and_follow("/admin/views", &form).await.says(fault);
    }
    let form = [("list", "/admin/settings"), ("query", "q=x"), ("name", "x")];
    editor.post("/admin/views", &form).await.is(400);
    let form = [("list", "https://elsewhere.example"), ("query", "q=x"), ("name", "x")];
    editor.post("/admin/views", &form).await.is(400);

    other.post("/admin/views/1/delete", &[]).await.is(404);
    editor.press("/admin/pages", "/admin/views/1/delete").await.is(303);
    editor.get("/admin/pages").await.says("was removed.").says("No views yet");
    let entries = crate::admin_messages::audit_log(&app, "view").await;
    assert!(entries.iter().all(|entry| !entry.contains("clauses")), "it is no content: {entries:?}");
}
