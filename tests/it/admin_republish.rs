//! Unpublishing and trashing a branch, and restoring it as it was in one step.

use plinth::{
    clock::DAY,
    model::{document::record::Document, publishing},
};

use crate::harness::{Reply, TestApp, TestUser, publish_version};

const COURSE: &str = "/training/foundation-course";

fn course<'a>(base: &'a str, body: &'a str) -> [(&'a str, &'a str); 7] {
    [
        ("base", base),
        ("title", "Foundation course"),
        ("slug", "foundation-course"),
        ("body", body),
        ("menu", "main"),
        ("layout", "article"),
        ("do", "save"),
    ]
}

/// Presses the button of the notice.
pub async fn press(user: &TestUser, text: &str) -> String {
    let form = text.split("class=\"flash").nth(1).unwrap().split("</form>").next().unwrap();
    let value = |rest: &str| rest.split('"').next().unwrap().to_owned();
    let action = value(form.split("action=\"").nth(1).expect("a button in the notice"));
    let names = form.split("type=\"hidden\" name=\"").skip(1);
    let fields: Vec<(String, String)> =
        names.map(|rest| (value(rest), value(rest.split("value=\"").nth(1).unwrap()))).collect();
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    user.post_and_follow(&action, &fields).await.is(200).text
}

#[tokio::test]
async fn a_branch_is_published_again_as_it_was() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let (id, child) = (app.page_id("/training").await, app.page_id(COURSE).await);
    // What was never live, or was unpublished by itself, stays so; what was saved since is not published with it.
    let alone = publishing::live_below(app.app.read(), "/training").await.unwrap().pop().unwrap().document.id;
    editor.post(&format!("/admin/pages/{alone}/unpublish"), &[]).await.is(303);
    editor.post(&format!("/admin/pages/{child}"), &course("1", "Not agreed yet.")).await.is(303);
    let history = visitor.get(COURSE).await.text.matches("<strong>Version ").count();

    let unpublish = format!("/admin/pages/{id}/unpublish");
    editor
        .get(&unpublish)
        .await
        .says("The 2 published pages below it are unpublished with it")
        .says("Unpublish 3 pages");
    let to = editor.confirm(&unpublish).await.is(303).location();
    let screen = editor.get(&to).await.says("Unpublished “Training” and the 2 pages below it");
    let screen = screen.says("Publish version 1 again with the 2 pages that were live").text;
    visitor.get("/training").await.is(404);
    visitor.get(COURSE).await.is(404);
    editor.get(&format!("/admin/pages/{id}")).await.says("Publish version 1 again with the 2 pages that were live");

    let back = press(&editor, &screen).await;
    assert!(back.contains("Visitors see “Training” and the 2 pages below it again"), "{back}");
    visitor.get("/training").await.is(200);
    let page = visitor.get(COURSE).await.is(200).does_not_say("Not agreed yet.");
    assert_eq!(page.text.matches("<strong>Version ").count(), history, "nothing changed, so the history says nothing");
    assert!(!Document::find(app.app.read(), alone).await.unwrap().unwrap().is_live());
    // Pressed twice, it leads to the same place.
    let again = editor.post_and_follow(&format!("/admin/documents/{id}/republish"), &[]).await.is(200);
    again.says("Visitors see “Training”");
    editor.get(&format!("/admin/pages/{id}")).await.does_not_say("/republish\"");
}

#[tokio::test]
async fn the_pages_below_are_offered_however_often_their_section_was_published_since() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let id = app.page_id("/training").await;
    editor.confirm(&format!("/admin/pages/{id}/unpublish")).await.is(303);
    let mut screen = String::new();
    for version in ["1", "2"] {
        let body = format!("Written after version {version}.");
        let mut fields = course(version, &body);
        (fields[1].1, fields[2].1, fields[6].1) = ("Training", "training", "publish");
        let to = editor.post(&format!("/admin/pages/{id}"), &fields).await.is(303).location();
        screen = editor.get(&to).await.says("Publish the 3 pages below that were live").text;
    }
    visitor.get(COURSE).await.is(404);
    press(&editor, &screen).await;
    visitor.get(COURSE).await.is(200);
    visitor.get("/training").await.is(200).says("Written after version 2.");
    editor.get(&format!("/admin/pages/{id}")).await.does_not_say("below that were live");
}

