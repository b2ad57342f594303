//! Comments on documents: on a passage or the whole, answered, resolved, and for those whom they mention. Never for visitors.

use plinth::model::actor::Role;

use crate::harness::{Reply, TestApp, TestUser, save_content};

const WAITING: &str = "comment that mentions you";

fn path(id: i64) -> String {
    format!("/admin/documents/{id}/comments")
}

/// Comments, and follows; gives the screen and the id of the comment.
async fn comment(user: &TestUser, id: i64, fields: &[(&str, &str)]) -> (Reply, String) {
    let to = user.post(&path(id), fields).await.is(303).location();
    let thread = to.rsplit('-').next().unwrap().to_owned();
    (user.get(to.split('#').next().unwrap()).await.is(200), thread)
}

#[tokio::test]
async fn a_passage_is_discussed_and_resolved() {
    let app = TestApp::new().await;
    let (editor, other) = (app.user(Role::Editor, "Clara <Critic>").await, app.user(Role::Editor, "Ben").await);
    let id = app.page_id("/about").await;
    let edit = format!("/admin/pages/{id}");
    editor.get(&edit).await.is(200).says("0 open comments");
    let write = app.app.write(editor.actor.clone()).await.unwrap();
    save_content(&write, id, |content| content.with("body", "Read **this** passage\nwell.")).await;
    write.commit().await.unwrap();
    let quoting = editor.get(&format!("{}?quote=this+passage+well", path(id))).await.is(200);
    quoting.says("this passage well</textarea>");
    let fields = [("quote", "this passage well"), ("comment", "Is it <right>?")];
    let (screen, thread) = comment(&editor, id, &fields).await;
    let screen = screen.says("Is it &lt;right&gt;?").says("this passage well</blockquote>");
    screen.says("Clara &lt;Critic&gt;").does_not_say("The text has changed").says("Your comment is saved.");
    editor.get(&edit).await.says(">1 open comment</a>");
    other.get(&format!("{}?reply_to={thread}", path(id))).await.is(200).says("To <bdi>Clara &lt;Critic&gt;</bdi>:");
    let (screen, same) = comment(&other, id, &[("reply_to", &thread), ("comment", "It is.")]).await;
    assert_eq!(same, thread);
    screen.says("It is.").says("Resolve");
    let write = app.app.write(editor.actor.clone()).await.unwrap();
    save_content(&write, id, |content| content.with("body", "Another text.")).await;
    write.commit().await.unwrap();
    editor.get(&path(id)).await.says("this passage well</blockquote>").says("The text has changed");

    other.press(&path(id), &format!("{}/{thread}/resolve", path(id))).await.is(303);
    let screen = other.get(&path(id)).await.says("No comment is open").says("Resolved (1)").says("Open again");
    screen.says("Resolved by <bdi>Ben</bdi>");
    other.post(&format!("{}/{thread}/resolve", path(id)), &[]).await.is(303);
    other.get(&path(id)).await.says("This is resolved already.");
    editor.get(&edit).await.says("0 open comments");
    editor.press(&path(id), &format!("{}/{thread}/reopen", path(id))).await.is(303);
    editor.get(&edit).await.says(">1 open comment</a>");
    app.visitor().get("/about").await.is(200).does_not_say("right&gt;");
    let log = app.admin().await.get("/admin/audit-log").await.is(200).says("commented on the page");
    log.says("resolved a comment on the page").does_not_say("Is it &lt;");
}

#[tokio::test]
async fn who_is_mentioned_is_told_until_they_answer_or_it_is_resolved() {
    let app = TestApp::new().await;
    let (editor, ben, cy) = (
        app.user(Role::Editor, "Edith").await,
        app.user(Role::Editor, "Ben Bo").await,
        app.user(Role::Editor, "Cy").await,
    );
    let id = app.page_id("/about").await;
    let chosen = cy.actor.id.unwrap().to_string();
    let (_, thread) =
        comment(&editor, id, &[("comment", "@ben bo, is this right? I, @Edith, doubt it."), ("mention", &chosen)])
            .await;
    for user in [&ben, &cy] {
        let told =
            user.get("/admin").await.is(200).says(&format!("<a href=\"/admin/comments\"><strong>1</strong> {WAITING}"));
        told.does_not_say("comments that mention you");
        user.get("/admin/comments")
            .await
            .is(200)
            .says("is this right?")
            .says(&format!("{}#_comment-{thread}", path(id)));
    }
    editor.get("/admin").await.does_not_say(WAITING);
    editor.get("/admin/comments").await.says("No comment waits for you");
    editor.get("/admin/comments?show=open").await.says("is this right?");
    comment(&ben, id, &[("reply_to", &thread), ("comment", "It is.")]).await;
    ben.get("/admin").await.does_not_say(WAITING);
    cy.get("/admin").await.says(WAITING);
    comment(&editor, id, &[("reply_to", &thread), ("comment", "@Ben Bo thank you, but where from?")]).await;
    ben.get("/admin").await.says(WAITING);
    editor.press(&path(id), &format!("{}/{thread}/resolve", path(id))).await.is(303);
    for user in [&ben, &cy] {
        user.get("/admin").await.does_not_say(WAITING);
    }
    editor.get("/admin/comments?show=open").await.says("No comment is open");
    // A reply opens it again.
    comment(&cy, id, &[("reply_to", &thread), ("comment", "From me.")]).await;
    ben.get("/admin").await.says(WAITING);
    cy.get("/admin").await.does_not_say(WAITING);
    editor.post(&format!("/admin/pages/{id}/delete"), &[]).await.is(303);
    ben.get("/admin").await.does_not_say(WAITING);
}

#[tokio::test]
async fn what_is_empty_too_long_or_answers_nothing_is_refused_and_kept() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let id = app.page_id("/about").await;
    let long = "é".repeat(5001);
    let screen = editor.post(&path(id), &[("comment", " "), ("quote", "Kept <passage>")]).await.is(422);
    screen.says("href=\"#field-comment\"").says("Kept &lt;passage&gt;");
    let screen = editor.post(&path(id), &[("comment", &*long), ("quote", &long[..2010])]).await.is(422);
    screen.says("Shorten the comment to 5,000").says("Shorten the passage to 1,000");
    let elsewhere = app.page_id("/privacy").await;
    let (_, thread) = comment(&editor, elsewhere, &[("comment", "Elsewhere.")]).await;
    for wrong in [thread.as_str(), "999", "x"] {
        editor.post(&path(id), &[("reply_to", wrong), ("comment", "Kept.")]).await.is(404).says("Kept.");
    }
    editor.post(&format!("{}/{thread}/resolve", path(id)), &[]).await.is(404);
    editor.get(&format!("{}?reply_to={thread}", path(id))).await.is(200).says("New comment");
    let comments: i64 = app.app.read().value("select count(*) from comment", ()).await.unwrap();
    assert_eq!(comments, 1);
}
