//! Search in the admin area, and in its lists.

use plinth::model::actor::Role;

use crate::{
    contact,
    harness::TestApp,
    search::{page, portal, wait_for_index},
};

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

#[tokio::test]
async fn all_of_a_search_counts_or_it_says_what_does() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let long = "x".repeat(120);
    app.user(Role::Editor, &long).await;
    contact::send(&app, &[("body", &"y".repeat(300))]).await;
    let found = async |list: &str, q: String| admin.get(&format!("/admin/{list}?q={q}")).await.is(200);
    found("users", long.clone()).await.says("Users found");
    found("users", format!("{}z", &long[..119])).await.does_not_say("Users found");
    found("messages", "y".repeat(200)).await.says("Zoë Öztürk").does_not_say("Only the first");
    let cut = found("messages", format!("{}z", "y".repeat(200))).await;
    cut.says("Zoë Öztürk").says("Only the first 200 characters were looked for.").says("yz\"");
    for list in ["pages", "faq", "users", "audit-log", "messages", "search"] {
        found(list, "x".repeat(55_000)).await;
        found(list, "%25".repeat(18_000)).await;
    }
}
