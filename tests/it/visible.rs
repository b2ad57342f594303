//! What must not be empty needs something that can be seen, in every form.

use plinth::text::{clean, visible};

use crate::harness::TestApp;

/// What shows nothing on any screen.
const NOTHING: [&str; 6] = ["\u{200b}", "\u{2800}", "\u{3164}", "\u{feff}\u{202e}", "\u{a0} \u{301}", "\u{e000}"];

#[tokio::test]
async fn a_document_needs_a_title_and_an_answer_that_can_be_seen() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    for nothing in NOTHING {
        let page = [("title", nothing), ("slug", "nothing"), ("body", "Text"), ("base", "0")];
        editor.post("/admin/pages/new", &page).await.is(422).says("Enter a title");
        let question = [("title", nothing), ("slug", "nothing"), ("body", "Text"), ("category", "1"), ("base", "0")];
        editor.post("/admin/faq/new", &question).await.is(422).says("Enter a question");
        let answer = [("title", "Why?"), ("slug", "why"), ("body", nothing), ("category", "1"), ("base", "0")];
        editor.post("/admin/faq/new", &answer).await.is(422).says("Enter an answer");
        let category = [("title", nothing), ("slug", "nothing")];
        editor.post("/admin/faq/categories/new", &category).await.is(422).says("Enter a title");
    }
    for body in ["&#8203;", "[](/about)", "![\u{200b}](javascript:x)"] {
        let answer = [("title", "Why?"), ("slug", "why"), ("body", body), ("category", "1"), ("base", "0")];
        editor.post("/admin/faq/new", &answer).await.is(422).says("Enter an answer");
    }
}

#[tokio::test]
async fn what_may_be_empty_is_empty_when_it_shows_nothing() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let fields = [
        ("title", "Seen\u{200b}"),
        ("slug", "seen"),
        ("menu_label", "\u{200b}"),
        ("number", "\u{2800}"),
        ("summary", "\u{3164}"),
        ("owner", "\u{200b}"),
        ("note", "\u{200b}"),
        ("menu", "main"),
        ("layout", "article"),
        ("body", "Text"),
        ("base", "0"),
    ];
    editor.post("/admin/pages/new", &fields).await.is(303);
    let id = app.page_id("/seen").await;
    app.publish(id).await;
    let content = plinth::model::document::revision::latest(app.app.read(), id).await.unwrap().content;
    for value in [content.menu_label, content.clause_number, content.summary, content.owner, content.change_note] {
        assert_eq!(value, "");
    }
}

#[tokio::test]
async fn names_messages_and_notes_need_something_to_be_seen() {
    let app = TestApp::new().await;
    let (admin, visitor) = (app.admin().await, app.visitor());
    for nothing in NOTHING {
        let message =
            [("topic", "people"), ("name", nothing), ("email", "a@b.example"), ("body", nothing), ("consent", "yes")];
        visitor.post("/contact", &message).await.is(422).says("Enter your name").says("Enter your question");
        let user = [("name", nothing), ("email", "a@b.example"), ("role", "editor")];
        admin.post("/admin/users", &user).await.is(422).says("Enter a name");
        admin.post("/admin/account", &[("name", nothing)]).await.is(422).says("Enter a name");
        let settings =
            [("site_name", nothing), ("time_zone", "UTC"), ("retention_months", "24"), ("language", "en-GB")];
        admin.post("/admin/settings", &settings).await.is(422).says("Enter the name of the site");
    }
    let message =
        [("topic", "people"), ("name", "Ada"), ("email", "a@b.example"), ("body", "Text"), ("consent", "yes")];
    visitor.post("/contact", &message).await.is(303);
    for nothing in NOTHING {
        for (act, field) in [("note", "note"), ("save", "answer"), ("sent", "answer")] {
            let form = [("expected_version", "1"), ("do", act), (field, nothing)];
            admin.post("/admin/messages/1", &form).await.is(422);
        }
        assert!(!visible::has_any(nothing) && clean::lines(nothing).is_empty());
    }
}
