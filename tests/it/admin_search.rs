//! Search in the admin area.

use crate::search::{page, portal, wait_for_index};

#[tokio::test]
async fn a_live_page_with_a_draft_is_one_result() {
    let app = portal().await;
    let id = page(&app, "Little quokkas", "Quokkas live on islands.", true).await;
    let editor = app.editor().await;
    let draft = [("base", "1"), ("title", "Little quokkas"), ("slug", "little-quokkas"), ("body", "Quokkas smile.")];
    editor.post(&format!("/admin/pages/{id}"), &draft).await.is(303);
    wait_for_index(&app).await;
    for q in ["quokkas", "smile", "islands"] {
        let found = editor.get(&format!("/admin/search?q={q}")).await.is(200).says("1 result for");
        assert_eq!(found.text.matches(&format!("/admin/pages/{id}\"")).count(), 1, "{q}");
        found.says("Unpublished changes</span>").says("Live</span>").does_not_say("Not published</span>");
    }
}
