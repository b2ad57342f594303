//! Unpublishing, trashing and moving, decided on an outdated screen: nothing happens before the user has seen the
//! present state.

use plinth::model::document::revision;

use crate::{
    admin_republish::press,
    forms::hidden,
    harness::{Reply, TestApp, TestUser, save_content},
};

const COURSE: &str = "/training/foundation-course";

/// Sends the form of a screen, with what is typed.
async fn send(user: &TestUser, screen: &Reply, action: &str, typed: &[(&str, &str)]) -> Reply {
    let mut fields = hidden(screen, action);
    fields.retain(|(name, _)| name != "submission");
    let shown = fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    user.post(action, &shown.chain(typed.iter().copied()).collect::<Vec<_>>()).await
}

#[tokio::test]
async fn more_than_was_shown_is_never_taken_along() {
    for verb in ["unpublish", "delete"] {
        let app = TestApp::new().await;
        let (editor, other, visitor) =
            (app.editor().await, app.user(plinth::model::actor::Role::Editor, "Otto").await, app.visitor());
        let (id, course) = (app.page_id("/training").await, app.page_id(COURSE).await);
        other.post(&format!("/admin/pages/{course}/unpublish"), &[]).await.is(303);
        let action = format!("/admin/pages/{id}/{verb}");
        let screen = editor.get(&action).await.is(200).does_not_say("has changed since");
        app.publish(course).await;
        let asked = send(&editor, &screen, &action, &[]).await.is(409);
        let asked = asked.says("What is below it has changed since this screen was shown").says("Foundation Course");
        visitor.get(COURSE).await.is(200);
        visitor.get("/training").await.is(200);
        // Without the list of a screen, nothing below was shown at all.
        editor.post(&action, &[]).await.is(409);
        send(&editor, &asked, &action, &[]).await.is(303);
        visitor.get("/training").await.is(if verb == "delete" { 410 } else { 404 });
    }
}

#[tokio::test]
async fn a_draft_that_was_published_meanwhile_is_asked_about_once_more() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let course = app.page_id(COURSE).await;
    editor.post(&format!("/admin/pages/{course}/unpublish"), &[]).await.is(303);
    let action = format!("/admin/pages/{course}/delete");
    let screen = editor.get(&action).await.is(200).does_not_say("Visitors see");
    app.publish(course).await;
    let asked = send(&editor, &screen, &action, &[]).await.is(409).says("Visitors see it now");
    visitor.get(COURSE).await.is(200);
    send(&editor, &asked, &action, &[]).await.is(303);
    visitor.get(COURSE).await.is(410);

    let fields = [("title", "Why?"), ("slug", "why"), ("body", "Because."), ("category", "1"), ("do", "save")];
    let edit = editor.post("/admin/faq/new", &fields).await.is(303).location();
    let action = format!("{edit}/delete");
    let screen = editor.get(&action).await.is(200);
    app.publish(edit.rsplit('/').next().unwrap().parse().unwrap()).await;
    let asked = send(&editor, &screen, &action, &[]).await.is(409).says("was published since this screen was shown");
    visitor.get("/faq").await.says("id=\"why\"");
    send(&editor, &asked, &action, &[]).await.is(303);
    visitor.get("/faq").await.does_not_say("id=\"why\"");
}

#[tokio::test]
async fn another_version_that_was_published_meanwhile_is_asked_about_once_more() {
    for verb in ["unpublish", "delete"] {
        let app = TestApp::new().await;
        let (editor, visitor) = (app.editor().await, app.visitor());
        let id = app.page_id(COURSE).await;
        let action = format!("/admin/pages/{id}/{verb}");
        let screen = editor.get(&action).await.is(200);
        let write = app.app.write(plinth::model::actor::Actor::system("test")).await.unwrap();
        save_content(&write, id, |mut content| {
            content.body.push_str("\n\nBetter.");
            content
        })
        .await;
        write.commit().await.unwrap();
        app.publish(id).await;
        let asked =
            send(&editor, &screen, &action, &[]).await.is(409).says("Another version of it was published since");
        visitor.get(COURSE).await.is(200).says("Better.");
        send(&editor, &asked, &action, &[]).await.is(303);
        visitor.get(COURSE).await.is(if verb == "delete" { 410 } else { 404 });
    }
}

#[tokio::test]
async fn a_move_decided_on_an_old_place_shows_both_places() {
    let app = TestApp::new().await;
    let (editor, other, visitor) =
        (app.editor().await, app.user(plinth::model::actor::Role::Editor, "Otto").await, app.visitor());
    let course = app.page_id(COURSE).await;
    let action = format!("/admin/pages/{course}/move");
    let (screen, others) = (editor.get(&action).await.is(200), other.get(&action).await.is(200));
    send(&other, &others, &action, &[("parent", "/resources")]).await.is(303);
    let asked = send(&editor, &screen, &action, &[("parent", "/standards")]).await.is(409);
    let asked = asked.says("Otto moved this page while you were deciding").says("/resources/foundation-course");
    let asked = asked.says("value=\"/standards\"").says("data-guard=\"dirty\"");
    visitor.get("/resources/foundation-course").await.is(200);
    send(&editor, &asked, &action, &[("parent", "/standards")]).await.is(303);
    visitor.get("/standards/foundation-course").await.is(200);

    // An old "Undo" does not undo a later move.
    other.get("/admin").await.says(">Undo<");
    let moved = other.get(&action).await;
    let moved = send(&other, &moved, &action, &[("parent", "/training")]).await.is(303).location();
    let flash = other.get(&moved).await.says(">Undo<");
    editor.get("/admin").await.says(">Undo<");
    let again = editor.get(&action).await;
    send(&editor, &again, &action, &[("parent", "/resources")]).await.is(303);
    let refused = press(&other, &flash.text).await;
    assert!(refused.contains("has come to another place since."), "{refused}");
    visitor.get("/resources/foundation-course").await.is(200);
    assert_eq!(revision::latest(app.app.read(), course).await.unwrap().version, 1);
}