#[tokio::test]
async fn what_was_published_last_comes_back_whatever_the_clock_said() {
    for ahead in [2 * DAY, -2 * DAY] {
        let app = TestApp::new().await;
        let (editor, visitor) = (app.editor().await, app.visitor());
        let (id, child) = (app.page_id("/training").await, app.page_id(COURSE).await);
        let publish = async |base: &str, body: &str| {
            let mut fields = course(base, body);
            fields[6] = ("do", "publish");
            editor.post(&format!("/admin/pages/{child}"), &fields).await.is(303);
        };
        app.app.clock.jump(ahead);
        publish("1", "Published under a wrong clock.").await;
        app.app.clock.jump(-ahead);
        publish("2", "Published last.").await;
        let to = editor.confirm(&format!("/admin/pages/{id}/unpublish")).await.is(303).location();
        let screen = editor.get(&to).await.says("Publish version 1 again with the 3 pages that were live").text;
        visitor.get(COURSE).await.is(404);
        press(&editor, &screen).await;
        visitor.get(COURSE).await.is(200).says("Published last.");
        let to = editor.confirm(&format!("/admin/pages/{child}/delete")).await.is(303).location();
        let back = press(&editor, &editor.get(&to).await.text).await;
        assert!(back.contains("Visitors see it again"), "{back}");
        visitor.get(COURSE).await.is(200).says("Published last.");
    }
}

#[tokio::test]
async fn all_of_it_comes_back_or_nothing() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let (id, child) = (app.page_id("/training").await, app.page_id(COURSE).await);
    editor.confirm(&format!("/admin/pages/{id}/unpublish")).await.is(303);
    let opened = editor.get(&format!("/admin/pages/{id}")).await.is(200);
    // Its path changes while it is not public, and another page takes it.
    let mut moved = course("1", "x");
    moved[2] = ("slug", "course-one");
    editor.post(&format!("/admin/pages/{child}"), &moved).await.is(303);
    let under = id.to_string();
    let mut other = course("", "Other").to_vec();
    other.push(("under", &under));
    editor.post("/admin/pages/new", &other).await.is(303);
    // From a screen that was opened before.
    let action = |id: i64| format!("/admin/documents/{id}/republish");
    let screen = editor.post_and_follow(&action(id), &decided(&opened)).await;
    screen.says("Nothing was published").says("belongs to the page");
    visitor.get("/training").await.is(404);
    // Without the page above it cannot come back alone.
    let screen = editor.post_and_follow(&action(child), &[("revision", &format!("{child}.1"))]).await;
    screen.says("Nothing was published").says("Publish the page above first");
}

#[tokio::test]
async fn what_cannot_be_published_again_is_not_offered_but_explained() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let (id, child) = (app.page_id("/training").await, app.page_id(COURSE).await);
    let (edit, edit_child) = (format!("/admin/pages/{id}"), format!("/admin/pages/{child}"));
    editor.confirm(&format!("{edit}/unpublish")).await.is(303);
    editor.get(&edit).await.says("Publish version 1 again with the 3 pages that were live");
    // The page above is not published.
    let screen = editor.get(&edit_child).await.is(200).does_not_say("/republish\"");
    screen.says("Version 1 cannot be published again as it was. Publish the page above first: “Training”.");
    // Another page has the path of one below.
    let mut moved = course("1", "x");
    moved[2] = ("slug", "course-one");
    editor.post(&edit_child, &moved).await.is(303);
    let under = id.to_string();
    let mut other = course("", "Other").to_vec();
    (other[1].1, other[6].1) = ("Newcomer", "save");
    other.push(("under", &under));
    let newcomer = editor.post("/admin/pages/new", &other).await.is(303).location();
    let screen = editor.get(&edit).await.is(200).does_not_say("/republish\"");
    let reason = "The path /training/foundation-course belongs to the page “Newcomer”";
    screen.says(&format!("What was live cannot be published again as it was. {reason}"));
    // After one of the ways that the sentence names, it is offered again.
    let mut other = course("1", "Other");
    (other[1].1, other[2].1) = ("Newcomer", "newcomer");
    editor.post(&newcomer, &other).await.is(303);
    republish(&editor, id).await.says("Visitors see “Training” and the 3 pages below it again");
}

