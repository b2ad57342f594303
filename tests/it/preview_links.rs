//! Private links: one version for someone without an account, until it expires or is revoked.

use plinth::{app::background, model::preview_link};

use crate::harness::{Reply, TestApp, TestUser, save_content};

const DAY: i64 = 24 * 60 * 60 * 1000;

async fn save_body(app: &TestApp, user: &TestUser, id: i64, body: &str) {
    let write = app.app.write(user.actor.clone()).await.unwrap();
    save_content(&write, id, |mut content| {
        body.clone_into(&mut content.body);
        content
    })
    .await;
    write.commit().await.unwrap();
}

fn links(id: i64) -> String {
    format!("/admin/documents/{id}/preview-links")
}

/// The path of the link on a screen.
fn path(reply: &Reply) -> String {
    let at = reply.text.find("/preview/revision/").expect("a link");
    reply.text[at..].split('<').next().unwrap().to_owned()
}

async fn make(user: &TestUser, id: i64, version: &str, days: &str) -> Reply {
    user.post(&links(id), &[("version", version), ("days", days)]).await
}

#[tokio::test]
async fn a_link_shows_one_version_until_it_expires() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let id = app.page_id("/about").await;
    save_body(&app, &editor, id, "For your eyes.").await;
    let shown = make(&editor, id, "2", "7").await.is(200);
    let path = path(&shown);
    editor.get(&links(id)).await.is(200).says("Version 2").does_not_say("/preview/revision/");
    save_body(&app, &editor, id, "Not for your eyes.").await;
    let seen = visitor.get(&path).await.is(200).says("For your eyes.").says("noindex").says("private link");
    assert_eq!(seen.header("cache-control"), "no-store");
    seen.does_not_say("Not for your eyes.");
    visitor.get("/about").await.does_not_say("For your eyes.");
    app.app.clock.advance(7 * DAY - 1000);
    visitor.get(&path).await.is(200);
    app.app.clock.advance(2000);
    visitor.get(&path).await.is(404);
}

#[tokio::test]
async fn a_wrong_clock_neither_ends_a_link_nor_makes_it_last() {
    for week in [7 * DAY, -7 * DAY] {
        let app = TestApp::new().await;
        let (editor, visitor) = (app.editor().await, app.visitor());
        let id = app.page_id("/about").await;
        let path = path(&make(&editor, id, "1", "1").await);
        app.app.clock.jump(week);
        visitor.get(&path).await.is(200);
        background::tick(&app.app).await.unwrap();
        let other = self::path(&make(&editor, id, "1", "1").await);
        app.app.clock.jump(-week);
        visitor.get(&path).await.is(200);
        app.app.clock.advance(DAY + 1000);
        for path in [&path, &other] {
            visitor.get(path).await.is(404);
        }
        app.app.clock.jump(week);
        visitor.get(&path).await.is(404);
    }
}

#[tokio::test]
async fn a_revoked_link_and_one_to_the_trash_show_nothing() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let id = app.page_id("/about").await;
    let [first, second] =
        [make(&editor, id, "1", "1").await, make(&editor, id, "1", "30").await].map(|made| path(&made));
    let found = preview_link::list(app.app.read(), id, app.app.steady()).await.unwrap();
    let revoke = format!("{}/{}/revoke", links(id), found[0].id);
    editor.post_and_follow(&revoke, &[]).await.says("works no longer");
    editor.post_and_follow(&revoke, &[]).await.says("works no longer");
    visitor.get(&first).await.is(404);
    visitor.get(&second).await.is(200);
    editor.post(&format!("/admin/pages/{id}/delete"), &[]).await.is(303);
    visitor.get(&second).await.is(404);
    app.admin().await.get("/admin/audit-log").await.says("private link");
}

#[tokio::test]
async fn what_cannot_be_linked_to_is_refused() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let id = app.page_id("/about").await;
    make(&editor, id, "1", "99").await.is(422).says("Choose for how long");
    make(&editor, id, "9", "7").await.is(404);
    make(&editor, 999_999, "1", "7").await.is(404);
    for token in ["", "x", "%00", "../admin"] {
        app.visitor().get(&format!("/preview/revision/{token}")).await.is(404);
    }
}

const QUESTION: [(&str, &str); 4] =
    [("title", "May I ask early?"), ("slug", "ask-early"), ("body", "You **may**."), ("category", "1")];

#[tokio::test]
async fn a_link_to_a_question_shows_it_among_the_live_ones() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let edit = editor.post("/admin/faq/new", &QUESTION).await.is(303).location();
    let id: i64 = edit.rsplit('/').next().unwrap().parse().unwrap();
    editor.get(&edit).await.says(&links(id));
    let made = path(&make(&editor, id, "1", "7").await.is(200));
    let (page, part) = made.split_once('#').unwrap();
    assert_eq!(part, "ask-early");
    let seen = visitor.get(page).await.is(200).says("Version 1 of the question “May I ask early?”, shown to you by");
    let seen = seen.says("id=\"ask-early\" open>").says("You <strong>may</strong>.").says("Is ISO/IEC 20000 law?");
    assert_eq!((seen.header("cache-control"), seen.text.matches(" open>").count()), ("no-store", 1));
    visitor.get("/faq").await.is(200).does_not_say("ask-early").does_not_say(" open>");

    // What is live is shown in its place, with another slug and in another category.
    let live = [&QUESTION[..], &[("base", "1"), ("do", "publish")]].concat();
    editor.post(&edit, &live).await.is(303);
    let moved = [("title", "May I ask late?"), ("slug", "ask-late"), ("body", "No."), ("category", "2"), ("base", "1")];
    editor.post(&edit, &moved).await.is(303);
    let late = path(&make(&editor, id, "2", "7").await.is(200));
    let seen = visitor.get(late.split('#').next().unwrap()).await.is(200).does_not_say("May I ask early?");
    let second = seen.text.find("id=\"category-").and_then(|first| seen.text[first + 1..].find("<section"));
    assert!(seen.text.find("id=\"ask-late\" open>") > second, "it is in the second category");
    visitor.get(page).await.is(200).says("May I ask early?").does_not_say("May I ask late?");
    visitor.get("/faq").await.is(200).says("May I ask early?").does_not_say("May I ask late?");

    // Without a page for the questions it is shown all the same, and in the trash it is not.
    let faq = app.page_id("/faq").await;
    editor.post(&format!("/admin/pages/{faq}/delete"), &[]).await.is(303);
    visitor.get(page).await.is(200).says("You <strong>may</strong>.");
    editor.post(&format!("{edit}/delete"), &[]).await.is(303);
    visitor.get(page).await.is(404);
}
