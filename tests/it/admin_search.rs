//! Search in the admin area, and in its lists.

use plinth::model::actor::Role;

use crate::{
    admin_drafts::{new_key, type_in},
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
async fn a_user_finds_their_own_drafts_and_nobody_elses() {
    let app = portal().await;
    let (ada, otto) = (app.editor().await, app.user(Role::Editor, "Otto").await);
    let id = page(&app, "Little quokkas", "Quokkas live on islands.", true).await;
    let edit = format!("/admin/pages/{id}");
    let draft = [("base", "1"), ("title", "Little quokkas"), ("body", "Numbats are Übermütig.")];
    type_in(&ada, &edit, ("a", 0, 1), &draft).await;
    let key = new_key(&ada, "/admin/faq/new").await;
    let draft = [("draft", key.as_str()), ("title", ""), ("body", "Do numbats smile?")];
    type_in(&ada, "/admin/faq/new", ("a", 0, 1), &draft).await;
    let found = ada.get("/admin/search?q=NUMBATS").await.is(200).says("What you typed and have not saved");
    let found = found.says(&format!("<a href=\"{edit}\"><bdi>Little quokkas</bdi></a>"));
    found
        .says(&format!("<a href=\"/admin/faq/new?draft={key}\"><bdi>Untitled</bdi></a>"))
        .says("Nothing else was found");
    ada.get("/admin/search?q=numbats+ubermutig").await.says(&edit).does_not_say(&key);
    for q in ["numbats+islands", "", "%20"] {
        ada.get(&format!("/admin/search?q={q}")).await.is(200).does_not_say("What you typed");
    }
    otto.get("/admin/search?q=numbats").await.is(200).says("Nothing was found").does_not_say("What you typed");
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