#[tokio::test]
async fn a_notice_offers_nothing_that_must_fail() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let (id, child) = (app.page_id("/training").await, app.page_id(COURSE).await);
    editor.post(&format!("/admin/pages/{child}/delete"), &[]).await.is(303);
    let under = id.to_string();
    let mut other = course("", "Other").to_vec();
    (other[1].1, other[6].1) = ("Newcomer", "publish");
    other.push(("under", &under));
    editor.post("/admin/pages/new", &other).await.is(303);
    let screen = editor.post_and_follow(&format!("/admin/trash/{child}/restore"), &[]).await.is(200);
    let screen = screen.says("Its path is /training/foundation-course-2 now").does_not_say("/republish\"");
    let screen = screen.says("Version 1 cannot be published again as it was.");
    screen.says("belongs to the page “Newcomer”");
    // So with questions.
    let fields = [("title", "Why?"), ("slug", "why"), ("body", "Because."), ("category", "1"), ("do", "publish")];
    let edit = editor.post("/admin/faq/new", &fields).await.is(303).location();
    editor.post(&format!("{edit}/delete"), &[]).await.is(303);
    let mut other = fields;
    other[0].1 = "Why not?";
    editor.post("/admin/faq/new", &other).await.is(303);
    let question = edit.rsplit('/').next().unwrap();
    let screen = editor.post_and_follow(&format!("/admin/trash/{question}/restore"), &[]).await.is(200);
    let screen = screen.does_not_say("/republish\"").says("Version 1 cannot be published again as it was.");
    screen.says("The slug why belongs to “Why not?”");
}

/// Presses the button of the edit screen of a page.
async fn republish(user: &TestUser, id: i64) -> Reply {
    let action = format!("/admin/documents/{id}/republish");
    let screen = user.get(&format!("/admin/pages/{id}")).await.is(200);
    user.post_and_follow(&action, &decided(&screen)).await
}

/// The versions that the button names.
fn decided(screen: &Reply) -> Vec<(&str, &str)> {
    let values = screen.text.split("form=\"_document\" name=\"revision\" value=\"").skip(1);
    values.map(|rest| ("revision", rest.split('"').next().unwrap())).collect()
}

#[tokio::test]
async fn what_was_typed_beside_the_button_is_still_there() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let id = app.page_id(COURSE).await;
    let (edit, action) = (format!("/admin/pages/{id}"), format!("/admin/documents/{id}/republish"));
    editor.confirm(&format!("{edit}/unpublish")).await.is(303);
    let screen = editor.get(&edit).await.is(200).says("data-guard>").says(&format!("formaction=\"{action}\""));
    // The second time comes too late, and changes nothing.
    for body in ["Half a thought.", "Another thought."] {
        let typed = course("1", body);
        let reply = editor.post(&action, &[&typed[..6], &decided(&screen)].concat()).await.is(200);
        reply.says(body).says("data-guard=\"dirty\"").says("Visitors see “").does_not_say(&action);
        visitor.get(COURSE).await.is(200).does_not_say(body);
    }
}

#[tokio::test]
async fn what_was_replaced_is_not_offered_as_what_was_live() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let (id, child) = (app.page_id("/training").await, app.page_id(COURSE).await);
    editor.post(&format!("/admin/pages/{child}"), &course("1", "The second text.")).await.is(303);
    let mut training = course("1", "The second text.");
    (training[1], training[2]) = (("title", "Training"), ("slug", "training"));
    editor.post(&format!("/admin/pages/{id}"), &training).await.is(303);
    // Both get a new version at the same time, as from an import; then only the child is unpublished.
    let write = app.app.write(editor.actor.clone()).await.unwrap();
    publish_version(&write, id, 2).await.unwrap();
    publish_version(&write, child, 2).await.unwrap();
    write.commit().await.unwrap();
    visitor.get(COURSE).await.says("The second text.");
    editor.post(&format!("/admin/pages/{child}/unpublish"), &[]).await.is(303);
    let screen = editor.get(&format!("/admin/pages/{id}")).await.is(200);
    screen.does_not_say(&format!("/admin/documents/{id}/republish\""));
    // Nor does the page above bring it back.
    editor.confirm(&format!("/admin/pages/{id}/unpublish")).await.is(303);
    republish(&editor, id).await.says("Visitors see “Training”");
    visitor.get("/training").await.is(200);
    visitor.get(COURSE).await.is(404);
    editor.get(&format!("/admin/pages/{child}")).await.says("Publish version 2 again");
    republish(&editor, child).await;
    visitor.get(COURSE).await.says("The second text.");
}

