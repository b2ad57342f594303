//! What did nothing is not called done: the screen says how things were before.

use crate::harness::TestApp;

#[tokio::test]
async fn a_change_to_what_is_so_already_says_that_nothing_was_changed() {
    let app = TestApp::new().await;
    let (admin, editor) = (app.admin().await, app.editor().await);
    let user = format!("/admin/users/{}", editor.actor.id.unwrap());
    let (role, out, back) = (format!("{user}/role"), format!("{user}/deactivate"), format!("{user}/reactivate"));
    let end = format!("{user}/sessions/end");
    for (action, fields, says) in [
        (&role, &[("role", "editor")][..], "before. Nothing was changed."),
        (&back, &[], "was active before. Nothing was changed."),
        (&end, &[], "were ended."),
        (&end, &[], "has no session, so none was ended."),
        (&out, &[], "is deactivated."),
        (&out, &[], "was deactivated before. Nothing was changed."),
    ] {
        admin.post_and_follow(action, fields).await.is(200).says(says);
    }
    let log = admin.get("/admin/audit-log").await.is(200);
    assert_eq!(log.text.matches("deactivated").count(), 1, "{}", log.text);

    admin.post_and_follow("/admin/account/sessions/end", &[]).await.says("You have no other session");
    let name = admin.actor.name.clone();
    let same = [("name", name.as_str()), ("was_name", name.as_str())];
    admin.post_and_follow("/admin/account", &same).await.says("You changed nothing, so nothing was saved.");
}

#[tokio::test]
async fn what_is_put_where_it_is_was_not_moved() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let id = app.page_id("/training").await;
    let place = format!("/admin/pages/{id}/position");
    editor.post_and_follow(&place, &[("index", "1")]).await.is(200);
    let again = editor.post_and_follow(&place, &[("index", "1")]).await;
    again.says("was in that place before. Nothing was moved.").does_not_say("has moved");
    let course = app.page_id("/training/foundation-course").await;
    let moved = format!("/admin/pages/{course}/move");
    editor.post(&moved, &[("parent", "/training")]).await.is(422).says("The page is there already");
    editor.post_and_follow(&moved, &[("parent", "/resources")]).await.says("is now at");
}
