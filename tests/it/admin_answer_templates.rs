//! Answer templates: texts that are put into answers.

use crate::{
    admin_messages::{audit_log, expected_version, path},
    contact::{message, send},
    harness::{TestApp, TestUser},
};

const LIST: &str = "/admin/messages/templates";

async fn make(who: &TestUser, name: &str, body: &str) {
    who.post_and_follow(&format!("{LIST}/new"), &[("name", name), ("body", body)]).await.is(200).says("was created");
}

#[tokio::test]
async fn a_template_is_put_into_an_answer_without_a_script() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let message = message(&app, &send(&app, &[("name", "Zoë {reference}")]).await).await;
    let path = path(&message);
    editor.get(&path).await.is(200).does_not_say("value=\"insert\"");
    make(&editor, "Thanks", "Dear {name},\n\nthank you for {reference}. {other}").await;
    let filled = format!("Dear Zoë {{reference}},\n\nthank you for {}. {{other}}", message.reference);
    let screen = editor.get(&path).await.says("<option value=\"1\" data-text=\"Dear Zoë {reference}").says(">Thanks<");
    let version = expected_version(&screen);

    let insert = |template, answer| {
        [("expected_version", version.as_str()), ("do", "insert"), ("template", template), ("answer", answer)]
    };
    let reply = editor.post(&path, &insert("", "Half")).await.is(422).says("Choose an answer template");
    reply.says("Half</textarea>");
    let screen = editor.post_and_follow(&path, &insert("1", "")).await.is(200);
    let screen = screen.says(&format!("{filled}</textarea>")).says("Kept for you, but not saved: answer.");
    let screen = screen.says("is in your answer.").does_not_say("not sent yet");
    assert_eq!(expected_version(&screen), version, "nothing is saved yet");
    let screen = editor.post_and_follow(&path, &insert("1", "My own.")).await;
    screen.says(&format!("My own.\n\n{filled}</textarea>"));
    app.editor().await.get(&path).await.does_not_say("My own.");
    editor.post(&path, &insert("99", "x")).await.is(422).says("Choose an answer template");
}

#[tokio::test]
async fn templates_are_made_changed_and_deleted() {
    let app = TestApp::new().await;
    let (editor, other) = (app.editor().await, app.user(plinth::model::actor::Role::Editor, "Otto").await);
    editor.get(LIST).await.is(200).says("No answer templates yet");
    let refused = editor.post(&format!("{LIST}/new"), &[("name", " "), ("body", "\n")]).await.is(422);
    refused.says("Enter a name").says("Enter the text");
    let long = [("name", &*"n".repeat(101)), ("body", &*"b".repeat(10_001))];
    editor.post(&format!("{LIST}/new"), &long).await.is(422).says("it has 101").says("it has 10,001");
    make(&editor, "Thanks", "Thank you.").await;
    let taken = [("name", "Thanks"), ("body", "x")];
    editor.post(&format!("{LIST}/new"), &taken).await.is(422).says("Another answer template has this name");

    // Two users change it: what only one has changed is saved, what both have is asked.
    let at = format!("{LIST}/1");
    let base = [("was_name", "Thanks"), ("was_body", "Thank you.")];
    let form = |name, body| [[("name", name), ("body", body)], base].concat();
    other.post(&at, &form("Thanks", "Many thanks.")).await.is(303);
    editor.post(&at, &form("Gratitude", "Thank you.")).await.is(303);
    editor.get(&at).await.says("value=\"Gratitude\"").says("Many thanks.</textarea>");
    let clash = editor.post(&at, &form("Gratitude", "My thanks.")).await.is(409).says("Otto");
    clash.says("Many thanks.").says("My thanks.");
    editor.post_and_follow(&at, &form("Thanks", "Thank you.")).await.says("You changed nothing");

    editor.press(&at, &format!("{at}/delete")).await.is(303);
    editor.get("/admin/messages/templates").await.says("“Gratitude” was deleted.");
    editor.get(&at).await.is(404);
    editor.post(&at, &form("x", "y")).await.is(404);
    for (action, count) in [("answer_template.create", 1), ("answer_template.change", 2), ("answer_template.delete", 1)]
    {
        assert_eq!(audit_log(&app, action).await.len(), count, "{action}");
    }
}