#[tokio::test]
async fn what_the_user_did_not_see_is_not_published_again() {
    let app = TestApp::new().await;
    let (editor, other, visitor) = (app.editor().await, app.editor().await, app.visitor());
    let (id, child) = (app.page_id("/training").await, app.page_id(COURSE).await);
    let unpublish = format!("/admin/pages/{id}/unpublish");
    editor.confirm(&unpublish).await.is(303);
    let action = format!("/admin/documents/{id}/republish");
    let opened = editor.get(&format!("/admin/pages/{id}")).await.is(200);
    let seen = decided(&opened);
    republish(&other, id).await.says("Visitors see “Training”");
    let mut changed = course("1", "Not agreed yet.");
    changed[6] = ("do", "publish");
    other.post(&format!("/admin/pages/{child}"), &changed).await.is(303);
    visitor.get(COURSE).await.says("Not agreed yet.");
    other.confirm(&unpublish).await.is(303);
    editor.post(&action, &seen).await.is(409).says("Nothing was published").says("has changed since");
    editor.post(&action, &[]).await.is(409);
    visitor.get("/training").await.is(404);
    republish(&editor, id).await;
    visitor.get(COURSE).await.is(200);
}

#[tokio::test]
async fn a_branch_comes_back_from_the_trash_as_it_was() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let id = app.page_id("/training").await;
    let delete = format!("/admin/pages/{id}/delete");
    editor
        .get(&delete)
        .await
        .says("with all 3 pages below it")
        .says("Visitors see 4 of these pages")
        .says("Move 4 pages");
    let to = editor.confirm(&delete).await.is(303).location();
    let screen = editor.get(&to).await.says("Moved “Training” and the 3 pages below it to the trash");
    editor.post_and_follow(&delete, &[]).await.is(200).says("was in the trash before. Nothing was moved");
    visitor.get(COURSE).await.is(410);
    // Undo brings back what was, in one step; restoring from the list asks to publish it again.
    let back = press(&editor, &screen.text).await;
    assert!(back.contains("“Training” and the 3 pages below it are back where they were."), "{back}");
    assert!(back.contains("Visitors see them again."), "{back}");
    visitor.get(COURSE).await.is(200);
    editor.confirm(&delete).await.is(303);
    let back = editor.post_and_follow(&format!("/admin/trash/{id}/restore"), &[]).await;
    let back = back.says("“Training” and the 3 pages below it are back. Visitors do not see them until").text;
    visitor.get(COURSE).await.is(404);
    press(&editor, &back).await;
    visitor.get("/training").await.is(200);
    visitor.get(COURSE).await.is(200);
}

#[tokio::test]
async fn what_comes_back_elsewhere_says_so() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let (id, child) = (app.page_id("/training").await, app.page_id(COURSE).await);
    editor.post(&format!("/admin/pages/{child}/delete"), &[]).await.is(303);
    editor.confirm(&format!("/admin/pages/{id}/delete")).await.is(303);
    editor.post("/admin/pages/new", &course("", "Other")).await.is(303);
    let screen = editor.post_and_follow(&format!("/admin/trash/{child}/restore"), &[]).await.is(200);
    screen.says("Its path is /foundation-course-2 now instead of /training/foundation-course");
    // Once more, because the first answer was lost.
    let again = editor.post(&format!("/admin/trash/{child}/restore"), &[]).await.is(303);
    assert_eq!(again.location(), format!("/admin/pages/{child}"));
    app.page_id("/foundation-course-2").await;
}

#[tokio::test]
async fn a_question_is_published_again_as_it_was() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let fields = [("title", "Why?"), ("slug", "why"), ("body", "Because."), ("category", "1"), ("do", "publish")];
    let edit = editor.post("/admin/faq/new", &fields).await.is(303).location();
    let screen = editor.post_and_follow(&format!("{edit}/unpublish"), &[]).await.says("Publish version 1 again");
    visitor.get("/faq").await.does_not_say("id=\"why\"");
    press(&editor, &screen.text).await;
    visitor.get("/faq").await.says("id=\"why\"");
    let id: i64 = edit.rsplit('/').next().unwrap().parse().unwrap();
    let screen = editor.post_and_follow(&format!("{edit}/delete"), &[]).await.says("Moved “Why?” to the trash");
    editor
        .post_and_follow(&format!("{edit}/delete"), &[])
        .await
        .is(200)
        .says("was in the trash before. Nothing was moved");
    let back = press(&editor, &screen.text).await;
    assert!(back.contains("“Why?” is back where it was. Visitors see it again."), "{back}");
    visitor.get("/faq").await.says("id=\"why\"");
    assert_eq!(publishing::publications(app.app.read(), id, 9).await.unwrap().len(), 3);
    let never = editor.post("/admin/faq/new", &[fields[0], ("slug", "never"), fields[2], fields[3]]).await.location();
    let never: i64 = never.rsplit('/').next().unwrap().parse().unwrap();
    let nothing = editor.post_and_follow(&format!("/admin/documents/{never}/republish"), &[]).await;
    nothing.says("There is nothing to publish again");
    app.publish(never).await;
}
